// SPDX-License-Identifier: Apache-2.0
// /_weir/shards: shows and changes the shards of a stream.
//
//   GET  ?table=<name> or ?stream=<ARN>, &limit=<count>, &after=<shard's id>   → listing
//   POST change                                         → the listing after the change
//   change  := {"TableName": name} or {"StreamArn": ARN}, and
//              {"Action": "SPLIT" | "ROTATE" | "CLOSE", "ShardId": id}, without an id for all open
//              shards, or {"Action": "SET", "OpenShards": count}
//   listing := {"StreamArn", "Shards": [{"ShardId", "State", …}]}: ShardListing in
//              services/dynamodb/streams/shard_control.h
//
// Errors are AWS's: ResourceNotFoundException, ValidationException.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "protocol/http.h"
#include "services/dynamodb/streams/shard_control.h"

namespace weir::dynamodb {

struct ShardRequest {
  std::string stream_or_table;
  ShardChange change;
  bool has_action = false;
};

// Fails with a ValidationException whose text says what is wrong.
Result<ShardRequest> ParseShardRequest(std::string_view body);

// Thread-safe. `database` must outlive it.
class ShardsEndpoint final : public protocol::RequestHandler {
 public:
  explicit ShardsEndpoint(Database& database) : database_(database) {}

  static constexpr std::string_view kPath = "/_weir/shards";

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  Result<ShardListing> Call(const protocol::HttpRequest& request);

  Database& database_;
};

}  // namespace weir::dynamodb
