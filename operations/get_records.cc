// SPDX-License-Identifier: Apache-2.0
#include "operations/get_records.h"

#include "core/limits.h"
#include "operations/stream_members.h"
#include "stream/shard_iterator.h"

namespace weir::operations {
namespace {

std::string_view EventName(const Change& change) {
  if (!change.before) {
    return "INSERT";
  }
  return change.after ? "MODIFY" : "REMOVE";
}

// The region is the one in the table's ARN: arn:aws:dynamodb:<region>:…
std::string_view RegionOf(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:dynamodb:";
  const std::string_view rest = arn.substr(kPrefix.size());
  return rest.substr(0, rest.find(':'));
}

Record RecordOf(const stream::Stream& stream, const Change& change) {
  const stream::StreamInfo& info = stream.info();
  Record record;
  record.event_id = stream.EventIdOf(change.sequence);
  record.event_name = EventName(change);
  record.aws_region = RegionOf(info.arn);
  record.dynamodb.approximate_creation_date_time = {change.time};
  record.dynamodb.keys = {change.AnyImage(), &info.key_schema};
  record.dynamodb.new_image = stream::ShowsNewImage(info.view_type) ? change.after : Item();
  record.dynamodb.old_image = stream::ShowsOldImage(info.view_type) ? change.before : Item();
  record.dynamodb.sequence_number = stream.SequenceNumberOf(change.sequence);
  record.dynamodb.size_bytes = static_cast<std::int64_t>(stream.RecordSize(change));
  record.dynamodb.stream_view_type = info.view_type;
  if (change.origin == Origin::kTimeToLive) {
    record.user_identity = {"dynamodb.amazonaws.com", "Service"};
  }
  return record;
}

}  // namespace

Result<GetRecords::Plan> GetRecords::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<GetRecords::Response> GetRecords::Execute(Context& context, const Request& request,
                                                 const Plan& /*plan*/) {
  Database& database = context.database;
  const Micros now = database.clock().Now();
  const std::uint64_t data_set = database.streams().data_set();
  WEIR_ASSIGN_OR_RETURN(stream::ShardIterator iterator,
                        stream::DecodeShardIterator(request.shard_iterator, data_set, now));
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream, FindStream(database, iterator.stream_arn));
  const stream::ShardRead read{iterator.stream_arn, iterator.shard, iterator.reader};
  WEIR_RETURN_IF_ERROR(database.read_limits().CountRead(read));
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kGetRecordsLimit)));
  WEIR_ASSIGN_OR_RETURN(const stream::ShardPage page,
                        stream->Read(iterator.shard, iterator.position, limit, now));
  Response response;
  response.stream = stream;
  response.records.reserve(page.changes.size());
  std::size_t bytes = 0;
  for (const Change& change : page.changes) {
    response.records.push_back(RecordOf(*stream, change));
    bytes += static_cast<std::size_t>(response.records.back().dynamodb.size_bytes);
  }
  database.read_limits().CountBytes(read, bytes);
  if (page.next.has_value()) {
    iterator.position = *page.next;
    iterator.issued = now;
    response.next_shard_iterator = stream::EncodeShardIterator(iterator, data_set);
  }
  return response;
}

}  // namespace weir::operations
