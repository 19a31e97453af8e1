// SPDX-License-Identifier: Apache-2.0
// The engine interface: ordered spaces of records, written in atomic batches.
//
// The caller locks (storage/table.h): Get and Snapshot of one space may run at once, but a Commit
// must be the only call on each space that it writes to. Views need no lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/change.h"
#include "core/item.h"
#include "storage/fault.h"
#include "storage/row_kind.h"

namespace weir::storage {

class ChangeLog;
class LogArchive;

// Walks the records of a view, ascending or descending by key.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void SeekToFirst() = 0;
  virtual void SeekToLast() = 0;
  // Moves to the first key not less than `key`. The cursor is not valid if there is none.
  virtual void Seek(std::string_view key) = 0;
  [[nodiscard]] virtual bool valid() const = 0;
  virtual void Next() = 0;
  virtual void Previous() = 0;
  // Only for a valid cursor. The result lives until the cursor moves.
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual const Item& item() const = 0;
};

// One version of a space. Never changes; any thread may read it.
class SpaceView {
 public:
  virtual ~SpaceView() = default;
  [[nodiscard]] virtual Item Get(std::string_view key) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Cursor> NewCursor() const = 0;
};

// An ordered set of records: the items of a table or the entries of an index.
class Space {
 public:
  virtual ~Space() = default;
  // "No item" if the key is missing.
  [[nodiscard]] virtual Item Get(std::string_view key) const = 0;
  // The present version, in O(1).
  [[nodiscard]] virtual std::unique_ptr<SpaceView> Snapshot() const = 0;
};

// Makes a space of records that come in the order of their keys.
class SpaceBuilder {
 public:
  virtual ~SpaceBuilder() = default;
  // `key` must be greater than the one before.
  virtual void Add(std::string_view key, Item item) = 0;
  // Adds what another builder of the same engine has; its keys must be greater.
  virtual void Add(SpaceBuilder&& later) = 0;
  // The space. The builder is of no use afterwards.
  virtual std::unique_ptr<Space> Finish() = 0;
};

// One record to store, or to remove if `item` is "no item".
struct RecordWrite {
  Space* space = nullptr;
  std::string_view key;
  Item item;
};

// A change of an item, for an engine that keeps it beyond the end of the process.
struct KeptChange {
  std::uint64_t table = 0;         // Table::number
  std::string_view key;            // the item's primary key
  const ChangeLog* log = nullptr;  // which records the change next
  const Change* change = nullptr;  // its `sequence` is not set yet
};

class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::unique_ptr<Space> NewSpace() = 0;
  // A space that starts with the records of `view`, which must be of this engine. Takes O(1).
  [[nodiscard]] virtual std::unique_ptr<Space> NewSpace(const SpaceView& view) = 0;
  [[nodiscard]] virtual std::unique_ptr<SpaceBuilder> NewSpaceBuilder() = 0;

  // Whether what is committed and kept outlives the process, in general. Who would only waste time
  // on a row otherwise asks first.
  [[nodiscard]] virtual bool durable() const { return false; }
  // Reads what was committed of logs. Null if that is only in memory.
  [[nodiscard]] virtual std::shared_ptr<const LogArchive> archive() const { return nullptr; }
  // Whether the engine takes writes. Who has asked may commit and keep what belongs to one request,
  // whatever happens then. Fails with kDataFolderFails or kDataFolderBusy, and may wait for a
  // while, so no lock should be held.
  [[nodiscard]] virtual Outcome<void> CheckWritable() { return {}; }

  // As CheckWritable, but never waits.
  [[nodiscard]] virtual bool writable() const { return true; }
  // To be called under the lock of what an answer says that is not its own change: that it is so
  // already, or why it can't be changed. The answer then waits until that is durable.
  virtual void Rely() {}

  // Applies all writes or none. They are visible when it returns. `changes` are the changes of
  // items among them; all others (entries of indexes) can be computed from those again. What the
  // spans refer to must live until it returns.
  virtual void Commit(std::span<const RecordWrite> writes,
                      std::span<const KeptChange> changes = {}) = 0;
  // Keeps a row that is not about items, in the same order as what is committed.
  virtual void Keep(RowKind /*kind*/, std::string_view /*payload*/) {}

  // A number that no other table has had.
  [[nodiscard]] virtual std::uint64_t NewTableNumber() = 0;
  // The greatest number so far.
  [[nodiscard]] virtual std::uint64_t latest_table() const = 0;
  // How many rows have been kept. A snapshot that is taken under a lock has all rows up to here
  // that were kept under that lock.
  [[nodiscard]] virtual std::uint64_t position() const { return 0; }

 private:
  friend class RowGroup;
  virtual void BeginGroup() {}
  virtual void EndGroup() {}
};

// What this thread commits and keeps while there is a group is kept together: all of it, or
// nothing, is there after a crash. A group within another one belongs to that one. The rows get
// their place in the order when the outermost group ends, so nobody else may write about the same
// until then.
class RowGroup {
 public:
  explicit RowGroup(Engine& engine) : engine_(engine) { engine_.BeginGroup(); }
  ~RowGroup() { engine_.EndGroup(); }
  RowGroup(const RowGroup&) = delete;
  RowGroup& operator=(const RowGroup&) = delete;

 private:
  Engine& engine_;
};

// Keeps everything in memory, and nothing beyond the end of the process.
std::unique_ptr<Engine> NewMemoryEngine();

}  // namespace weir::storage
