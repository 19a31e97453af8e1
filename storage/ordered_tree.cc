// SPDX-License-Identifier: Apache-2.0
#include "storage/ordered_tree.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "storage/key_list.h"

namespace weir::storage {
namespace {

constexpr std::size_t kMaxEntries = 64;
// A node that shrinks below this is joined with a neighbour, or with half of it if together they
// have more than kMergedEntries.
constexpr std::size_t kMinEntries = 16;
constexpr std::size_t kMergedEntries = 48;
// A leaf that is full is not split if a neighbour has no more entries than this: the two then share
// theirs. So leaves are 84 % full for keys in random order (69 % by splits alone), and 95 % for
// ascending keys (50 %).
constexpr std::size_t kSharedEntries = 60;

// How many items ahead of a cursor are loaded: to read one takes about as long as to load one.
constexpr std::size_t kItemsAhead = 3;

static_assert(KeyList::kCapacity == kMaxEntries + 1);  // one more, until the split

std::ptrdiff_t Offset(std::size_t index) {
  return static_cast<std::ptrdiff_t>(index);
}

// Makes room at `index` among the first `used` elements.
template <class List>
void OpenGap(List& list, std::size_t index, std::size_t used) {
  std::move_backward(list.begin() + Offset(index), list.begin() + Offset(used),
                     list.begin() + Offset(used) + 1);
}

// Takes the element at `index` out of the first `used`.
template <class List>
void CloseGap(List& list, std::size_t index, std::size_t used) {
  std::move(list.begin() + Offset(index) + 1, list.begin() + Offset(used),
            list.begin() + Offset(index));
  list[used - 1] = {};
}

}  // namespace

// All keys below children[i] of an inner node are less than keys[i], those below children[i + 1]
// are not. So an inner node has one child more than keys. A leaf has as many items as keys.
struct OrderedTree::Node {
  explicit Node(bool is_leaf) : leaf(is_leaf) {}
  std::atomic<std::uint32_t> references{1};
  const bool leaf;
  KeyList keys;

  [[nodiscard]] std::size_t entries() const { return keys.size() + (leaf ? 0 : 1); }
};

struct OrderedTree::Leaf : Node {
  Leaf() : Node(true) {}
  std::array<Item, kMaxEntries + 1> items;

  static const Leaf& Of(const Node& node) { return static_cast<const Leaf&>(node); }
  static Leaf& Of(Node& node) { return static_cast<Leaf&>(node); }
};

struct OrderedTree::Inner : Node {
  Inner() : Node(false) {}
  std::array<NodeRef, kMaxEntries + 1> children;

  static const Inner& Of(const Node& node) { return static_cast<const Inner&>(node); }
  static Inner& Of(Node& node) { return static_cast<Inner&>(node); }
};

// The index in each node from the root to a key's leaf.
class OrderedTree::Path {
 public:
  void Add(std::size_t index) { indexes_[size_++] = static_cast<std::uint8_t>(index); }
  std::size_t operator[](std::size_t depth) const { return indexes_[depth]; }

 private:
  // A tree of more levels would have more than 2^64 entries: only the root may have fewer than 16.
  static constexpr std::size_t kMaxDepth = 18;
  static_assert(kMaxEntries < UINT8_MAX);
  std::array<std::uint8_t, kMaxDepth> indexes_{};
  std::size_t size_ = 0;
};

OrderedTree::NodeRef::NodeRef(std::unique_ptr<Leaf> leaf) : node_(leaf.release()) {}
OrderedTree::NodeRef::NodeRef(std::unique_ptr<Inner> inner) : node_(inner.release()) {}

OrderedTree::NodeRef::NodeRef(const NodeRef& other) : node_(other.node_) {
  if (node_ != nullptr) {
    node_->references.fetch_add(1, std::memory_order_relaxed);
  }
}

OrderedTree::NodeRef::~NodeRef() {
  if (node_ == nullptr || node_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  if (node_->leaf) {
    delete &Leaf::Of(*node_);
  } else {
    delete &Inner::Of(*node_);
  }
}

OrderedTree::Node& OrderedTree::NodeRef::Own() {
  if (node_->references.load(std::memory_order_acquire) == 1) {
    return *node_;
  }
  const auto used = Offset(node_->entries());
  if (node_->leaf) {
    auto copy = std::make_unique<Leaf>();
    const Leaf& leaf = Leaf::Of(*node_);
    copy->keys = leaf.keys;
    std::copy(leaf.items.begin(), leaf.items.begin() + used, copy->items.begin());
    *this = NodeRef(std::move(copy));
  } else {
    auto copy = std::make_unique<Inner>();
    const Inner& inner = Inner::Of(*node_);
    copy->keys = inner.keys;
    std::copy(inner.children.begin(), inner.children.begin() + used, copy->children.begin());
    *this = NodeRef(std::move(copy));
  }
  return *node_;
}

Item OrderedTree::Find(std::string_view key) const {
  const Node* node = root_.get();
  if (node == nullptr) {
    return {};
  }
  while (!node->leaf) {
    node = Inner::Of(*node).children[node->keys.Find(key).upper()].get();
    node->keys.Prefetch();
  }
  const KeyList::Place place = node->keys.Find(key);
  return place.found ? Leaf::Of(*node).items[place.index] : Item();
}

Item OrderedTree::Put(std::string_view key, Item item) {
  if (!root_) {
    root_ = NodeRef(std::make_unique<Leaf>());
  }
  Item before = PutInto(root_, key, std::move(item));
  if (!before) {
    ++size_;
  }
  if (root_->entries() > kMaxEntries) {
    auto parent = std::make_unique<Inner>();
    parent->children[0] = std::move(root_);
    SplitChild(*parent, 0);
    root_ = NodeRef(std::move(parent));
  }
  return before;
}

// May leave the node with one entry too many, which the caller must mend.
Item OrderedTree::PutInto(NodeRef& ref, std::string_view key, Item item) {
  Node& node = ref.Own();
  if (node.leaf) {
    Leaf& leaf = Leaf::Of(node);
    const auto [index, found] = leaf.keys.Find(key);
    if (found) {
      std::swap(leaf.items[index], item);
      return item;
    }
    OpenGap(leaf.items, index, leaf.keys.size());
    leaf.items[index] = std::move(item);
    leaf.keys.Insert(index, key);
    return {};
  }
  Inner& inner = Inner::Of(node);
  const std::size_t index = inner.keys.Find(key).upper();
  inner.children[index]->keys.Prefetch();
  Item before = PutInto(inner.children[index], key, std::move(item));
  if (inner.children[index]->entries() > kMaxEntries && !ShareChild(inner, index)) {
    SplitChild(inner, index);
  }
  return before;
}

// Evens out children[index], a leaf that is too full, with its emptier neighbour. False if that is
// too full as well, or if the node is not a leaf: then the node has to be split.
bool OrderedTree::ShareChild(Inner& parent, std::size_t index) {
  if (!parent.children[index]->leaf) {
    return false;
  }
  const auto entries = [&](std::size_t child) {
    return child < parent.entries() ? parent.children[child]->entries() : kMaxEntries;
  };
  const std::size_t left = index - 1;  // wraps past the end if there is none
  const std::size_t right = index + 1;
  const std::size_t other = entries(left) <= entries(right) ? left : right;
  if (entries(other) > kSharedEntries) {
    return false;
  }
  BalanceLeaves(parent, std::min(index, other));
  return true;
}

// Evens out the leaf children[left_index] and its right neighbour.
void OrderedTree::BalanceLeaves(Inner& parent, std::size_t left_index) {
  Leaf& left = Leaf::Of(parent.children[left_index].Own());
  Leaf& right = Leaf::Of(parent.children[left_index + 1].Own());
  const std::size_t left_size = left.keys.size();
  const std::size_t right_size = right.keys.size();
  const std::size_t kept = (left_size + right_size) / 2;
  const auto left_end = left.items.begin() + Offset(left_size);
  const auto right_end = right.items.begin() + Offset(right_size);
  KeyList right_keys;
  if (kept < left_size) {
    const std::size_t moved = left_size - kept;
    std::move_backward(right.items.begin(), right_end, right_end + Offset(moved));
    std::move(left.items.begin() + Offset(kept), left_end, right.items.begin());
    right_keys = left.keys.SplitOff(kept);
    right_keys.Append(right.keys);
  } else {
    const std::size_t moved = kept - left_size;
    std::move(right.items.begin(), right.items.begin() + Offset(moved), left_end);
    std::move(right.items.begin() + Offset(moved), right_end, right.items.begin());
    right_keys = right.keys.SplitOff(moved);
    left.keys.Append(right.keys);
  }
  right.keys = std::move(right_keys);
  std::string separator;
  right.keys.Get(0, separator);
  parent.keys.Erase(left_index);
  parent.keys.Insert(left_index, separator);
}

void OrderedTree::SplitChild(Inner& parent, std::size_t index) {
  Node& left = parent.children[index].Own();
  const std::size_t entries = left.entries();
  const std::size_t middle = entries / 2;
  NodeRef right;
  std::string separator;
  if (left.leaf) {
    auto leaf = std::make_unique<Leaf>();
    std::move(Leaf::Of(left).items.begin() + Offset(middle),
              Leaf::Of(left).items.begin() + Offset(entries), leaf->items.begin());
    leaf->keys = left.keys.SplitOff(middle);
    leaf->keys.Get(0, separator);
    right = NodeRef(std::move(leaf));
  } else {
    auto inner = std::make_unique<Inner>();
    std::move(Inner::Of(left).children.begin() + Offset(middle),
              Inner::Of(left).children.begin() + Offset(entries), inner->children.begin());
    left.keys.Get(middle - 1, separator);  // between the two halves: it moves up
    inner->keys = left.keys.SplitOff(middle);
    left.keys.Erase(middle - 1);
    right = NodeRef(std::move(inner));
  }
  OpenGap(parent.children, index + 1, parent.entries());
  parent.children[index + 1] = std::move(right);
  parent.keys.Insert(index, separator);
}

Item OrderedTree::Erase(std::string_view key) {
  if (!root_) {
    return {};
  }
  // Looks the key up first, so that nothing is copied if it is missing.
  Path path;
  const Node* node = root_.get();
  while (!node->leaf) {
    const std::size_t index = node->keys.Find(key).upper();
    path.Add(index);
    node = Inner::Of(*node).children[index].get();
    node->keys.Prefetch();
  }
  const KeyList::Place place = node->keys.Find(key);
  if (!place.found) {
    return {};
  }
  path.Add(place.index);
  Item before = EraseAt(root_, path, 0);
  --size_;
  while (!root_->leaf && root_->entries() == 1) {
    root_ = NodeRef(Inner::Of(*root_).children[0]);
  }
  if (root_->entries() == 0) {
    root_ = NodeRef();
  }
  return before;
}

Item OrderedTree::EraseAt(NodeRef& ref, const Path& path, std::size_t depth) {
  Node& node = ref.Own();
  const std::size_t index = path[depth];
  if (node.leaf) {
    Leaf& leaf = Leaf::Of(node);
    Item before = std::move(leaf.items[index]);
    CloseGap(leaf.items, index, leaf.keys.size());
    leaf.keys.Erase(index);
    return before;
  }
  Inner& inner = Inner::Of(node);
  Item before = EraseAt(inner.children[index], path, depth + 1);
  if (inner.children[index]->entries() < kMinEntries) {
    Rebalance(inner, index);
  }
  return before;
}

// Joins children[index] with a neighbour. If that has too many entries for one node, joins it with
// the near half of the neighbour. A node below the root always has a neighbour: its parent has two
// children or more.
void OrderedTree::Rebalance(Inner& parent, std::size_t index) {
  const std::size_t neighbour = index > 0 ? index - 1 : index + 1;
  std::size_t left_index = std::min(index, neighbour);
  if (parent.children[index]->entries() + parent.children[neighbour]->entries() > kMergedEntries) {
    SplitChild(parent, neighbour);
    left_index = index;
  }
  Node& left = parent.children[left_index].Own();
  const Node& right = *parent.children[left_index + 1];
  const std::size_t there = left.entries();
  const auto added = Offset(right.entries());
  if (left.leaf) {
    std::copy(Leaf::Of(right).items.begin(), Leaf::Of(right).items.begin() + added,
              Leaf::Of(left).items.begin() + Offset(there));
  } else {
    std::copy(Inner::Of(right).children.begin(), Inner::Of(right).children.begin() + added,
              Inner::Of(left).children.begin() + Offset(there));
    std::string separator;
    parent.keys.Get(left_index, separator);
    left.keys.Append(separator);
  }
  left.keys.Append(right.keys);
  CloseGap(parent.children, left_index + 1, parent.entries());
  parent.keys.Erase(left_index);
}

void OrderedTree::Builder::Add(std::string_view key, Item item) {
  // With a little room, as after insertions in ascending order.
  constexpr std::size_t kFilled = kSharedEntries;
  if (leaves_.empty() || leaves_.back().node->entries() >= kFilled) {
    leaves_.push_back({std::string(key), NodeRef(std::make_unique<Leaf>())});
  }
  Leaf& leaf = Leaf::Of(*leaves_.back().node);
  leaf.items[leaf.keys.size()] = std::move(item);
  leaf.keys.Append(key);
  ++size_;
}

void OrderedTree::Builder::Add(Builder&& later) {
  leaves_.insert(leaves_.end(), std::make_move_iterator(later.leaves_.begin()),
                 std::make_move_iterator(later.leaves_.end()));
  size_ += later.size_;
}

OrderedTree OrderedTree::Builder::Finish() {
  std::vector<Part> parts = std::move(leaves_);
  while (parts.size() > 1) {
    parts = Group(std::move(parts));
  }
  OrderedTree tree;
  if (!parts.empty()) {
    tree.root_ = std::move(parts.front().node);
    tree.size_ = size_;
    while (!tree.root_->leaf && tree.root_->entries() == 1) {  // few leaves became one
      tree.root_ = NodeRef(Inner::Of(*tree.root_).children[0]);
    }
  }
  return tree;
}

// Only where one builder's leaves end, and those of the next begin, are there leaves with few
// entries.
void OrderedTree::Builder::JoinSmallLeaves(Inner& parent) {
  for (std::size_t child = 0; child < parent.entries() && parent.entries() > 1;) {
    if (parent.children[child]->entries() < kMinEntries) {
      Rebalance(parent, child);
      child = 0;
    } else {
      ++child;
    }
  }
}

// Puts subtrees of one height, two or more, into the least number of parents, of which none has
// much fewer children than another.
std::vector<OrderedTree::Builder::Part> OrderedTree::Builder::Group(std::vector<Part> parts) {
  std::vector<Part> parents;
  std::size_t left = (parts.size() + kMaxEntries - 1) / kMaxEntries;  // parents to make
  for (std::size_t next = 0; next < parts.size(); --left) {
    const std::size_t end = next + (parts.size() - next) / left;
    auto parent = std::make_unique<Inner>();
    std::string first = std::move(parts[next].first);
    for (std::size_t child = 0; next < end; ++child, ++next) {
      parent->children[child] = std::move(parts[next].node);
      if (child > 0) {
        parent->keys.Append(parts[next].first);
      }
    }
    if (parent->children[0]->leaf) {
      JoinSmallLeaves(*parent);
    }
    parents.push_back({std::move(first), NodeRef(std::move(parent))});
  }
  return parents;
}

void OrderedTree::Cursor::Seek(std::string_view key) {
  path_.clear();
  const Node* node = root_.get();
  if (node == nullptr) {
    return;
  }
  while (!node->leaf) {
    const std::size_t index = node->keys.Find(key).upper();
    path_.push_back({node, index});
    node = Inner::Of(*node).children[index].get();
    node->keys.Prefetch();
  }
  const std::size_t index = node->keys.Find(key).index;
  path_.push_back({node, index});
  if (index == node->keys.size()) {
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
  for (; !node->leaf; node = Inner::Of(*node).children[0].get()) {
    path_.push_back({node, 0});
  }
  path_.push_back({node, 0});
}

void OrderedTree::Cursor::DescendToLast(const Node* node) {
  for (; !node->leaf; node = Inner::Of(*node).children[node->entries() - 1].get()) {
    path_.push_back({node, node->entries() - 1});
  }
  path_.push_back({node, node->entries() - 1});
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
  if (!node->leaf) {
    DescendToFirst(Inner::Of(*node).children[index].get());
  } else if (index + kItemsAhead < node->entries()) {
    Leaf::Of(*node).items[index + kItemsAhead].Prefetch();
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
  if (!node->leaf) {
    DescendToLast(Inner::Of(*node).children[index].get());
  } else if (index >= kItemsAhead) {
    Leaf::Of(*node).items[index - kItemsAhead].Prefetch();
  }
}

std::string_view OrderedTree::Cursor::key() const {
  path_.back().node->keys.Get(path_.back().index, key_);
  return key_;
}

const Item& OrderedTree::Cursor::item() const {
  return Leaf::Of(*path_.back().node).items[path_.back().index];
}

}  // namespace weir::storage
