// SPDX-License-Identifier: Apache-2.0
// What is set by environment variables and a file, as if it had been given as flags.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::cli {

// A flag of `weir serve` without its dashes: `port` is also the variable WEIR_PORT and the file's
// `port`.
struct Setting {
  std::string name;
  bool takes_value = true;
  bool repeats = false;  // may be given several times; in a variable with commas between
  std::vector<std::string> excluded;  // the names of those that cannot stand beside it
};

// The environment as the process has it: `NAME=value`.
using Environment = std::vector<std::string>;
[[nodiscard]] Environment ProcessEnvironment();

struct SettingsError {
  std::string text;  // a sentence for the user
};

// Arguments for what is not among `arguments` already: what a variable says, else what the file
// says that --config or WEIR_CONFIG names (TOML). No other file is looked for, so that nothing is
// read of a folder that somebody else made. An unknown name is an error that tells the nearest
// right one; unknown variables only where they come near one, since they may be another program's
// (Kubernetes sets WEIR_PORT=tcp://… for a service of that name, and others that start so).
[[nodiscard]] std::variant<std::vector<std::string>, SettingsError> ReadSettings(
    const std::vector<Setting>& known, const std::vector<std::string>& arguments,
    const Environment& environment);

// The one of `names` that needs the fewest changes (a letter more, less or another, or two that
// change places) to become `wrong`, within `most`; else empty.
[[nodiscard]] std::string NearestName(std::string_view wrong, const std::vector<std::string>& names,
                                      std::size_t most);

}  // namespace weir::cli
