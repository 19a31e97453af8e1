// SPDX-License-Identifier: Apache-2.0
// Interpreters: which of this machine's programs run the functions of a runtime.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runtimes {

struct Interpreter {
  std::string path;
  std::string version;  // "3.11"; for Node, "20"; empty if it was not asked
};

// Looks in the folders of `search_path`. What it finds it remembers. Where it finds nothing, it
// looks again only after a while: an interpreter may be installed meanwhile, and one that does not
// answer takes seconds to ask. Not thread-safe, as it starts keepers; blocks.
class Interpreters {
 public:
  static constexpr std::chrono::milliseconds kBetweenLooks = std::chrono::seconds(5);

  // `keeper` is the command of a keeper (runtimes/keeper.h).
  Interpreters(std::vector<std::string> keeper, std::string search_path,
               std::chrono::milliseconds between_looks = kBetweenLooks)
      : keeper_(std::move(keeper)),
        search_path_(std::move(search_path)),
        between_looks_(between_looks) {}

  // For "python3.12", python3.12 or else python3; for "nodejs20.x", node; for "java21", java.
  // nullopt if there is none that runs.
  std::optional<Interpreter> Find(const std::string& runtime);

 private:
  struct Looked {
    std::optional<Interpreter> found;
    std::chrono::steady_clock::time_point end;
  };
  [[nodiscard]] std::optional<Interpreter> Look(std::string_view runtime) const;
  // The first executable file of that name.
  [[nodiscard]] std::optional<std::string> PathOf(std::string_view name) const;
  // Has the interpreter print its own path and version, on a line each. What stands in the search
  // path may be a script that picks one of several interpreters, or finds none.
  [[nodiscard]] std::optional<Interpreter> Ask(std::string_view name, std::string_view option,
                                               std::string_view program) const;

  const std::vector<std::string> keeper_;
  const std::string search_path_;
  const std::chrono::milliseconds between_looks_;
  std::map<std::string, Looked> looked_;  // by runtime
};

}  // namespace weir::runtimes
