// SPDX-License-Identifier: Apache-2.0
#include "cli/healthcheck.h"

#include <cstdio>

namespace weir::cli {
namespace {

int Fail(const std::string& reason) {
  std::fprintf(stderr, "weir: not healthy: %s\n", reason.c_str());
  return 1;
}

}  // namespace

int Healthcheck(const ServerAddress& server) {
  const ControlReply reply = CallControl(server, {.path = "/_weir/health"});
  if (!reply.error.empty()) {
    return Fail(reply.error);
  }
  return reply.status == 200 ? 0 : Fail("HTTP status " + std::to_string(reply.status));
}

}  // namespace weir::cli
