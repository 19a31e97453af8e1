// SPDX-License-Identifier: Apache-2.0
// OrderedTree: a B+ tree from byte strings to items. Copies of a tree share its nodes. Keys must be
// shorter than 64 KB; the longest that DynamoDB's limits allow, those of index entries, stay below
// 8 KB.
//
// Copying a tree costs O(1): that is the snapshot. A write copies the nodes on its path that
// another copy still shares, and changes the others in place. One tree object is for one thread at
// a time (const calls may run together); its copies are independent of it and may live on other
// threads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"

namespace weir::storage {

class OrderedTree {
 public:
  OrderedTree() = default;

  // "No item" if the key is missing.
  [[nodiscard]] Item Find(std::string_view key) const;
  // Stores `item`, which must not be "no item", and returns the item that it replaces, or "no
  // item".
  Item Put(std::string_view key, Item item);
  // Removes the key and returns its item; "no item" if the key is missing.
  Item Erase(std::string_view key);
  [[nodiscard]] std::size_t size() const { return size_; }

  class Cursor;
  class Builder;

 private:
  struct Node;
  struct Leaf;
  struct Inner;
  class Path;

  // A counted reference to a node.
  class NodeRef {
   public:
    NodeRef() = default;
    explicit NodeRef(std::unique_ptr<Leaf> leaf);
    explicit NodeRef(std::unique_ptr<Inner> inner);
    NodeRef(const NodeRef& other);
    NodeRef(NodeRef&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    NodeRef& operator=(NodeRef other) noexcept {
      std::swap(node_, other.node_);
      return *this;
    }
    ~NodeRef();
    Node* get() const { return node_; }
    Node* operator->() const { return node_; }
    Node& operator*() const { return *node_; }
    explicit operator bool() const { return node_ != nullptr; }
    // Makes this the only reference to its node, which it copies if there are others. Returns the
    // node.
    Node& Own();

   private:
    Node* node_ = nullptr;
  };

  static Item PutInto(NodeRef& ref, std::string_view key, Item item);
  static Item EraseAt(NodeRef& ref, const Path& path, std::size_t depth);
  static bool ShareChild(Inner& parent, std::size_t index);
  static void BalanceLeaves(Inner& parent, std::size_t left_index);
  static void SplitChild(Inner& parent, std::size_t index);
  static void Rebalance(Inner& parent, std::size_t index);

  NodeRef root_;
  std::size_t size_ = 0;
};

// Makes a tree of records that come in the order of their keys, several times as fast as Put does.
class OrderedTree::Builder {
 public:
  // `key` must be greater than the one before.
  void Add(std::string_view key, Item item);
  // Adds what another builder has; its keys must be greater than those of this one.
  void Add(Builder&& later);
  // The tree. The builder is of no use afterwards.
  OrderedTree Finish();

 private:
  // A subtree, and the least key in it.
  struct Part {
    std::string first;
    NodeRef node;
  };
  static std::vector<Part> Group(std::vector<Part> parts);
  static void JoinSmallLeaves(Inner& parent);

  std::vector<Part> leaves_;
  std::size_t size_ = 0;
};

// Walks a tree in either direction. Holds the version of the tree it was made from.
class OrderedTree::Cursor {
 public:
  explicit Cursor(const OrderedTree& tree) : root_(tree.root_) {}

  void SeekToFirst() { Seek({}); }
  void SeekToLast();
  // Moves to the first key that is not less than `key`. The cursor is not valid if there is none.
  void Seek(std::string_view key);
  [[nodiscard]] bool valid() const { return !path_.empty(); }
  void Next();
  void Previous();
  // Only for a valid cursor. The view lives until the cursor moves or key() is called again.
  [[nodiscard]] std::string_view key() const;
  [[nodiscard]] const Item& item() const;

 private:
  struct Step {
    const Node* node;
    std::size_t index;
  };
  void DescendToFirst(const Node* node);
  void DescendToLast(const Node* node);

  NodeRef root_;
  std::vector<Step> path_;   // root to leaf
  mutable std::string key_;  // put together by key()
};

}  // namespace weir::storage
