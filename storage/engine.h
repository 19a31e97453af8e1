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

#include "core/item.h"

namespace weir::storage {

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

// One record to store, or to remove if `item` is "no item".
struct RecordWrite {
  Space* space = nullptr;
  std::string_view key;
  Item item;
};

// A point in the engine's history that WaitDurable can wait for.
using CommitTicket = std::uint64_t;

class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::unique_ptr<Space> NewSpace() = 0;
  // A space that starts with the records of `view`, which must be of this engine. Takes O(1).
  [[nodiscard]] virtual std::unique_ptr<Space> NewSpace(const SpaceView& view) = 0;
  // Applies all writes or none. They are visible when it returns, and outlive a crash once
  // WaitDurable(ticket) has returned. The caller should wait for that after it has given up its
  // locks. `space` and `key` of each write must live until it returns.
  [[nodiscard]] virtual CommitTicket Commit(std::span<const RecordWrite> writes) = 0;
  virtual void WaitDurable(CommitTicket ticket) = 0;
};

// Keeps everything in memory; WaitDurable returns at once.
std::unique_ptr<Engine> NewMemoryEngine();

}  // namespace weir::storage
