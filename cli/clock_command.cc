// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_command.h"

#include <cstdio>
#include <string>

#include "core/text.h"

namespace weir::cli {
namespace {

// Long, since everything that is due in the span has to happen before the answer.
constexpr std::chrono::seconds kTimeout{600};

}  // namespace

int RunClockCommand(const ClockCommand& command) {
  const ControlReply reply =
      CallControl(command.target, {.method = command.change.empty() ? "GET" : "POST",
                                   .path = "/_weir/clock",
                                   .body = command.change,
                                   .timeout = kTimeout});
  if (!reply.error.empty()) {
    return FailCommand("no answer: " + reply.error);
  }
  const Json answer = ObjectIn(reply);
  const std::string now = TextOf(answer, "now");
  if (reply.status != 200 || now.empty()) {
    return FailCommand(RefusalIn(reply, answer));
  }
  std::printf("%s%s\n", Printable(now).c_str(), IsTrue(answer, "frozen") ? " frozen" : "");
  return 0;
}

}  // namespace weir::cli
