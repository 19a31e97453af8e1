// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/shards_endpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "control/control.h"
#include "control/members.h"
#include "protocol/json_tree.h"
#include "protocol/query_request.h"
#include "services/dynamodb/wire/error_body.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;

// Reads a parameter of a query, `name=value`, into `query`.
Status ReadParameter(std::string_view parameter, ShardQuery& query) {
  const std::size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string_view name = parameter.substr(0, equals);
  const std::optional<std::string> value =
      protocol::DecodePercentStrictly(parameter.substr(std::min(equals + 1, parameter.size())));
  if (value.has_value() && (name == "table" || name == "stream")) {
    query.stream_or_table = *value;
    return {};
  }
  if (value.has_value() && name == "after") {
    query.after = stream::ShardId::Parse(*value);
    return query.after.has_value() ? Status()
                                   : Status(ValidationError("after must be a shard's id"));
  }
  if (value.has_value() && name == "limit") {
    const char* const end = value->data() + value->size();
    const auto parsed = std::from_chars(value->data(), end, query.limit);
    const bool good = parsed.ec == std::errc() && parsed.ptr == end && query.limit >= 1 &&
                      query.limit <= ShardQuery::kShardListingPage;
    return good ? Status()
                : Status(ValidationError("limit must be a number from 1 to " +
                                         std::to_string(ShardQuery::kShardListingPage)));
  }
  return ValidationError("Only table=<name> or stream=<ARN>, limit and after are known");
}

Result<ShardQuery> ParseQuery(std::string_view left) {
  ShardQuery query;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('&'), left.size());
    WEIR_RETURN_IF_ERROR(ReadParameter(left.substr(0, end), query));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  if (query.stream_or_table.empty()) {
    return ValidationError("The query must have table=<name> or stream=<ARN>");
  }
  return query;
}

constexpr std::string_view kKnown =
    "Only the strings TableName, StreamArn, ShardId and Action (SPLIT, ROTATE, CLOSE or SET) and "
    "the integer OpenShards are known";

Status ReadAction(const JsonNode& value, ShardRequest& request) {
  for (const auto& [name, action] : EnumNames<ShardAction>::kNames) {
    if (name == value.text()) {
      request.change.action = action;
      request.has_action = true;
      return {};
    }
  }
  return ValidationError(std::string(kKnown));
}

Status ReadShard(const JsonNode& value, ShardRequest& request) {
  request.change.shard_id = value.text();
  return {};
}

Status ReadOpenShards(const JsonNode& value, ShardRequest& request) {
  request.change.open_shards = value.integer();
  return {};
}

constexpr auto kReadStream = control::ReadText<ShardRequest, &ShardRequest::stream_or_table>;
constexpr control::Member<ShardRequest> kMembers[] = {
    {"TableName", kReadStream, JsonKind::kString},
    {"StreamArn", kReadStream, JsonKind::kString},
    {"ShardId", ReadShard, JsonKind::kString},
    {"Action", ReadAction, JsonKind::kString},
    {"OpenShards", ReadOpenShards, JsonKind::kInteger},
};
constexpr control::RequestForm<ShardRequest> kForm{
    .example = R"({"TableName": "Music", "Action": "ROTATE"})",
    .known = kKnown,
    .members = kMembers,
};

}  // namespace

Result<ShardRequest> ParseShardRequest(std::string_view body) {
  WEIR_ASSIGN_OR_RETURN(ShardRequest request, control::ReadRequest(body, kForm));
  if (request.stream_or_table.empty() || !request.has_action) {
    return ValidationError("Action is required, and TableName or StreamArn");
  }
  return request;
}

Result<ShardListing> ShardsEndpoint::Call(const protocol::HttpRequest& request) {
  if (request.method() == "POST") {
    WEIR_ASSIGN_OR_RETURN(const ShardRequest parsed, ParseShardRequest(request.body()));
    return ChangeShards(database_, parsed.stream_or_table, parsed.change);
  }
  WEIR_ASSIGN_OR_RETURN(const ShardQuery query, ParseQuery(request.query()));
  return ListShards(database_, query);
}

void ShardsEndpoint::Handle(const protocol::HttpRequest& request,
                            protocol::HttpResponse& response) {
  response.content_type = control::kControlContentType;
  const Result<ShardListing> listing = Call(request);
  if (listing.ok()) {
    AppendJson(listing.value(), response.body);
  } else {
    dynamodb::WriteError(listing.error(), response);
  }
}

}  // namespace weir::dynamodb
