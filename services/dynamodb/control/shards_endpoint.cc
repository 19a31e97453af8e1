// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/shards_endpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "control/control.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/error_body.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;

// The text that stands percent-encoded in a query; none if it is broken.
std::optional<std::string> Decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    unsigned byte = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) {
      return std::nullopt;
    }
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  return decoded;
}

// A parameter of a query: `name=value`.
Status ReadParameter(std::string_view parameter, ShardQuery& query) {
  const std::size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string_view name = parameter.substr(0, equals);
  const std::optional<std::string> value =
      Decode(parameter.substr(std::min(equals + 1, parameter.size())));
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

Status ReadMember(JsonNode member, ShardRequest& request) {
  const std::string_view name = member.key();
  if (name == "OpenShards" && member.kind() == JsonKind::kInteger) {
    request.change.open_shards = member.integer();
    return {};
  }
  if (member.kind() == JsonKind::kString) {
    if (name == "TableName" || name == "StreamArn") {
      request.stream_or_table = member.text();
      return {};
    }
    if (name == "ShardId") {
      request.change.shard_id = member.text();
      return {};
    }
    for (const auto& [action, value] : EnumNames<ShardAction>::kNames) {
      if (name == "Action" && action == member.text()) {
        request.change.action = value;
        return {};
      }
    }
  }
  return ValidationError(
      "Only the strings TableName, StreamArn, ShardId and Action (SPLIT, ROTATE, CLOSE or SET) and "
      "the integer OpenShards are known");
}

}  // namespace

Result<ShardRequest> ParseShardRequest(std::string_view body) {
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(body);
  if (!tree.has_value() || tree->root().kind() != JsonKind::kObject) {
    return ValidationError(
        R"(The body must be a JSON object, such as {"TableName": "Music", "Action": "ROTATE"})");
  }
  ShardRequest request;
  for (const JsonNode member : tree->root()) {
    WEIR_RETURN_IF_ERROR(ReadMember(member, request));
  }
  if (request.stream_or_table.empty() || !tree->root().Find("Action").has_value()) {
    return ValidationError("Action must be there, and TableName or StreamArn");
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
