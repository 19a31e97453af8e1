// SPDX-License-Identifier: Apache-2.0
#include "cli/triggers_command.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

#include "cli/text_table.h"
#include "core/text.h"

namespace weir::cli {
namespace {

// A column of the table: its title, and the member of a trigger that is in it.
using Column = std::pair<const char*, const char*>;
constexpr std::array<Column, 11> kColumns = {{{"FUNCTION", "function"},
                                              {"TABLE", "table"},
                                              {"STATE", "state"},
                                              {"AGE MS", "iteratorAgeMs"},
                                              {"IN FLIGHT", "inFlight"},
                                              {"RECORDS", "records"},
                                              {"FILTERED", "filtered"},
                                              {"RETRIES", "retries"},
                                              {"DEAD", "deadLetters"},
                                              {"LOST", "lost"},
                                              {"LAST RESULT", "lastResult"}}};

// A value as it is shown: text as it is, anything else as JSON, and `-` for nothing.
std::string Shown(const Json& value) {
  if (value.is_null()) {
    return "-";
  }
  return Printable(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

std::string TriggerTable(const Json& triggers) {
  std::vector<TextRow> rows(1);
  for (const Column& column : kColumns) {
    rows.front().emplace_back(column.first);
  }
  for (const Json& trigger : triggers) {
    TextRow row;
    for (const Column& column : kColumns) {
      row.push_back(Shown(trigger.value(column.second, Json())));
    }
    rows.push_back(std::move(row));
  }
  return FormatTable(rows);
}

std::string TriggerDetails(const Json& trigger) {
  std::vector<TextRow> rows;
  for (const auto& [name, value] : trigger.items()) {
    rows.push_back({Printable(name), Shown(value)});
  }
  return FormatTable(rows);
}

bool IsTriggerOf(const Json& trigger, const std::string& name) {
  const std::string function = TextOf(trigger, "function");
  return function == name || function.substr(0, function.find(':')) == name ||
         TextOf(trigger, "table") == name || TextOf(trigger, "uuid") == name;
}

int RunTriggersCommand(const TriggersCommand& command) {
  const ControlReply reply = CallControl(command.target, {.path = "/_weir/triggers"});
  if (!reply.error.empty()) {
    return FailCommand("no answer: " + reply.error);
  }
  const Json answer = ObjectIn(reply);
  const auto triggers = answer.find("triggers");
  if (reply.status != 200 || triggers == answer.end() || !triggers->is_array()) {
    return FailCommand(RefusalIn(reply, answer));
  }
  std::vector<std::string> details;
  Json all = Json::array();
  for (const Json& trigger : *triggers) {
    if (!trigger.is_object()) {
      continue;
    }
    all.push_back(trigger);
    if (IsTriggerOf(trigger, command.name)) {
      details.push_back(TriggerDetails(trigger));
    }
  }
  if (command.name.empty()) {
    std::fputs(TriggerTable(all).c_str(), stdout);
    return 0;
  }
  for (std::size_t i = 0; i < details.size(); ++i) {
    std::printf("%s%s", i == 0 ? "" : "\n", details[i].c_str());
  }
  return details.empty() ? FailCommand("there is no trigger of " + command.name) : 0;
}

}  // namespace weir::cli
