// SPDX-License-Identifier: Apache-2.0
#include "runtimes/interpreters.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "runtimes/keeper_process.h"

namespace weir::runtimes {

std::optional<Interpreter> Interpreters::Find(const std::string& runtime) {
  using std::chrono::steady_clock;
  const auto looked = looked_.find(runtime);
  if (looked != looked_.end() && (looked->second.found.has_value() ||
                                  steady_clock::now() - looked->second.end < between_looks_)) {
    return looked->second.found;
  }
  std::optional<Interpreter> found = Look(runtime);
  looked_.insert_or_assign(runtime, Looked{found, steady_clock::now()});
  return found;
}

std::optional<Interpreter> Interpreters::Look(std::string_view runtime) const {
  if (runtime.starts_with("python")) {
    constexpr std::string_view kProgram =
        "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])";
    for (const std::string_view name : {runtime, std::string_view("python3")}) {
      if (std::optional<Interpreter> python = Ask(name, "-c", kProgram)) {
        return python;
      }
    }
    return std::nullopt;
  }
  if (runtime.starts_with("nodejs")) {
    return Ask("node", "-p", R"(process.execPath + '\n' + process.versions.node.split('.')[0])");
  }
  const std::optional<std::string> path = PathOf("java");
  return path.has_value() ? std::optional(Interpreter{.path = *path, .version = {}}) : std::nullopt;
}

std::optional<std::string> Interpreters::PathOf(std::string_view name) const {
  for (std::string_view rest = search_path_; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string path = std::string(rest.substr(0, end)).append("/").append(name);
    struct stat info {};
    if (end > 0 && stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
        access(path.c_str(), X_OK) == 0) {
      return path;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::optional<Interpreter> Interpreters::Ask(std::string_view name, std::string_view option,
                                             std::string_view program) const {
  constexpr std::chrono::seconds kLimit{5};
  const std::optional<std::string> path = PathOf(name);
  if (!path.has_value()) {
    return std::nullopt;
  }
  KeeperOrder order{.folder = "/",
                    .arguments = {*path, std::string(option), std::string(program)},
                    .environment = {"PATH=" + search_path_}};
  if (const char* const home = std::getenv("HOME")) {
    order.environment.push_back(std::string("HOME=") + home);  // for tools that pick a version
  }
  const std::optional<std::string> answer = RunToEnd(keeper_, order, kLimit);
  const std::size_t line = answer.has_value() ? answer->find('\n') : std::string::npos;
  if (line == std::string::npos || line == 0) {
    return std::nullopt;
  }
  const std::size_t end = answer->find('\n', line + 1);
  return Interpreter{.path = answer->substr(0, line),
                     .version = answer->substr(line + 1, end - line - 1)};
}

}  // namespace weir::runtimes
