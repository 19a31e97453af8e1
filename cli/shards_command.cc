// SPDX-License-Identifier: Apache-2.0
#include "cli/shards_command.h"

#include <cstdio>
#include <optional>

#include "core/text.h"
#include "protocol/json_tree.h"

namespace weir::cli {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::JsonTree;

void PrintShard(JsonNode shard) {
  const std::string parent = MemberText(shard, "ParentShardId");
  std::printf("%s %-6s %s-%s%s%s\n", MemberText(shard, "ShardId").c_str(),
              MemberText(shard, "State").c_str(), MemberText(shard, "FirstHash").c_str(),
              MemberText(shard, "LastHash").c_str(), parent.empty() ? "" : " child of ",
              parent.c_str());
}

}  // namespace

int RunShardsCommand(const ShardsCommand& command) {
  std::string after;
  do {
    const std::string path =
        command.change.empty() ? "/_weir/shards?table=" + command.table + after : "/_weir/shards";
    const ControlReply reply = CallControl(
        command.target,
        {.method = command.change.empty() ? "GET" : "POST", .path = path, .body = command.change});
    if (!reply.error.empty()) {
      return FailCommand("no answer: " + reply.error);
    }
    const std::optional<JsonTree> answer = JsonTree::Parse(reply.body);
    const std::optional<JsonNode> shards =
        answer.has_value() && answer->root().kind() == JsonKind::kObject
            ? answer->root().Find("Shards")
            : std::nullopt;
    if (reply.status != 200 || !shards.has_value()) {
      const std::string message = answer.has_value() ? MemberText(answer->root(), "message") : "";
      return FailCommand(message.empty() ? "HTTP status " + std::to_string(reply.status) : message);
    }
    for (const JsonNode shard : *shards) {
      PrintShard(shard);
    }
    after = MemberText(answer->root(), "LastEvaluatedShardId");
    if (!after.empty()) {
      after.insert(0, "&after=");
    }
  } while (!after.empty());
  return 0;
}

}  // namespace weir::cli
