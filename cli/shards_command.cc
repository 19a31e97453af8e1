// SPDX-License-Identifier: Apache-2.0
#include "cli/shards_command.h"

#include <cstdio>
#include <string>

#include "core/text.h"

namespace weir::cli {
namespace {

void PrintShard(const Json& shard) {
  const auto text = [&](const char* member) { return Printable(TextOf(shard, member)); };
  const std::string parent = text("ParentShardId");
  std::printf("%s %-6s %s-%s%s%s\n", text("ShardId").c_str(), text("State").c_str(),
              text("FirstHash").c_str(), text("LastHash").c_str(),
              parent.empty() ? "" : " child of ", parent.c_str());
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
    const Json answer = ObjectIn(reply);
    const auto shards = answer.find("Shards");
    if (reply.status != 200 || shards == answer.end() || !shards->is_array()) {
      return FailCommand(RefusalIn(reply, answer));
    }
    for (const Json& shard : *shards) {
      if (shard.is_object()) {
        PrintShard(shard);
      }
    }
    after = TextOf(answer, "LastEvaluatedShardId");
    if (!after.empty()) {
      after.insert(0, "&after=");
    }
  } while (!after.empty());
  return 0;
}

}  // namespace weir::cli
