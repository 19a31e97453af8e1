// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/records_endpoint.h"

#include <memory>
#include <optional>
#include <utility>

#include "control/control.h"
#include "control/members.h"
#include "core/time_text.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/error_body.h"

namespace weir::dynamodb {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using StartType = stream::ReaderStart::Type;

Status ReadStart(const JsonNode& value, RecordsRequest& request) {
  const std::string_view text = value.text();
  stream::ReaderStart& start = request.start.start;
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

Status ReadWait(const JsonNode& value, RecordsRequest& request) {
  std::int64_t seconds = 0;
  WEIR_RETURN_IF_ERROR(ReadInteger(value, 0, RecordsEndpoint::kLongestWait.count(), seconds));
  request.wait = std::chrono::seconds(seconds);
  return {};
}

Status ReadLimit(const JsonNode& value, RecordsRequest& request) {
  std::int64_t limit = 0;
  WEIR_RETURN_IF_ERROR(ReadInteger(value, 1, std::int64_t{limits::kGetRecordsLimit}, limit));
  request.limit = static_cast<std::size_t>(limit);
  return {};
}

Status ReadStream(const JsonNode& value, RecordsRequest& request) {
  request.start.stream_or_table = value.text();
  return {};
}

Status ReadCheckpoint(const JsonNode& value, RecordsRequest& request) {
  request.start.checkpoint = value.text();
  return {};
}

constexpr control::Member<RecordsRequest> kMembers[] = {
    {"TableName", ReadStream, JsonKind::kString},
    {"StreamArn", ReadStream, JsonKind::kString},
    {"Start", ReadStart, JsonKind::kString},
    {"Checkpoint", ReadCheckpoint, JsonKind::kString},
    {"WaitSeconds", ReadWait},
    {"Limit", ReadLimit},
};
constexpr control::RequestForm<RecordsRequest> kForm{
    .example = R"({"TableName": "Music", "WaitSeconds": 10})",
    .known =
        "Only the strings TableName, StreamArn, Start and Checkpoint and the integers "
        "WaitSeconds and Limit are known",
    .members = kMembers,
};

}  // namespace

Result<RecordsRequest> ParseRecordsRequest(std::string_view body) {
  WEIR_ASSIGN_OR_RETURN(RecordsRequest request, control::ReadRequest(body, kForm));
  if (request.start.stream_or_table.empty() == request.start.checkpoint.empty()) {
    return ValidationError("One of TableName, StreamArn and Checkpoint is required");
  }
  return request;
}

Status RecordsEndpoint::Call(std::string_view body, protocol::HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(const RecordsRequest request, ParseRecordsRequest(body));
  WEIR_ASSIGN_OR_RETURN(stream::Reader reader, StartTail(database_, request.start));
  WEIR_ASSIGN_OR_RETURN(const TailPage page,
                        ReadTail(reader, request.limit, database_.clock().Now()));
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
