// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/durable_engine.h"

#include <algorithm>
#include <utility>

#include "core/memory_reserve.h"
#include "storage/disk/rows.h"
#include "storage/disk/table_rows.h"

namespace weir::storage {
namespace {

// A thread keeps the buffer that it writes rows in, unless it has grown beyond this.
constexpr std::size_t kKeptBuffer = std::size_t{64} << 10U;

// The calling thread's group. A thread has groups of one engine at a time.
struct Group {
  int depth = 0;
  int rows = 0;
  Micros latest{0};
  std::string payload;
};

// A thread's operation runs to completion on it, so what belongs to the operation may be here.
thread_local Group thread_group;
thread_local std::uint64_t thread_commit = 0;

}  // namespace

void DurableEngine::Start(Journal& journal, std::uint64_t latest_table) {
  journal_ = &journal;
  latest_table_ = latest_table;
}

void DurableEngine::Commit(std::span<const RecordWrite> writes,
                           std::span<const KeptChange> changes) {
  if (!changes.empty()) {
    thread_local std::string payload;
    payload.clear();
    Micros latest{0};
    for (const KeptChange& change : changes) {
      WriteChange(change, payload);
      latest = std::max(latest, change.change->time);
    }
    Append(RowKind::kChanges, payload, latest);
    if (payload.capacity() > kKeptBuffer) {
      payload = std::string();
    }
  }
  memory_->Commit(writes);
}

void DurableEngine::Append(RowKind kind, std::string_view payload, Micros time) {
  Group& group = thread_group;
  if (group.depth == 0) {
    thread_commit = journal_->Append(kind, payload, time);
    return;
  }
  AppendGroupedRow(kind, payload, group.payload);
  group.latest = std::max(group.latest, time);
  ++group.rows;
}

void DurableEngine::BeginGroup() {
  ++thread_group.depth;
}

void DurableEngine::EndGroup() {
  Group& group = thread_group;
  if (--group.depth > 0 || group.rows == 0) {
    return;
  }
  const MemoryReserve::MustNotFail all;
  const Group ended = std::exchange(group, Group());
  thread_commit = journal_->Append(RowKind::kGroup, ended.payload, ended.latest);
}

std::uint64_t DurableEngine::TakeCommit() {
  return std::exchange(thread_commit, 0);
}

}  // namespace weir::storage
