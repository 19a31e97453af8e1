// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/kept_state.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/limits.h"
#include "core/record.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/transactions/client_request_tokens.h"
#include "storage/disk/table_rows.h"

namespace weir::dynamodb {
namespace {

std::string ClockRow(const ClockState& state) {
  std::string row;
  RecordWriter(row).Write(state.frozen_at, state.ahead);
  return row;
}

// The log of an earlier process, whose next change gets the sequence `next`. `holds` keeps it until
// others hold it.
std::shared_ptr<storage::ChangeLog> MakeLog(std::uint64_t table, std::uint64_t next,
                                            Database& database,
                                            std::vector<storage::LogHold>& holds) {
  std::shared_ptr<const storage::LogArchive> archive = database.engine().archive();
  // A folder that was salvaged may lack the latest changes; then it has none.
  const std::uint64_t first = archive->ReadableTo(table) == next ? archive->FirstOf(table) : next;
  auto log = std::make_shared<storage::ChangeLog>(database.log_budget(), table, std::move(archive),
                                                  storage::ChangeLog::Start{first, next});
  holds.push_back(log->Hold(first, false));
  return log;
}

using Deadline = std::chrono::steady_clock::time_point;

// Writes the items of a table or backup, a part of them to a row.
storage::Io<void> WriteItems(const storage::ItemOwner& owner, const storage::SpaceView& items,
                             Deadline deadline, storage::CheckpointWriter& writer) {
  constexpr std::size_t kRowBytes = std::size_t{64} << 10U;
  std::string row;
  const std::unique_ptr<storage::Cursor> cursor = items.NewCursor();
  cursor->SeekToFirst();
  while (cursor->valid()) {
    row.clear();
    storage::WriteOwner(owner, row);
    for (; cursor->valid() && row.size() < kRowBytes; cursor->Next()) {
      storage::WriteEntry(cursor->key(), cursor->item(), row);
    }
    WEIR_RETURN_IF_ERROR(writer.Add(storage::RowKind::kItems, row));
    if (std::chrono::steady_clock::now() > deadline) {
      return storage::IoError{.code = ETIMEDOUT, .what = "write the checkpoint in time"};
    }
  }
  return {};
}

}  // namespace

bool KeptState::Visit(const storage::Row& row, bool only_log) {
  using storage::RowKind;
  switch (row.kind) {
    case RowKind::kStream: {
      std::optional<stream::StreamState> state = stream::ReadStreamState(row.payload);
      if (state.has_value() && !only_log) {
        stream::StreamState& known = streams_[state->info.arn];
        if (state->revision >= known.revision) {
          known = *std::move(state);
        }
        return true;
      }
      return state.has_value();
    }
    case RowKind::kClock: {
      RecordReader reader(row.payload);
      ClockState state;
      reader.Read(state.frozen_at, state.ahead);
      clock_ = only_log ? clock_ : state;
      return reader.finished();
    }
    case RowKind::kRequestToken:
      if (!ClientRequestTokens::IsRow(row.payload)) {
        return false;
      }
      if (!only_log) {
        tokens_.emplace_back(row.payload);
      }
      return true;
    case RowKind::kRecord:
      return only_log ? storage::KeptRecords::IsRow(row.payload) : records_.Adopt(row.payload);
    default:
      return tables_.Apply(row, only_log);
  }
}

std::uint64_t KeptState::latest_table() const {
  std::uint64_t latest = tables_.latest_table();
  for (const auto& [arn, state] : streams_) {
    latest = std::max(latest, state.table);
  }
  return latest;
}

ClockState KeptState::ClockFor(const Clock& base) const {
  ClockState state = clock_;
  if (state.frozen_at.has_value()) {
    state.frozen_at = std::max(*state.frozen_at, latest_time());
  } else {
    state.ahead = std::max(state.ahead, latest_time() - base.Now());
  }
  return state;
}

std::vector<std::string> KeptState::Describe() const {
  std::vector<std::string> lines;
  const auto add = [&](std::string what, const storage::Statistics& statistics) {
    lines.push_back(std::move(what.append(": ")
                                  .append(std::to_string(statistics.item_count))
                                  .append(" items, ")
                                  .append(std::to_string(statistics.size_bytes))
                                  .append(" bytes")));
  };
  for (const storage::RecoveredTables::Holding& holding : tables_.Holdings()) {
    add((holding.backup ? "backup " : "table ") + holding.name, holding.statistics);
  }
  for (const auto& [arn, state] : streams_) {
    lines.push_back("stream " + arn + ": " + std::to_string(state.lineage.shards.size()) +
                    " shards");
  }
  return lines;
}

void KeptState::Keep(const ClockState& state, storage::Engine& engine) {
  if (engine.durable()) {
    engine.Keep(storage::RowKind::kClock, ClockRow(state));
  }
}

void KeptState::AdoptTable(storage::KeptTable kept, std::shared_ptr<storage::ChangeLog> log,
                           Database& database) {
  const bool dropped = kept.dropped;
  const Micros due = kept.metadata->change_due;
  if (dropped && due <= database.clock().Now()) {
    return;
  }
  const auto table = std::make_shared<storage::Table>(std::move(kept), database.engine(),
                                                      database.clock(), std::move(log));
  database.tables().Adopt(table);
  if (dropped) {
    database.RemoveAt(table, due);
  } else {
    database.Drive(*table);
  }
}

void KeptState::AdoptInto(Database& database) {
  std::map<std::uint64_t, storage::KeptTable> tables = tables_.TakeTables();
  std::vector<storage::LogHold> holds;
  Logs logs;
  const auto log_of = [&](std::uint64_t table) {
    std::shared_ptr<storage::ChangeLog>& log = logs[table];
    if (log == nullptr) {
      log = MakeLog(table, tables_.NextSequence(table), database, holds);
    }
    return log;
  };
  for (auto& [arn, state] : streams_) {
    const std::uint64_t table = state.table;
    // A crash may have come between the stream of a new table and the table itself.
    const bool lives = state.disabled_at.has_value()
                           ? *state.disabled_at > database.clock().Now() - limits::kStreamRetention
                           : tables.contains(table);
    if (lives) {
      database.streams().Adopt(std::move(state), log_of(table));
    }
  }
  // A dropped table comes after a new one that may have its name.
  for (const bool dropped : {false, true}) {
    for (auto& [number, kept] : tables) {
      if (kept.metadata != nullptr && kept.dropped == dropped) {
        AdoptTable(std::move(kept), log_of(number), database);
      }
    }
  }
  for (storage::Backup& backup : tables_.TakeBackups()) {
    database.backups().Adopt(std::move(backup));
  }
  for (const std::string& row : tokens_) {
    database.tokens().Adopt(row);
  }
  for (const auto& [key, value] : records_.Snapshot()) {
    database.records().Adopt(storage::KeptRecords::RowOf(key, value));
  }
}

KeptSnapshot::KeptSnapshot(Database& database)
    : position_(database.engine().position()), clock_(database.timeline().state()) {
  for (const storage::TablePtr& table : database.tables().All()) {
    tables_.push_back({table->number(), table->AsKept()});
    logs_[table->number()] = tables_.back().kept.next_sequence;
  }
  logs_.emplace(database.engine().latest_table(), 1);  // so that no table gets its number again
  backups_ = database.backups().All();
  for (const stream::StreamPtr& stream : database.streams().All()) {
    streams_.push_back(stream->state());
    logs_.emplace(stream->log()->table(), stream->log()->next_sequence());
    followed_.push_back(stream->log());
  }
  tokens_ = database.tokens().Rows();
  records_ = database.records().Snapshot();
}

Micros KeptSnapshot::FindOldestNeeded() const {
  Micros oldest = Micros::max();
  for (const std::shared_ptr<const storage::ChangeLog>& log : followed_) {
    const auto visit = [&](const Change& change) {
      oldest = std::min(oldest, change.time);
      return false;
    };
    if (!log->Read(0, UINT64_MAX, visit).ok()) {
      return Micros(0);  // what cannot be read is not removed
    }
  }
  return oldest;
}

storage::Io<void> KeptSnapshot::Write(storage::CheckpointWriter& writer, Deadline deadline) const {
  using storage::RowKind;
  std::string row;
  for (const storage::BackupPtr& backup : backups_) {
    row.clear();
    storage::WriteRow(storage::RowOf(*backup, 0), row);
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kBackup, row));
    WEIR_RETURN_IF_ERROR(WriteItems({.table = 0, .backup_arn = backup->arn}, *backup->image.items,
                                    deadline, writer));
  }
  for (const auto& [number, kept] : tables_) {
    row.clear();
    storage::WriteRow(storage::TableRow{.number = number,
                                        .as_of = kept.position,
                                        .dropped = kept.dropped,
                                        .latest_write = kept.latest_write,
                                        .metadata = kept.image.metadata},
                      row);
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kTable, row));
    WEIR_RETURN_IF_ERROR(
        WriteItems({.table = number, .backup_arn = {}}, *kept.image.items, deadline, writer));
  }
  for (const auto& [table, next] : logs_) {
    row.clear();
    RecordWriter(row).Write(table, next);
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kLog, row));
  }
  for (const stream::StreamState& state : streams_) {
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kStream, stream::WriteStreamState(state)));
  }
  for (const std::string& token : tokens_) {
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kRequestToken, token));
  }
  for (const auto& [key, value] : records_) {
    WEIR_RETURN_IF_ERROR(writer.Add(RowKind::kRecord, storage::KeptRecords::RowOf(key, value)));
  }
  return writer.Add(RowKind::kClock, ClockRow(clock_));
}

}  // namespace weir::dynamodb
