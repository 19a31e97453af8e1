// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_command.h"

#include <cstdio>
#include <optional>

#include "core/text.h"
#include "protocol/json_tree.h"

namespace weir::cli {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::JsonTree;

// Long, since everything that is due in the span has to happen before the answer.
constexpr std::chrono::seconds kTimeout{600};

// The text of a member of the answer; empty if there is no answer or no such member.
std::string AnswerText(const std::optional<JsonTree>& answer, std::string_view member) {
  return answer.has_value() ? MemberText(answer->root(), member) : std::string();
}

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
  const std::optional<JsonTree> answer = JsonTree::Parse(reply.body);
  const std::string now = AnswerText(answer, "now");
  if (reply.status != 200 || now.empty()) {
    const std::string message = AnswerText(answer, "message");
    return FailCommand(message.empty() ? "HTTP status " + std::to_string(reply.status) : message);
  }
  const std::optional<JsonNode> frozen = answer->root().Find("frozen");
  const bool is_frozen = frozen.has_value() && frozen->kind() == JsonKind::kTrue;
  std::printf("%s%s\n", Printable(now).c_str(), is_frozen ? " frozen" : "");
  return 0;
}

}  // namespace weir::cli
