// SPDX-License-Identifier: Apache-2.0
#include "storage/ordered_tree.h"

#include <atomic>
#include <cstdint>
#include <string>

#include "storage/key_list.h"

namespace weir::storage {
namespace {

constexpr std::size_t kMaxEntries = 64;
// A node that shrinks below this is joined with a neighbour, and both are halved again if together
// they have more than kMergedEntries.
constexpr std::size_t kMinEntries = 16;
constexpr std::size_t kMergedEntries = 48;

std::ptrdiff_t Offset(std::size_t index) {
  return static_cast<std::ptrdiff_t>(index);
}

}  // namespace

// A leaf has a key for each item. An inner node has children and between each two of them a key:
// all keys below children[i] are less than keys[i], those below children[i + 1] are not.
struct OrderedTree::Node {
  std::atomic<std::uint32_t> references{1};
  KeyList keys;
  std::vector<Item> items;
  std::vector<NodeRef> children;

  [[nodiscard]] bool leaf() const { return children.empty(); }
  [[nodiscard]] std::size_t entries() const { return leaf() ? items.size() : children.size(); }
};

OrderedTree::NodeRef::NodeRef(const NodeRef& other) : node_(other.node_) {
  if (node_ != nullptr) {
    node_->references.fetch_add(1, std::memory_order_relaxed);
  }
}

OrderedTree::NodeRef::~NodeRef() {
  if (node_ != nullptr && node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete node_;
  }
}

OrderedTree::Node& OrderedTree::NodeRef::Own() {
  if (node_->references.load(std::memory_order_acquire) != 1) {
    auto copy = std::make_unique<Node>();
    copy->keys = node_->keys;
    copy->items = node_->items;
    copy->children = node_->children;
    *this = NodeRef(copy.release());
  }
  return *node_;
}

Item OrderedTree::Find(std::string_view key) const {
  const Node* node = root_.get();
  if (node == nullptr) {
    return {};
  }
  while (!node->leaf()) {
    node = node->children[node->keys.UpperBound(key)].get();
  }
  const std::size_t index = node->keys.LowerBound(key);
  return index < node->keys.size() && node->keys[index] == key ? node->items[index] : Item();
}

Item OrderedTree::Put(std::string_view key, Item item) {
  if (!root_) {
    root_ = NodeRef(new Node);
  }
  Item before = PutInto(root_, key, std::move(item));
  if (!before) {
    ++size_;
  }
  if (root_->entries() > kMaxEntries) {
    auto parent = std::make_unique<Node>();
    parent->children.push_back(std::move(root_));
    root_ = NodeRef(parent.release());
    SplitChild(*root_.get(), 0);
  }
  return before;
}

// May leave the node with one entry too many; its parent splits it.
Item OrderedTree::PutInto(NodeRef& ref, std::string_view key, Item item) {
  Node& node = ref.Own();
  if (node.leaf()) {
    const std::size_t index = node.keys.LowerBound(key);
    if (index < node.keys.size() && node.keys[index] == key) {
      std::swap(node.items[index], item);
      return item;
    }
    node.keys.Insert(index, key);
    node.items.insert(node.items.begin() + Offset(index), std::move(item));
    return {};
  }
  const std::size_t index = node.keys.UpperBound(key);
  Item before = PutInto(node.children[index], key, std::move(item));
  if (node.children[index]->entries() > kMaxEntries) {
    SplitChild(node, index);
  }
  return before;
}

void OrderedTree::SplitChild(Node& parent, std::size_t index) {
  Node& left = parent.children[index].Own();
  auto right = std::make_unique<Node>();
  const std::size_t middle = left.entries() / 2;
  std::string separator;
  if (left.leaf()) {
    right->keys = left.keys.SplitOff(middle);
    right->items.assign(std::make_move_iterator(left.items.begin() + Offset(middle)),
                        std::make_move_iterator(left.items.end()));
    left.items.resize(middle);
    separator = right->keys[0];
  } else {
    right->keys = left.keys.SplitOff(middle);
    separator = left.keys[middle - 1];  // between the two halves: it moves up
    left.keys.Erase(middle - 1);
    right->children.assign(std::make_move_iterator(left.children.begin() + Offset(middle)),
                           std::make_move_iterator(left.children.end()));
    left.children.resize(middle);
  }
  parent.keys.Insert(index, separator);
  parent.children.insert(parent.children.begin() + Offset(index) + 1, NodeRef(right.release()));
}

Item OrderedTree::Erase(std::string_view key) {
  // Looked up first, so that erasing an absent key copies nothing.
  if (!Find(key)) {
    return {};
  }
  Item before = EraseFrom(root_, key);
  --size_;
  while (root_ && !root_->leaf() && root_->children.size() == 1) {
    root_ = NodeRef(root_->children[0]);
  }
  if (root_->leaf() && root_->items.empty()) {
    root_ = NodeRef();
  }
  return before;
}

Item OrderedTree::EraseFrom(NodeRef& ref, std::string_view key) {
  Node& node = ref.Own();
  if (node.leaf()) {
    const std::size_t index = node.keys.LowerBound(key);
    Item before = std::move(node.items[index]);
    node.keys.Erase(index);
    node.items.erase(node.items.begin() + Offset(index));
    return before;
  }
  const std::size_t index = node.keys.UpperBound(key);
  Item before = EraseFrom(node.children[index], key);
  if (node.children[index]->entries() < kMinEntries) {
    Rebalance(node, index);
  }
  return before;
}

// Joins children[index] with a neighbour, and halves the two again if that is too much for one
// node. A node below the root always has a neighbour: its parent has two children or more.
void OrderedTree::Rebalance(Node& parent, std::size_t index) {
  const std::size_t left_index = index > 0 ? index - 1 : index;
  Node& left = parent.children[left_index].Own();
  const Node& right = *parent.children[left_index + 1].get();
  if (!left.leaf()) {
    left.keys.Append(parent.keys[left_index]);
  }
  for (std::size_t i = 0; i < right.keys.size(); ++i) {
    left.keys.Append(right.keys[i]);
  }
  left.items.insert(left.items.end(), right.items.begin(), right.items.end());
  left.children.insert(left.children.end(), right.children.begin(), right.children.end());
  parent.keys.Erase(left_index);
  parent.children.erase(parent.children.begin() + Offset(left_index) + 1);
  if (left.entries() > kMergedEntries) {
    SplitChild(parent, left_index);
  }
}

void OrderedTree::Cursor::Seek(std::string_view key) {
  path_.clear();
  const Node* node = root_.get();
  if (node == nullptr) {
    return;
  }
  while (!node->leaf()) {
    const std::size_t index = node->keys.UpperBound(key);
    path_.push_back({node, index});
    node = node->children[index].get();
  }
  const std::size_t index = node->keys.LowerBound(key);
  path_.push_back({node, index});
  if (index == node->items.size()) {
    --path_.back().index;
    Next();
  }
}

void OrderedTree::Cursor::SeekToLast() {
  path_.clear();
  if (root_) {
    DescendToLast(root_.get());
  }
}

void OrderedTree::Cursor::DescendToFirst(const Node* node) {
  for (; !node->leaf(); node = node->children.front().get()) {
    path_.push_back({node, 0});
  }
  path_.push_back({node, 0});
}

void OrderedTree::Cursor::DescendToLast(const Node* node) {
  for (; !node->leaf(); node = node->children.back().get()) {
    path_.push_back({node, node->children.size() - 1});
  }
  path_.push_back({node, node->items.size() - 1});
}

void OrderedTree::Cursor::Next() {
  while (!path_.empty() && path_.back().index + 1 == path_.back().node->entries()) {
    path_.pop_back();
  }
  if (path_.empty()) {
    return;
  }
  const Node* node = path_.back().node;
  const std::size_t index = ++path_.back().index;
  if (!node->leaf()) {
    DescendToFirst(node->children[index].get());
  }
}

void OrderedTree::Cursor::Previous() {
  while (!path_.empty() && path_.back().index == 0) {
    path_.pop_back();
  }
  if (path_.empty()) {
    return;
  }
  const Node* node = path_.back().node;
  const std::size_t index = --path_.back().index;
  if (!node->leaf()) {
    DescendToLast(node->children[index].get());
  }
}

std::string_view OrderedTree::Cursor::key() const {
  return path_.back().node->keys[path_.back().index];
}

const Item& OrderedTree::Cursor::item() const {
  return path_.back().node->items[path_.back().index];
}

}  // namespace weir::storage
