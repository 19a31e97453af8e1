// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/get_records.h"

#include <optional>

#include "core/limits.h"
#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/streams/stream_members.h"
#include "stream/shard_iterator.h"

namespace weir::dynamodb {
Result<GetRecords::Response> GetRecords::Execute(Context& context, const Request& request,
                                                 const Plan& /*plan*/) {
  Database& database = context.database;
  const Micros now = database.clock().Now();
  const std::uint64_t data_set = database.streams().data_set();
  const bool expires = database.options().iterators_expire;
  WEIR_ASSIGN_OR_RETURN(
      stream::ShardIterator iterator,
      Worded(stream::DecodeShardIterator(request.shard_iterator, data_set,
                                         expires ? std::optional(now) : std::nullopt)));
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream, FindStream(database, iterator.stream_arn));
  const stream::ShardRead read{iterator.stream_arn, iterator.shard, iterator.reader};
  WEIR_RETURN_IF_ERROR(Worded(database.read_limits().CountRead(read)));
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kGetRecordsLimit)));
  WEIR_ASSIGN_OR_RETURN(const stream::ShardPage page,
                        Worded(stream->Read(iterator.shard, iterator.position, limit, now)));
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

}  // namespace weir::dynamodb
