// SPDX-License-Identifier: Apache-2.0
// Reads environment variables and a file as if what they set had been given as flags.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::cli {

// A flag of `weir serve`, which can also be set by a variable and in the file: --port by WEIR_PORT
// and `port`.
struct Setting {
  std::string name;  // without dashes
  bool takes_value = true;
  bool repeats = false;  // may have several values, which a variable separates by commas
  std::vector<std::string> excluded;  // the names of the flags that exclude this one
};

// Environment variables, each as `NAME=value`.
using Environment = std::vector<std::string>;
[[nodiscard]] Environment ProcessEnvironment();

struct SettingsError {
  std::string text;  // a sentence for the user
};

// Returns arguments for the settings that `arguments` lack: first by variables, then by the TOML
// file that --config or WEIR_CONFIG names. No other file is looked for, so that a file that
// somebody left in a folder has no effect. Fails if the file can't be read or has a fault, if a
// flag is neither true nor false, and on unknown names; the error names the nearest known one. An
// unknown variable is an error only if it is nearly a known one, since it may be another program's.
// Values that begin with tcp:// are ignored, since Kubernetes sets those, in WEIR_PORT and other
// variables, for a service named `weir`.
[[nodiscard]] std::variant<std::vector<std::string>, SettingsError> ReadSettings(
    const std::vector<Setting>& known, const std::vector<std::string>& arguments,
    const Environment& environment);

// The one of `names` that needs the fewest changes to become `wrong`; empty if all need more than
// `most`. A change adds, removes or replaces a letter, or swaps two neighbours.
[[nodiscard]] std::string NearestName(std::string_view wrong, const std::vector<std::string>& names,
                                      std::size_t most);

}  // namespace weir::cli
