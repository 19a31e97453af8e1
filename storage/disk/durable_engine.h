// SPDX-License-Identifier: Apache-2.0
// DurableEngine: everything in memory, and every change of it in a journal.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/memory.h"
#include "storage/disk/journal.h"
#include "storage/engine.h"

namespace weir::storage {

// Memory serves the reads. A commit appends its changes to the journal's buffer before it applies
// them, under the locks of what is changed, so the journal has them in the order in which they
// happened. Nobody waits for the disk there: with Durability::kAlways whoever answers a request
// waits before that for the row that TakeCommit names.
class DurableEngine final : public Engine {
 public:
  // Begins to append to `journal`, which must outlive it. Before that the engine is only good for
  // what is recovered. `archive` reads what the journal has of logs. `latest_table` is the greatest
  // table number used before.
  void Start(Journal& journal, std::shared_ptr<const LogArchive> archive,
             std::uint64_t latest_table);

  [[nodiscard]] std::unique_ptr<Space> NewSpace() override { return memory_->NewSpace(); }
  [[nodiscard]] std::unique_ptr<Space> NewSpace(const SpaceView& view) override {
    return memory_->NewSpace(view);
  }
  [[nodiscard]] std::unique_ptr<SpaceBuilder> NewSpaceBuilder() override {
    return memory_->NewSpaceBuilder();
  }
  [[nodiscard]] bool durable() const override { return true; }
  [[nodiscard]] std::shared_ptr<const LogArchive> archive() const override { return archive_; }
  [[nodiscard]] Outcome<void> CheckWritable() override {
    RelieveMemory();
    return journal_->CheckWritable();
  }
  void Commit(std::span<const RecordWrite> writes, std::span<const KeptChange> changes) override;
  void Keep(RowKind kind, std::string_view payload) override { Append(kind, payload, Micros(0)); }
  [[nodiscard]] bool writable() const override { return journal_->writable(); }
  void Rely() override;
  [[nodiscard]] std::uint64_t NewTableNumber() override { return ++latest_table_; }
  [[nodiscard]] std::uint64_t latest_table() const override { return latest_table_; }
  [[nodiscard]] std::uint64_t position() const override { return journal_->last(); }

  // The number of the newest row that this thread has appended or relied on since the last call; 0
  // if none.
  static std::uint64_t TakeCommit();

 private:
  void BeginGroup() override;
  void EndGroup() override;
  void Append(RowKind kind, std::string_view payload, Micros time);

  Journal* journal_ = nullptr;
  std::shared_ptr<const LogArchive> archive_;
  const std::unique_ptr<Engine> memory_ = NewMemoryEngine();
  std::atomic<std::uint64_t> latest_table_{0};
};

}  // namespace weir::storage
