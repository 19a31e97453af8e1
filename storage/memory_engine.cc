// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <utility>

#include "core/memory.h"
#include "storage/engine.h"
#include "storage/ordered_tree.h"

namespace weir::storage {
namespace {

class MemoryCursor final : public Cursor {
 public:
  explicit MemoryCursor(const OrderedTree& tree) : cursor_(tree) {}
  void SeekToFirst() override { cursor_.SeekToFirst(); }
  void SeekToLast() override { cursor_.SeekToLast(); }
  void Seek(std::string_view key) override { cursor_.Seek(key); }
  [[nodiscard]] bool valid() const override { return cursor_.valid(); }
  void Next() override { cursor_.Next(); }
  void Previous() override { cursor_.Previous(); }
  [[nodiscard]] std::string_view key() const override { return cursor_.key(); }
  [[nodiscard]] const Item& item() const override { return cursor_.item(); }

 private:
  OrderedTree::Cursor cursor_;
};

class MemoryView final : public SpaceView {
 public:
  explicit MemoryView(OrderedTree tree) : tree_(std::move(tree)) {}
  [[nodiscard]] Item Get(std::string_view key) const override { return tree_.Find(key); }
  [[nodiscard]] std::unique_ptr<Cursor> NewCursor() const override {
    return std::make_unique<MemoryCursor>(tree_);
  }
  [[nodiscard]] const OrderedTree& tree() const { return tree_; }

 private:
  OrderedTree tree_;
};

class MemorySpace final : public Space {
 public:
  MemorySpace() = default;
  explicit MemorySpace(OrderedTree tree) : tree_(std::move(tree)) {}
  [[nodiscard]] Item Get(std::string_view key) const override { return tree_.Find(key); }
  [[nodiscard]] std::unique_ptr<SpaceView> Snapshot() const override {
    return std::make_unique<MemoryView>(tree_);
  }
  void Apply(const RecordWrite& write) {
    if (write.item) {
      tree_.Put(write.key, write.item);
    } else {
      tree_.Erase(write.key);
    }
  }

 private:
  OrderedTree tree_;
};

class MemoryBuilder final : public SpaceBuilder {
 public:
  void Add(std::string_view key, Item item) override { tree_.Add(key, std::move(item)); }
  void Add(SpaceBuilder&& later) override {
    // Every builder here is one of ours.
    tree_.Add(std::move(static_cast<MemoryBuilder&&>(later).tree_));
  }
  std::unique_ptr<Space> Finish() override { return std::make_unique<MemorySpace>(tree_.Finish()); }

 private:
  OrderedTree::Builder tree_;
};

class MemoryEngine final : public Engine {
 public:
  [[nodiscard]] std::unique_ptr<Space> NewSpace() override {
    return std::make_unique<MemorySpace>();
  }
  [[nodiscard]] std::unique_ptr<Space> NewSpace(const SpaceView& view) override {
    // Every view here is one of ours.
    return std::make_unique<MemorySpace>(static_cast<const MemoryView&>(view).tree());
  }
  [[nodiscard]] std::unique_ptr<SpaceBuilder> NewSpaceBuilder() override {
    return std::make_unique<MemoryBuilder>();
  }
  [[nodiscard]] Outcome<void> CheckWritable() override {
    RelieveMemory();
    return {};
  }
  void Commit(std::span<const RecordWrite> writes,
              std::span<const KeptChange> /*changes*/) override {
    for (const RecordWrite& write : writes) {
      static_cast<MemorySpace*>(write.space)->Apply(write);  // every space here is one of ours
    }
  }
  [[nodiscard]] std::uint64_t NewTableNumber() override { return ++latest_table_; }
  [[nodiscard]] std::uint64_t latest_table() const override { return latest_table_; }

 private:
  std::atomic<std::uint64_t> latest_table_{0};
};

}  // namespace

std::unique_ptr<Engine> NewMemoryEngine() {
  return std::make_unique<MemoryEngine>();
}

}  // namespace weir::storage
