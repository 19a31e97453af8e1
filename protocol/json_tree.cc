// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace weir::protocol {
namespace {

// The value of a JSON number as an integer: fractions dropped, saturated at 64 bits.
std::int64_t Truncate(double value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (value >= kLimit) {
    return std::numeric_limits<std::int64_t>::max();
  }
  if (value < -kLimit) {
    return std::numeric_limits<std::int64_t>::min();
  }
  return static_cast<std::int64_t>(value);
}

double ToDouble(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

// Receives the parser's events. Each handler returns whether to go on.
class JsonTreeBuilder {
 public:
  explicit JsonTreeBuilder(std::string_view source)
      : strings_(std::make_unique_for_overwrite<char[]>(source.size() + 1)) {
    // About what requests need: a member of an item costs two nodes and rarely fewer than 32 bytes.
    tree_.nodes_.reserve(source.size() / 16 + 4);
  }

  bool null() { return AddScalar(JsonKind::kNull); }
  bool boolean(bool value) { return AddScalar(value ? JsonKind::kTrue : JsonKind::kFalse); }

  bool number_integer(std::int64_t value) { return AddInteger(value); }
  bool number_unsigned(std::uint64_t value) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return AddInteger(static_cast<std::int64_t>(std::min(value, kMax)));
  }
  bool number_float(double value, const std::string& text) {
    // The parser also reports integers of more than 64 bits here.
    if (text.find_first_of(".eE") == std::string::npos) {
      return AddInteger(Truncate(value));
    }
    return AddText(JsonKind::kDecimal, text);
  }

  bool string(const std::string& text) { return AddText(JsonKind::kString, text); }
  bool binary(const std::vector<std::uint8_t>& /*value*/) { return false; }  // not in JSON text

  bool key(const std::string& name) {
    key_position_ = Store(name);
    key_size_ = static_cast<std::uint32_t>(name.size());
    return true;
  }

  bool start_object(std::size_t /*size*/) { return Open(JsonKind::kObject); }
  bool start_array(std::size_t /*size*/) { return Open(JsonKind::kArray); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  static bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                          const nlohmann::json::exception& /*error*/) {
    return false;
  }

  JsonTree Take() && {
    tree_.strings_ = std::move(strings_);
    return std::move(tree_);
  }

 private:
  std::uint32_t Store(const std::string& text) {
    const std::size_t position = strings_size_;
    std::memcpy(strings_.get() + position, text.data(), text.size());
    strings_size_ += text.size();
    return static_cast<std::uint32_t>(position);
  }

  JsonTree::Node& Add(JsonKind kind) {
    if (depth_ > 0) {
      ++tree_.nodes_[open_[depth_ - 1]].first;
    }
    JsonTree::Node node;
    node.kind = static_cast<std::uint32_t>(kind) & 0xF;
    node.key_position = key_position_;
    node.key_size = key_size_ & JsonTree::kMaxBytes;
    key_size_ = 0;
    return tree_.nodes_.emplace_back(node);
  }

  bool AddScalar(JsonKind kind) {
    Add(kind);
    return true;
  }

  bool AddInteger(std::int64_t value) {
    JsonTree::Node& node = Add(JsonKind::kInteger);
    const auto bits = static_cast<std::uint64_t>(value);
    node.first = static_cast<std::uint32_t>(bits);
    node.second = static_cast<std::uint32_t>(bits >> 32);
    return true;
  }

  bool AddText(JsonKind kind, const std::string& text) {
    const std::uint32_t position = Store(text);
    JsonTree::Node& node = Add(kind);
    node.first = position;
    node.second = static_cast<std::uint32_t>(text.size());
    return true;
  }

  bool Open(JsonKind kind) {
    if (depth_ == JsonTree::kMaxDepth) {
      return false;
    }
    const auto index = static_cast<std::uint32_t>(tree_.nodes_.size());
    Add(kind);
    open_[depth_++] = index;
    return true;
  }

  bool Close() {
    tree_.nodes_[open_[--depth_]].second = static_cast<std::uint32_t>(tree_.nodes_.size());
    return true;
  }

  JsonTree tree_;
  std::unique_ptr<char[]> strings_;
  std::size_t strings_size_ = 0;
  std::uint32_t key_position_ = 0;
  std::uint32_t key_size_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t open_[JsonTree::kMaxDepth] = {};  // indexes of the arrays and objects still open
};

std::optional<JsonTree> JsonTree::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return std::nullopt;
  }
  JsonTreeBuilder builder(text);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder)) {
    return std::nullopt;
  }
  return std::move(builder).Take();
}

std::string_view JsonNode::text() const {
  const JsonTree::Node& node = tree_->nodes_[index_];
  if (kind() != JsonKind::kString && kind() != JsonKind::kDecimal) {
    return {};
  }
  return {tree_->strings_.get() + node.first, node.second};
}

std::int64_t JsonNode::integer() const {
  if (kind() == JsonKind::kDecimal) {
    return Truncate(ToDouble(text()));
  }
  if (kind() != JsonKind::kInteger) {
    return 0;
  }
  const JsonTree::Node& node = tree_->nodes_[index_];
  const std::uint64_t high = node.second;
  return static_cast<std::int64_t>(high << 32 | node.first);
}

double JsonNode::decimal() const {
  return kind() == JsonKind::kDecimal ? ToDouble(text()) : static_cast<double>(integer());
}

std::optional<JsonNode> JsonNode::Find(std::string_view key) const {
  std::optional<JsonNode> found;
  if (kind() != JsonKind::kObject) {
    return found;
  }
  for (const JsonNode child : *this) {
    if (child.key() == key) {
      found = child;
    }
  }
  if (found && found->kind() == JsonKind::kNull) {
    found.reset();
  }
  return found;
}

}  // namespace weir::protocol
