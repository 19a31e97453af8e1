// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_tree.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <utility>

#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif
#include <rapidjson/reader.h>

#include "core/uninitialized.h"

namespace weir::protocol {
namespace {

// The value of a JSON number as an integer: without its fraction, saturated at 64 bits.
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

// Infinite if the number is too large for a double, and zero or nearly if it is too small.
double ToDouble(std::string_view text) {
  return std::strtod(std::string(text).c_str(), nullptr);
}

bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<signed char>(c) < 0; });
}

// Whether UTF-8 text holds half a surrogate pair, which only an escape can put there.
bool HasSurrogate(std::string_view text) {
  for (std::size_t i = text.find('\xED'); i != std::string_view::npos;
       i = text.find('\xED', i + 1)) {
    if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0) {
      return true;
    }
  }
  return false;
}

// How many bytes RapidJSON may read beyond the end of a text, since it reads whole vectors.
constexpr std::size_t kPadding = 32;

// RapidJSON's allocator, which throws when there is no memory. With its default one, RapidJSON
// would write to a null pointer.
class Memory {
 public:
  void* Malloc(std::size_t size) { return size == 0 ? nullptr : Checked(std::malloc(size)); }
  void* Realloc(void* block, std::size_t /*old_size*/, std::size_t size) {
    if (size == 0) {
      Free(block);
      return nullptr;
    }
    return Checked(std::realloc(block, size));
  }
  static void Free(void* block) noexcept { std::free(block); }  // NOLINT: of malloc, above

 private:
  static void* Checked(void* block) {
    if (block == nullptr) {
      throw std::bad_alloc();
    }
    return block;
  }
};

}  // namespace

// Receives the parser's events. Each handler returns whether to go on. Texts lie in the buffer that
// is being parsed, with their escapes resolved in place.
class JsonTreeBuilder {
 public:
  explicit JsonTreeBuilder(std::string_view source)
      : strings_(UninitializedBytes(source.size() + kPadding)) {
    std::memcpy(strings_.get(), source.data(), source.size());
    std::memset(strings_.get() + source.size(), 0, kPadding);
    // About what requests need: a member of an item costs two nodes and rarely fewer than 32 bytes.
    tree_.nodes_.reserve(source.size() / 16 + 4);
  }

  template <unsigned kFlags>
  bool Parse() {
    rapidjson::InsituStringStream stream(strings_.get());
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, Memory> reader;
    return !reader.Parse<kFlags>(stream, *this).IsError();
  }

  bool Null() { return AddScalar(JsonKind::kNull); }
  bool Bool(bool value) { return AddScalar(value ? JsonKind::kTrue : JsonKind::kFalse); }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return IsWhole({text, size}) && AddText(JsonKind::kString, {text, size});
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return AddNumber({text, size});
  }
  // Not called, since RapidJSON passes numbers as text.
  static bool Int(int /*value*/) { return false; }
  static bool Uint(unsigned /*value*/) { return false; }
  static bool Int64(std::int64_t /*value*/) { return false; }
  static bool Uint64(std::uint64_t /*value*/) { return false; }
  static bool Double(double /*value*/) { return false; }

  bool Key(const char* name, rapidjson::SizeType size, bool /*copy*/) {
    key_position_ = PositionOf(name);
    key_size_ = size;
    return IsWhole({name, size});
  }
  bool StartObject() { return Open(JsonKind::kObject); }
  bool StartArray() { return Open(JsonKind::kArray); }
  bool EndObject(rapidjson::SizeType /*size*/) { return Close(); }
  bool EndArray(rapidjson::SizeType /*size*/) { return Close(); }

  // Has texts with half a surrogate pair refused.
  void LookForSurrogates() { look_for_surrogates_ = true; }

  JsonTree Take() && {
    tree_.strings_ = std::move(strings_);
    return std::move(tree_);
  }

 private:
  [[nodiscard]] std::uint32_t PositionOf(const char* text) const {
    return static_cast<std::uint32_t>(text - strings_.get());
  }
  [[nodiscard]] bool IsWhole(std::string_view text) const {
    return !look_for_surrogates_ || !HasSurrogate(text);
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

  bool AddNumber(std::string_view text) {
    const bool decimal = text.find_first_of(".eE") != std::string_view::npos;
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if ((decimal || parsed.ec != std::errc()) && std::isinf(ToDouble(text))) {
      return false;
    }
    if (decimal) {
      return AddText(JsonKind::kDecimal, text);
    }
    const auto bits =
        static_cast<std::uint64_t>(parsed.ec == std::errc() ? value : Truncate(ToDouble(text)));
    JsonTree::Node& node = Add(JsonKind::kInteger);
    node.first = static_cast<std::uint32_t>(bits);
    node.second = static_cast<std::uint32_t>(bits >> 32);
    return true;
  }

  bool AddText(JsonKind kind, std::string_view text) {
    JsonTree::Node& node = Add(kind);
    node.first = PositionOf(text.data());
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
  bool look_for_surrogates_ = false;
  std::uint32_t key_position_ = 0;
  std::uint32_t key_size_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t open_[JsonTree::kMaxDepth];  // indexes of the arrays and objects still open
};

std::optional<JsonTree> JsonTree::Parse(std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  // RapidJSON would take a null byte as the end of the text.
  if (text.size() > kMaxBytes || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  JsonTreeBuilder builder(text);
  if (text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos) {
    builder.LookForSurrogates();
  }
  const bool parsed = IsAscii(text)
                          ? builder.Parse<kFlags>()
                          : builder.Parse<kFlags | rapidjson::kParseValidateEncodingFlag>();
  return parsed ? std::optional(std::move(builder).Take()) : std::nullopt;
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
