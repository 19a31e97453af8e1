// SPDX-License-Identifier: Apache-2.0
// DynamoDB Local's command line flags, for scripts and compose files that were written for it.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::cli {

struct LocalFlags {
  bool used = false;              // at least one argument was in DynamoDB Local's style
  std::string error;              // why a flag is refused; empty if none is
  std::string notice;             // a line that names the ignored arguments; empty if none were
  std::string origins;            // the value of -cors; empty without that flag
  std::string folder;             // the value of -dbPath; empty without that flag
  std::vector<std::string> rest;  // the arguments in our own style
};

// Translates the flags that Weir has, too, and drops those that ask for what it does anyway (-port,
// -sharedDb, -inMemory, -dbPath, -disableTelemetry, -delayTransientStatuses, -cors). Ignores
// arguments for Java (-jar DynamoDBLocal.jar, -D…, -X…). Refuses DynamoDB Local's other flags with
// a sentence that says what to do instead.
[[nodiscard]] LocalFlags TranslateLocalFlags(const std::vector<std::string>& arguments);

// What DynamoDB Local prints once it serves a port. Tools wait for it. `origins` is the value of
// -cors, `folder` the data folder; either may be empty.
[[nodiscard]] std::string LocalBanner(std::uint16_t port, bool delays_statuses,
                                      const std::string& origins, const std::string& folder);

}  // namespace weir::cli
