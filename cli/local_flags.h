// SPDX-License-Identifier: Apache-2.0
// DynamoDB Local's command line flags, for scripts and compose files that were written for it.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::cli {

struct LocalFlags {
  bool used = false;              // at least one argument was in that style
  std::string error;              // why such a flag is refused; empty if none is
  std::string notice;             // a line on what was passed over; empty if nothing was
  std::vector<std::string> rest;  // the arguments in our own style
};

// Translates those that ask for what Weir does anyway or has a flag for (-port, -sharedDb,
// -inMemory, -disableTelemetry, -delayTransientStatuses, -cors), passes over what is meant for Java
// (-jar DynamoDBLocal.jar, -D…, -X…), and refuses the others with a sentence that says what to do
// instead.
[[nodiscard]] LocalFlags TranslateLocalFlags(const std::vector<std::string>& arguments);

// What DynamoDB Local prints when it serves a port, for which tools wait.
[[nodiscard]] std::string LocalBanner(std::uint16_t port);

}  // namespace weir::cli
