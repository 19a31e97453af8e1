// SPDX-License-Identifier: Apache-2.0
// A parsed JSON document: its nodes in document order in one array, its strings in one buffer.
//
// Unlike a DOM of maps it keeps the order of members, shows members given twice, keeps apart what
// JSON keeps apart (1 and 1.0), and costs two allocations. RapidJSON's SAX parser reads the one
// copy of the text and resolves escapes in place.
// A tree does not change after Parse, so threads may read it together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::protocol {

enum class JsonKind : std::uint8_t {
  kNull,
  kFalse,
  kTrue,
  kInteger,  // no fraction and no exponent in the text
  kDecimal,
  kString,
  kArray,
  kObject,
};

class JsonTree;

// A node of a JsonTree: a cheap view, valid while the tree lives and is not moved.
class JsonNode {
 public:
  [[nodiscard]] JsonKind kind() const;
  // The member's name if the node is a member of an object; else empty.
  [[nodiscard]] std::string_view key() const;
  // The unescaped text of a string; the source text of a decimal; else empty.
  [[nodiscard]] std::string_view text() const;
  // The value of a kInteger or kDecimal, saturated at 64 bits, without its fraction; else 0.
  [[nodiscard]] std::int64_t integer() const;
  // The value of a kInteger or kDecimal, for timestamps; else 0.
  [[nodiscard]] double decimal() const;
  // Number of direct children of an array or object.
  [[nodiscard]] std::uint32_t size() const;

  class Iterator;
  // The children of an array or object, in document order.
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

  // The last member with that name in an object, which is the one that the service takes; nullopt
  // if the object has no such member, or if its value is null.
  [[nodiscard]] std::optional<JsonNode> Find(std::string_view key) const;

 private:
  friend class JsonTree;
  JsonNode(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const JsonTree* tree_;
  std::uint32_t index_;
};

class JsonTree {
 public:
  // Arrays and objects deeper than this are refused, so that no walk over a tree can run out of
  // stack. AWS reads attribute values of 2,000 levels, each of which is two levels of JSON, and
  // answers with the faults in them.
  static constexpr std::uint32_t kMaxDepth = 4100;
  // Longer documents are refused: the size of a key has 28 bits. The server's limit is far below.
  static constexpr std::size_t kMaxBytes = (std::size_t{1} << 28) - 1;

  // nullopt when `text` is not one JSON value in valid UTF-8, is longer than kMaxBytes, nests
  // deeper than kMaxDepth, has half a surrogate pair as an escape, or holds a number that no double
  // can approximate (1e999). A byte order mark at the start is ignored. Time and memory are linear
  // in the size of `text`.
  static std::optional<JsonTree> Parse(std::string_view text);

  [[nodiscard]] JsonNode root() const { return {this, 0}; }

 private:
  friend class JsonNode;
  friend class JsonTreeBuilder;
  // 16 bytes, because a hostile body of the largest size has a node for every two bytes.
  struct Node {
    std::uint32_t key_position = 0;
    std::uint32_t key_size : 28 = 0;
    std::uint32_t kind : 4 = 0;
    // Strings and decimals: position and size of the text. Integers: the low and high half of the
    // value. Arrays and objects: the number of children, and the index after the last descendant.
    std::uint32_t first = 0;
    std::uint32_t second = 0;
  };

  std::vector<Node> nodes_;
  std::unique_ptr<char[]> strings_;  // never longer than the source, so it never moves
};

class JsonNode::Iterator {
 public:
  Iterator(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  JsonNode operator*() const { return {tree_, index_}; }
  Iterator& operator++();
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  const JsonTree* tree_;
  std::uint32_t index_;
};

inline JsonKind JsonNode::kind() const {
  return static_cast<JsonKind>(tree_->nodes_[index_].kind);
}

inline std::string_view JsonNode::key() const {
  const JsonTree::Node& node = tree_->nodes_[index_];
  return {tree_->strings_.get() + node.key_position, node.key_size};
}

inline std::uint32_t JsonNode::size() const {
  return kind() >= JsonKind::kArray ? tree_->nodes_[index_].first : 0;
}

inline JsonNode::Iterator JsonNode::begin() const {
  return {tree_, index_ + 1};
}

inline JsonNode::Iterator JsonNode::end() const {
  return {tree_, kind() >= JsonKind::kArray ? tree_->nodes_[index_].second : index_ + 1};
}

inline JsonNode::Iterator& JsonNode::Iterator::operator++() {
  const JsonTree::Node& node = tree_->nodes_[index_];
  index_ = static_cast<JsonKind>(node.kind) >= JsonKind::kArray ? node.second : index_ + 1;
  return *this;
}

}  // namespace weir::protocol
