// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/records_endpoint.h"

#include <memory>
#include <optional>
#include <utility>

#include "control/control.h"
#include "core/time_text.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/error_body.h"

namespace weir::dynamodb {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using StartType = stream::ReaderStart::Type;

Status ReadStart(std::string_view text, stream::ReaderStart& start) {
  if (text == "LATEST") {
    start.type = StartType::kLatest;
  } else if (text == "TRIM_HORIZON") {
    start.type = StartType::kTrimHorizon;
  } else if (const std::optional<Micros> time = ParseTime(text)) {
    start = {StartType::kAtTimestamp, *time};
  } else {
    return ValidationError(
        "Start must be LATEST, TRIM_HORIZON or a time such as 2030-01-31T12:00:00Z");
  }
  return {};
}

Status ReadInteger(JsonNode member, std::int64_t least, std::int64_t most, std::int64_t& out) {
  out = member.kind() == JsonKind::kInteger ? member.integer() : least - 1;
  if (out < least || out > most) {
    return ValidationError(std::string(member.key()) + " must be a number from " +
                           std::to_string(least) + " to " + std::to_string(most));
  }
  return {};
}

Status ReadMember(JsonNode member, RecordsRequest& request) {
  const std::string_view name = member.key();
  std::int64_t number = 0;
  if (name == "WaitSeconds") {
    WEIR_RETURN_IF_ERROR(ReadInteger(member, 0, RecordsEndpoint::kLongestWait.count(), number));
    request.wait = std::chrono::seconds(number);
    return {};
  }
  if (name == "Limit") {
    WEIR_RETURN_IF_ERROR(ReadInteger(member, 1, std::int64_t{limits::kGetRecordsLimit}, number));
    request.limit = static_cast<std::size_t>(number);
    return {};
  }
  if (member.kind() == JsonKind::kString) {
    if (name == "TableName" || name == "StreamArn") {
      request.start.stream_or_table = member.text();
      return {};
    }
    if (name == "Checkpoint") {
      request.start.checkpoint = member.text();
      return {};
    }
    if (name == "Start") {
      return ReadStart(member.text(), request.start.start);
    }
  }
  return ValidationError(
      "Only the strings TableName, StreamArn, Start and Checkpoint and the integers WaitSeconds "
      "and Limit are known");
}

}  // namespace

Result<RecordsRequest> ParseRecordsRequest(std::string_view body) {
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(body);
  if (!tree.has_value() || tree->root().kind() != JsonKind::kObject) {
    return ValidationError(
        R"(The body must be a JSON object, such as {"TableName": "Music", "WaitSeconds": 10})");
  }
  RecordsRequest request;
  for (const JsonNode member : tree->root()) {
    WEIR_RETURN_IF_ERROR(ReadMember(member, request));
  }
  if (request.start.stream_or_table.empty() == request.start.checkpoint.empty()) {
    return ValidationError("There must be one of TableName, StreamArn and Checkpoint");
  }
  return request;
}

Status RecordsEndpoint::Call(std::string_view body, protocol::HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(const RecordsRequest request, ParseRecordsRequest(body));
  WEIR_ASSIGN_OR_RETURN(stream::Reader reader, StartTail(database_, request.start));
  const TailPage page = ReadTail(reader, request.limit, database_.clock().Now());
  if (request.wait == std::chrono::seconds(0) || HasNews(page)) {
    response.body = AnswerOf(page).body;
    return {};
  }
  const auto deadline = std::chrono::steady_clock::now() + request.wait;
  response.later = [this, reader = std::move(reader), limit = request.limit,
                    deadline](protocol::HttpResponse::Done done) {
    const std::uint64_t number = waiting_.Add({reader, limit, deadline, std::move(done)});
    return [this, number] { waiting_.Remove(number); };
  };
  return {};
}

void RecordsEndpoint::Handle(const protocol::HttpRequest& request,
                             protocol::HttpResponse& response) {
  response.content_type = control::kControlContentType;
  const Status status = Call(request.body(), response);
  if (!status.ok()) {
    dynamodb::WriteError(status.error(), response);
  }
}

}  // namespace weir::dynamodb
