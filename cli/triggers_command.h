// SPDX-License-Identifier: Apache-2.0
// `weir triggers`: how the event source mappings are doing, by /_weir/triggers.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct TriggersCommand {
  ServerAddress target;
  std::string name;  // only those of this function or table, or with this UUID; empty: all
};

// Prints a table of all triggers, or everything that the server says of those that are meant.
// Returns the exit code: 0, or 1 with the reason on stderr.
int RunTriggersCommand(const TriggersCommand& command);

// A table of the triggers in the server's answer.
std::string TriggerTable(const Json& triggers);

// The members of a trigger, a line each.
std::string TriggerDetails(const Json& trigger);

// Whether the trigger is that of this function, with its qualifier or without, or of this table, or
// has this UUID.
bool IsTriggerOf(const Json& trigger, const std::string& name);

}  // namespace weir::cli
