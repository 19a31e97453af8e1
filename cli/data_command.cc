// SPDX-License-Identifier: Apache-2.0
#include "cli/data_command.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/control_client.h"
#include "core/clock.h"
#include "core/record.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/kept_state.h"
#include "storage/disk/data_folder.h"
#include "storage/disk/data_store.h"
#include "storage/disk/table_rows.h"

namespace weir::cli {
namespace {

using storage::FolderLock;
using LockPtr = std::unique_ptr<FolderLock>;

// What a folder has, read into the engine of `store`.
struct Contents {
  dynamodb::KeptState kept;
  std::vector<std::string> damage;
  storage::FolderState state;

  explicit Contents(storage::DataStore& store) : kept(store.engine()) {}
};

void Print(const Contents& contents) {
  const storage::FolderState& state = contents.state;
  std::printf("rows to %llu, a checkpoint after row %llu, %zu files of the journal\n",
              static_cast<unsigned long long>(state.next - 1),
              static_cast<unsigned long long>(state.checkpoint), state.segments.size());
  for (const std::string& line : contents.kept.Describe()) {
    std::printf("%s\n", line.c_str());
  }
  if (!state.cut_off.empty()) {
    std::printf("cut off by a crash, with nothing lost that was promised: %s\n",
                state.cut_off.c_str());
  }
  for (const std::string& line : contents.damage) {
    std::printf("damage: %s\n", line.c_str());
  }
  std::printf("%s\n", contents.damage.empty() ? "whole" : "damaged");
}

// Calls `take` for each change of a row that is in its table's log.
template <class Take>
bool ForEachLogged(const storage::Row& row, const Take& take) {
  if (row.kind != storage::RowKind::kChanges) {
    return true;
  }
  RecordReader reader(row.payload);
  while (!reader.failed() && !reader.finished()) {
    RecordReader whole = reader;
    const storage::ChangeHead head = storage::SkimChange(reader);
    if (!reader.failed() && head.sequence != 0) {
      take(head, whole);
    }
  }
  return !reader.failed();
}

// Finds the change of each table's log from which on none is missing.
class WholeLogs final : public storage::RowVisitor {
 public:
  [[nodiscard]] bool Visit(const storage::Row& row, bool /*only_log*/) override {
    return ForEachLogged(row, [this](const storage::ChangeHead& head, const RecordReader&) {
      Log& log = logs_[head.table];
      log.first = head.sequence == log.next ? log.first : head.sequence;
      log.next = head.sequence + 1;
    });
  }
  void PassOver(Micros /*latest*/) override {}
  [[nodiscard]] bool Has(const storage::ChangeHead& head) const {
    const auto log = logs_.find(head.table);
    return log != logs_.end() && head.sequence >= log->second.first;
  }

 private:
  struct Log {
    std::uint64_t first = 0;
    std::uint64_t next = 0;
  };
  std::map<std::uint64_t, Log> logs_;  // by table
};

// Copies the changes of those logs to a journal.
class LogCopier final : public storage::RowVisitor {
 public:
  LogCopier(const WholeLogs& logs, storage::Journal& journal) : logs_(logs), journal_(journal) {}
  [[nodiscard]] bool Visit(const storage::Row& row, bool /*only_log*/) override {
    std::string payload;
    Micros latest{0};
    const bool sensible =
        ForEachLogged(row, [&](const storage::ChangeHead& head, RecordReader& reader) {
          if (logs_.Has(head)) {
            const storage::ChangeRow change = ReadChange(reader, storage::Images::kBoth);
            const storage::KeptChange kept{
                .table = head.table, .key = change.key, .change = &change.change};
            storage::WriteChange(kept, head.sequence, payload);
            latest = std::max(latest, head.time);
          }
        });
    if (!payload.empty()) {
      writable_ = writable_ && journal_.CheckWritable().ok();
      journal_.Append(storage::RowKind::kChanges, payload, latest);
    }
    return sensible;
  }
  void PassOver(Micros /*latest*/) override {}
  // Whether the journal took everything.
  [[nodiscard]] bool writable() const { return writable_; }

 private:
  const WholeLogs& logs_;
  storage::Journal& journal_;
  bool writable_ = true;
};

// Copies what can be read of streams' records. They come before the checkpoint, so they are in the
// logs only.
bool CopyLogs(const storage::Files& damaged, storage::DataStore& store) {
  std::vector<std::string> known;  // was printed already
  WholeLogs logs;
  LogCopier copier(logs, store.journal());
  return LoadWhatIsThere(damaged, logs, known).ok() &&
         LoadWhatIsThere(damaged, copier, known).ok() && copier.writable() &&
         store.journal().Flush();
}

// Writes the contents, which are in the store's engine, to the store's folder.
int Write(const storage::Files& damaged, Contents& contents, storage::DataStore& store) {
  dynamodb::KeptState nothing(store.engine());
  if (const storage::Loaded<void> loaded = store.Load(nothing); !loaded.ok()) {
    return FailCommand(loaded.error().text);
  }
  if (const storage::Io<void> started = store.Start(contents.kept.latest_table()); !started.ok()) {
    return FailCommand(started.error().ToString());
  }
  if (!CopyLogs(damaged, store)) {
    return FailCommand("the records of streams cannot be copied: " + store.journal().failure());
  }
  const SystemClock clock;
  dynamodb::Database database(clock, dynamodb::DatabaseOptions(), &store, &contents.kept);
  const storage::Io<void> written = database.WriteCheckpoint();
  return written.ok() ? 0 : FailCommand(written.error().ToString());
}

int Salvage(const DataCommand& command, const storage::Files& damaged, Contents& contents,
            storage::DataStore& store) {
  const storage::Loaded<LockPtr> lock = FolderLock::Take(command.into);
  if (!lock.ok()) {
    return FailCommand(lock.error().text);
  }
  const storage::Io<std::vector<std::string>> names = storage::NewFolderFiles(command.into)->List();
  if (!names.ok()) {
    return FailCommand(names.error().ToString());
  }
  if (names.value().size() > 1) {  // the lock is one
    return FailCommand(command.into + " is not empty");
  }
  return Write(damaged, contents, store);
}

}  // namespace

int RunDataCommand(const DataCommand& command) {
  const storage::Loaded<LockPtr> lock =
      FolderLock::Take(command.folder, FolderLock::Missing::kIsAFault);
  if (!lock.ok()) {
    return FailCommand(lock.error().text);
  }
  const bool salvages = !command.into.empty();
  const std::unique_ptr<storage::Files> files = storage::NewFolderFiles(command.folder);
  storage::DataStore store(storage::NewFolderFiles(salvages ? command.into : command.folder), {});
  Contents contents(store);
  storage::Loaded<storage::FolderState> state =
      storage::LoadWhatIsThere(*files, contents.kept, contents.damage);
  if (!state.ok()) {
    return FailCommand(state.error().text);
  }
  contents.state = std::move(state).value();
  Print(contents);
  if (salvages) {
    return Salvage(command, *files, contents, store);
  }
  return contents.damage.empty() ? 0 : 1;
}

}  // namespace weir::cli
