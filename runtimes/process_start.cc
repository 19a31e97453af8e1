// SPDX-License-Identifier: Apache-2.0
#include "runtimes/process_start.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/memory_reserve.h"
#include "runtimes/invocation_errors.h"
#include "runtimes/program.h"

namespace weir::runtimes {
namespace {

// An error of this machine's, not of the function's.
StartFault SystemFault(const std::string& what, int error) {
  return {.type = "Runtime.Unknown",
          .message = "Weir cannot start a process: " + what + ": " +
                     std::generic_category().message(error)};
}

int MakeFolder(const std::filesystem::path& folder) {
  constexpr mode_t kOwnerOnly = 0700;
  return mkdir(folder.c_str(), kOwnerOnly) == 0 ? 0 : errno;
}

}  // namespace

Result<CodeFolderPtr, std::string> OpenCode(const FunctionSpec& function) {
  try {
    const MemoryReserve::MayFail here;  // a zip is larger than the reserve
    return function.code->Open();
  } catch (const std::bad_alloc&) {
    return std::string("There is no memory to open the function's code");
  }
}

Result<ProcessStart, StartFault> PrepareProcess(const FunctionSpec& function, ProcessPlace place,
                                                Interpreters& interpreters,
                                                const std::vector<std::string>& keeper) {
  Result<CodeFolderPtr, std::string> code = OpenCode(function);
  if (!code.ok()) {
    return StartFault{.type = {}, .message = std::move(code).error()};
  }
  place.code = code.value()->path.string();
  const std::filesystem::path folder = place.folder;
  for (const std::filesystem::path& path : {folder, folder / "tmp"}) {
    if (const int error = MakeFolder(path); error != 0) {
      return SystemFault(path.string(), error);
    }
  }
  Result<Program, NoProgram> program =
      ProgramOf(function, code.value()->path, place.folder, interpreters);
  if (!program.ok()) {
    return StartFault{.type = std::string(kInvalidEntrypoint),
                      .message = std::move(program).error().message};
  }
  if (const std::string& name = program.value().bootstrap_name; !name.empty()) {
    std::ofstream file(folder / name, std::ios::binary);
    file << program.value().bootstrap << std::flush;
    if (!file) {
      return SystemFault((folder / name).string(), errno);
    }
  }
  // As on AWS, where it is /var/task.
  KeeperOrder order{
      .folder = place.code, .arguments = std::move(program.value().arguments), .environment = {}};
  for (const auto& [name, value] : EnvironmentOf(function, place)) {
    order.environment.push_back(std::string(name).append("=").append(value));
  }
  Result<KeeperProcess, int> started = StartKeeper(keeper);
  if (!started.ok()) {
    return SystemFault(keeper.front(), started.error());
  }
  return ProcessStart{.code = std::move(code).value(),
                      .keeper = std::move(started).value(),
                      .order = std::move(order),
                      .note = std::move(program.value().note)};
}

}  // namespace weir::runtimes
