// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

namespace weir::cli {
namespace {

constexpr std::string_view kPrefix = "WEIR_";
constexpr std::string_view kConfig = "config";
constexpr std::size_t kMostFileBytes = std::size_t{1} << 20U;
// Changes within which a name is taken for a misspelt one.
constexpr std::size_t kMisspelt = 2;

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

// The value that follows `--name` or stands behind `--name=`.
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
      if (const std::string nearest = NearestName(name, names, kMisspelt); !nearest.empty()) {
        return SettingsError{Unknown("the variable", name, nearest)};
      }
    } else if (!value.empty()) {
      values[setting->second->name] =
          setting->second->repeats ? Split(value, ',') : std::vector<std::string>{value};
    }
  }
  return values;
}

std::variant<Values, SettingsError> ReadFile(const std::vector<Setting>& known,
                                             const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (!file.eof() || text.size() > kMostFileBytes) {
    return SettingsError{"the file " + path + " cannot be read, or has more than 1 MiB"};
  }
  Values values;
  try {
    const std::vector<std::string> names = NamesOf(known);
    std::istringstream stream(text);
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(stream)) {
      const std::string name = item.fullname();
      if (name == kConfig || std::find(names.begin(), names.end(), name) == names.end()) {
        return SettingsError{path + ": " +
                             Unknown("the setting", name, NearestName(name, names, name.size()))};
      }
      values[name] = item.inputs;
    }
  } catch (const CLI::Error& error) {
    return SettingsError{path + ": " + error.what()};
  }
  return values;
}

// As arguments; none if a flag is given what is neither true nor false.
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
    const Values& source = variables.contains(setting.name) ? variables : file;
    const auto values = source.find(setting.name);
    if (values == source.end() || Given(arguments, setting.name).has_value()) {
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
    // Levenshtein's distance, a row at a time.
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i + 1);
      for (std::size_t j = 0; j < name.size(); ++j) {
        const std::size_t replaced = diagonal + (wrong[i] == name[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
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
