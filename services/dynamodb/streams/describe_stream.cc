// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/describe_stream.h"

#include <algorithm>
#include <cctype>

#include "core/limits.h"
#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/streams/stream_members.h"

namespace weir::dynamodb {
namespace {

Shard ViewOf(const stream::Stream& stream, const stream::Shard& shard) {
  const Micros epoch = stream.info().creation_time;
  Shard view;
  view.shard_id = shard.id.ToString();
  view.sequence_number_range.starting_sequence_number =
      stream::FormatSequenceNumber(epoch, shard.starting_number);
  if (!shard.open()) {
    view.sequence_number_range.ending_sequence_number =
        stream::FormatSequenceNumber(epoch, shard.ending_number);
  }
  if (shard.parent.has_value()) {
    view.parent_shard_id = shard.parent->ToString();
  }
  return view;
}

bool Passes(const std::optional<ShardFilter>& filter, const Shard& view) {
  return !filter.has_value() || view.parent_shard_id == std::optional(filter->shard_id);
}

// Adds a page of shards: those after ExclusiveStartShardId, in the order of their ids. An unknown
// id is a place in that order like any other (observed on AWS).
void AddShards(const stream::Stream& stream, const DescribeStreamRequest& request, Micros now,
               StreamDescription& description) {
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kDescribeStreamPage)));
  const std::string& start = request.exclusive_start_shard_id.value_or("");
  for (const stream::Shard& shard : stream.ShardsAt(now)) {
    Shard view = ViewOf(stream, shard);
    if (view.shard_id <= start || !Passes(request.shard_filter, view)) {
      continue;
    }
    if (description.shards.size() == limit) {
      description.last_evaluated_shard_id = description.shards.back().shard_id;
      return;
    }
    description.shards.push_back(std::move(view));
  }
}

// Whether `text` matches ^shardId-[0-9]{20}-[a-zA-Z0-9]{1,36}$, AWS's pattern. Not every such id is
// one that Weir could have made.
bool IsShardId(std::string_view text) {
  constexpr std::string_view kPrefix = "shardId-";
  constexpr std::size_t kTimeDigits = 20;
  constexpr std::size_t kMaxSuffix = 36;
  const auto all = [](std::string_view part, int (*accepts)(int)) {
    return std::all_of(part.begin(), part.end(),
                       [&](char c) { return accepts(static_cast<unsigned char>(c)) != 0; });
  };
  if (!text.starts_with(kPrefix) || text.size() < kPrefix.size() + kTimeDigits + 2) {
    return false;
  }
  const std::string_view time = text.substr(kPrefix.size(), kTimeDigits);
  const std::string_view suffix = text.substr(kPrefix.size() + kTimeDigits + 1);
  return all(time, std::isdigit) && text[kPrefix.size() + kTimeDigits] == '-' &&
         suffix.size() <= kMaxSuffix && all(suffix, std::isalnum);
}

Status CheckFilter(const ShardFilter& filter) {
  if (!IsShardId(filter.shard_id)) {
    return ValidationError(
        "1 validation error detected: Value '" + filter.shard_id +
        "' at 'shardFilter.shardId' failed to satisfy constraint: Member must satisfy regular "
        "expression pattern: ^shardId-[0-9]{20}-[a-zA-Z0-9]{1,36}$");
  }
  return {};
}

}  // namespace

Result<DescribeStream::Plan> DescribeStream::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckStreamArn(request.stream_arn));
  if (request.shard_filter.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckFilter(*request.shard_filter));
  }
  return Plan{};
}

Result<DescribeStream::Response> DescribeStream::Execute(Context& context, const Request& request,
                                                         const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(Worded(context.database.read_limits().CountDescribe()));
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream,
                        FindStream(context.database, request.stream_arn));
  const stream::StreamInfo& info = stream->info();
  StreamDescription description;
  description.stream_arn = info.arn;
  description.stream_label = info.label;
  description.stream_status = stream->StatusAt(context.database.clock().Now());
  description.stream_view_type = info.view_type;
  description.creation_request_date_time = {info.creation_time};
  description.table_name = info.table_name;
  description.key_schema = KeySchemaElements(info.key_schema);
  AddShards(*stream, request, context.database.clock().Now(), description);
  return Response{std::move(description)};
}

}  // namespace weir::dynamodb
