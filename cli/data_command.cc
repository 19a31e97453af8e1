// SPDX-License-Identifier: Apache-2.0
#include "cli/data_command.h"

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "cli/control_client.h"
#include "core/clock.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/kept_state.h"
#include "storage/disk/data_folder.h"
#include "storage/disk/data_store.h"

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

// Writes the contents, which are in the store's engine, to the store's folder.
int Write(Contents& contents, storage::DataStore& store) {
  dynamodb::KeptState nothing(store.engine());
  if (const storage::Loaded<void> loaded = store.Load(nothing); !loaded.ok()) {
    return FailCommand(loaded.error().text);
  }
  if (const storage::Io<void> started = store.Start(contents.kept.latest_table()); !started.ok()) {
    return FailCommand(started.error().ToString());
  }
  const SystemClock clock;
  dynamodb::Database database(clock, dynamodb::DatabaseOptions(), &store, &contents.kept);
  const storage::Io<void> written = database.WriteCheckpoint();
  return written.ok() ? 0 : FailCommand(written.error().ToString());
}

int Salvage(const DataCommand& command, Contents& contents, storage::DataStore& store) {
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
  return Write(contents, store);
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
    return Salvage(command, contents, store);
  }
  return contents.damage.empty() ? 0 : 1;
}

}  // namespace weir::cli
