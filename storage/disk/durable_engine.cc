// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/durable_engine.h"

#include <algorithm>
#include <utility>

#include "core/memory_reserve.h"
#include "core/per_thread.h"
#include "storage/change_log.h"
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

// The buffer in which a thread writes its rows.
struct Payload {
  std::string bytes;
};

// A thread's operation runs to completion on it, so what belongs to the operation may be here.
thread_local std::uint64_t thread_commit = 0;

// The sequence that a change gets once those before it are recorded as well.
std::uint64_t SequenceOf(std::span<const KeptChange> changes, std::size_t index) {
  const ChangeLog* const log = changes[index].log;
  const std::uint64_t next = log->recorded_next();
  const auto before = std::count_if(changes.begin(), changes.begin() + static_cast<long>(index),
                                    [&](const KeptChange& change) { return change.log == log; });
  return next == 0 ? 0 : next + static_cast<std::uint64_t>(before);
}

}  // namespace

void DurableEngine::Start(Journal& journal, std::shared_ptr<const LogArchive> archive,
                          std::uint64_t latest_table) {
  journal_ = &journal;
  archive_ = std::move(archive);
  latest_table_ = latest_table;
}

void DurableEngine::Commit(std::span<const RecordWrite> writes,
                           std::span<const KeptChange> changes) {
  if (!changes.empty()) {
    std::string& payload = PerThread<Payload>().bytes;
    payload.clear();
    Micros latest{0};
    for (std::size_t i = 0; i < changes.size(); ++i) {
      WriteChange(changes[i], SequenceOf(changes, i), payload);
      latest = std::max(latest, changes[i].change->time);
    }
    Append(RowKind::kChanges, payload, latest);
    if (payload.capacity() > kKeptBuffer) {
      payload = std::string();
    }
  }
  memory_->Commit(writes);
}

void DurableEngine::Append(RowKind kind, std::string_view payload, Micros time) {
  Group& group = PerThread<Group>();
  if (group.depth == 0) {
    const std::uint64_t number = journal_->Append(kind, payload, time);
    // A stream also notes what a read has found out about its shards. No answer is about that.
    thread_commit = kind == RowKind::kStream ? thread_commit : number;
    return;
  }
  AppendGroupedRow(kind, payload, group.payload);
  group.latest = std::max(group.latest, time);
  ++group.rows;
}

void DurableEngine::BeginGroup() {
  ++PerThread<Group>().depth;
}

void DurableEngine::EndGroup() {
  Group& group = PerThread<Group>();
  if (--group.depth > 0) {
    return;
  }
  const MemoryReserve::MustNotFail all;
  const Group ended = std::exchange(group, Group());
  if (ended.rows == 0) {
    return;
  }
  thread_commit = journal_->Append(RowKind::kGroup, ended.payload, ended.latest);
}

void DurableEngine::Rely() {
  thread_commit = std::max(thread_commit, journal_->last());
}

std::uint64_t DurableEngine::TakeCommit() {
  return std::exchange(thread_commit, 0);
}

}  // namespace weir::storage
