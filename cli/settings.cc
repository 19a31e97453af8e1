// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/text.h"

namespace weir::cli {
namespace {

constexpr std::string_view kPrefix = "WEIR_";
constexpr std::string_view kConfig = "config";
constexpr std::size_t kMostFileBytes = std::size_t{64} << 10U;
constexpr std::size_t kMostLineBytes = 4096;

using Values = std::map<std::string, std::vector<std::string>>;  // by a setting's name

std::string VariableName(std::string_view setting) {
  std::string name(kPrefix);
  for (const char c : setting) {
    name.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

// The value after `--name` or `--name=`, empty if there is none; nullopt if the flag is missing.
std::optional<std::string> Given(const std::vector<std::string>& arguments, std::string_view name) {
  const std::string flag = "--" + std::string(name);
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == flag) {
      return std::next(argument) == arguments.end() ? std::string() : *std::next(argument);
    }
    if (argument->starts_with(flag + "=")) {
      return argument->substr(flag.size() + 1);
    }
  }
  return std::nullopt;
}

std::vector<std::string> NamesOf(const std::vector<Setting>& known) {
  std::vector<std::string> names;
  std::transform(known.begin(), known.end(), std::back_inserter(names),
                 [](const Setting& setting) { return setting.name; });
  return names;
}

std::string Unknown(std::string_view what, std::string_view name, const std::string& nearest) {
  std::string text(what);
  text.append(" '").append(name).append("' is not known");
  return nearest.empty() ? text : text + "; the nearest is '" + nearest + "'";
}

std::variant<Values, SettingsError> ReadVariables(const std::vector<Setting>& known,
                                                  const Environment& environment) {
  std::map<std::string, const Setting*> by_variable;
  std::vector<std::string> names;
  for (const Setting& setting : known) {
    names.push_back(VariableName(setting.name));
    by_variable.emplace(names.back(), &setting);
  }
  Values values;
  for (const std::string& entry : environment) {
    const std::string name = entry.substr(0, entry.find('='));
    const std::string value = entry.substr(std::min(name.size() + 1, entry.size()));
    if (!name.starts_with(kPrefix) || value.starts_with("tcp://")) {
      continue;
    }
    const auto setting = by_variable.find(name);
    if (setting == by_variable.end()) {
      if (const std::string nearest = NearestName(name, names, 1); !nearest.empty()) {
        return SettingsError{Unknown("the variable", name, nearest)};
      }
    } else if (!value.empty()) {
      std::vector<std::string>& all = values[setting->second->name];
      all = setting->second->repeats ? Split(value, ',') : std::vector<std::string>{value};
      std::erase(all, std::string());
    }
  }
  return values;
}

// The text made printable, and cut so that it is not too long for a sentence.
std::string Shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  return Excerpt(text, kMost);
}

std::optional<std::string> ReadWhole(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || error ||
      std::filesystem::file_size(path, error) > kMostFileBytes || error) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostFileBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  return text;
}

// How many lists a line opens and does not close.
int OpenLists(std::string_view line) {
  int open = 0;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      break;
    } else {
      open += c == '[' ? 1 : c == ']' ? -1 : 0;
    }
  }
  return open;
}

// Why a file is refused that CLI11 would accept, although it is not what we mean by TOML or would
// take CLI11 long to read; empty if it is not refused.
std::string FaultOfForm(std::string_view text) {
  std::vector<std::string> seen;
  for (std::string_view line; !text.empty();) {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    if (line.size() > kMostLineBytes) {
      return "a line has more than " + std::to_string(kMostLineBytes) + " bytes";
    }
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    if (line.starts_with('[')) {
      return "sections are not known";
    }
    if (OpenLists(line) != 0) {
      return "a list stands on one line, between [ and ]";
    }
    std::string name(line.substr(0, line.find_first_of(" \t=")));
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return "'" + Shown(name) + "' is set twice";
    }
    seen.push_back(std::move(name));
  }
  return {};
}

std::optional<SettingsError> CheckItem(const std::string& path, const CLI::ConfigItem& item,
                                       const std::vector<Setting>& known) {
  const std::string name = item.fullname();
  const auto setting = std::find_if(known.begin(), known.end(),
                                    [&](const Setting& one) { return one.name == name; });
  if (name == kConfig) {
    return SettingsError{path + ": a file does not name another"};
  }
  if (setting == known.end()) {
    return SettingsError{path + ": " +
                         Unknown("the setting", Shown(name),
                                 NearestName(Shown(name), NamesOf(known), Shown(name).size()))};
  }
  const bool has_empty =
      std::find(item.inputs.begin(), item.inputs.end(), std::string()) != item.inputs.end();
  if (has_empty || item.inputs.empty() || (item.inputs.size() > 1 && !setting->repeats)) {
    return SettingsError{path + ": '" + name + "' takes " +
                         (setting->repeats ? "values that are not empty" : "one value")};
  }
  return std::nullopt;
}

std::variant<Values, SettingsError> ReadFile(const std::vector<Setting>& known,
                                             const std::string& path) {
  const std::optional<std::string> text = ReadWhole(path);
  if (!text.has_value()) {
    return SettingsError{"the file " + Shown(path) + " cannot be read, or has more than 64 KiB"};
  }
  if (const std::string fault = FaultOfForm(*text); !fault.empty()) {
    return SettingsError{path + ": " + fault};
  }
  Values values;
  try {
    std::istringstream stream(*text);
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(stream)) {
      if (std::optional<SettingsError> error = CheckItem(path, item, known)) {
        return *std::move(error);
      }
      values[item.fullname()] = item.inputs;
    }
  } catch (const CLI::Error& error) {
    return SettingsError{path + ": " + Shown(error.what())};
  }
  return values;
}

// The setting as arguments; nullopt if it takes no value and is neither true nor false.
// Whether a setting is there, and not a flag that is switched off.
bool IsOn(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found != values.end() && found->second != std::vector<std::string>{"false"};
}

std::optional<std::vector<std::string>> AsArguments(const Setting& setting,
                                                    const std::vector<std::string>& values) {
  std::vector<std::string> arguments;
  for (const std::string& value : values) {
    if (setting.takes_value) {
      arguments.push_back("--" + setting.name + "=" + value);
    } else if (value == "true") {
      arguments.push_back("--" + setting.name);
    } else if (value != "false") {
      return std::nullopt;
    }
  }
  return arguments;
}

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  return environment;
}

std::variant<std::vector<std::string>, SettingsError> ReadSettings(
    const std::vector<Setting>& known, const std::vector<std::string>& arguments,
    const Environment& environment) {
  auto read = ReadVariables(known, environment);
  if (auto* error = std::get_if<SettingsError>(&read)) {
    return std::move(*error);
  }
  const Values variables = std::get<Values>(std::move(read));
  const auto named = variables.find(std::string(kConfig));
  const std::optional<std::string> path =
      named != variables.end() && !Given(arguments, kConfig).has_value()
          ? named->second.front()
          : Given(arguments, kConfig);
  Values file;
  if (path.has_value()) {
    auto contents = ReadFile(known, *path);
    if (auto* error = std::get_if<SettingsError>(&contents)) {
      return std::move(*error);
    }
    file = std::get<Values>(std::move(contents));
  }
  std::vector<std::string> added;
  for (const Setting& setting : known) {
    const bool in_variable = variables.contains(setting.name);
    const Values& source = in_variable ? variables : file;
    const auto values = source.find(setting.name);
    const bool yields = std::any_of(
        setting.excluded.begin(), setting.excluded.end(), [&](const std::string& other) {
          return Given(arguments, other).has_value() || (!in_variable && IsOn(variables, other));
        });
    if (values == source.end() || yields || Given(arguments, setting.name).has_value()) {
      continue;
    }
    const auto more = AsArguments(setting, values->second);
    if (!more.has_value()) {
      return SettingsError{"'" + setting.name + "' is either true or false"};
    }
    added.insert(added.end(), more->begin(), more->end());
  }
  return added;
}

std::string NearestName(std::string_view wrong, const std::vector<std::string>& names,
                        std::size_t most) {
  std::string nearest;
  for (const std::string& name : names) {
    // The optimal string alignment distance, a row at a time.
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    std::vector<std::size_t> above = row;
    std::vector<std::size_t> two_above = row;
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      two_above = std::exchange(above, row);
      row[0] = i + 1;
      for (std::size_t j = 0; j < name.size(); ++j) {
        const std::size_t replaced = above[j] + (wrong[i] == name[j] ? 0 : 1);
        row[j + 1] = std::min({replaced, row[j] + 1, above[j + 1] + 1});
        if (i > 0 && j > 0 && wrong[i] == name[j - 1] && wrong[i - 1] == name[j]) {
          row[j + 1] = std::min(row[j + 1], two_above[j - 1] + 1);
        }
      }
    }
    if (row.back() <= most) {
      most = row.back();
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace weir::cli
