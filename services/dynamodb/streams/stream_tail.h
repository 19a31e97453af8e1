// SPDX-License-Identifier: Apache-2.0
// What /_weir/records answers: the records of all shards of a stream, as they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/streams/stream_record.h"
#include "stream/reader.h"

namespace weir::dynamodb {

struct TailStart {
  // A stream's ARN, or the name or ARN of a table, which stands for its latest stream.
  std::string stream_or_table;
  stream::ReaderStart start{.type = stream::ReaderStart::Type::kLatest};
  // The checkpoint of an earlier page; if not empty, the other members are ignored.
  std::string checkpoint;
};

// ResourceNotFoundException if there is no such stream; ValidationException for an invalid
// checkpoint or a timestamp in the future.
Result<stream::Reader> StartTail(Database& database, const TailStart& start);

// A record as GetRecords shows it, and the shard that it is in.
struct TailRecord : Record {
  std::string shard_id;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"shardId", &TailRecord::shard_id}),
                          Record::Fields());
  }
};

struct TailPage {
  std::string stream_arn;
  std::vector<TailRecord> records;  // in order within each shard, and for each key in all shards
  std::string checkpoint;           // where the next page goes on
  // Whether records before these were dropped before they could be read.
  bool records_lost = false;
  // Whether the stream is disabled and these are its last records.
  bool finished = false;
  stream::StreamPtr stream;  // owns the key schema that `records` refer to
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StreamArn", &TailPage::stream_arn}, Field{"Records", &TailPage::records},
        Field{"Checkpoint", &TailPage::checkpoint}, Field{"RecordsLost", &TailPage::records_lost},
        Field{"Finished", &TailPage::finished});
  }
};

// Reads what there is now, and moves the reader past it: about `limit` records, of which each shard
// gets an equal share, and about 1 MB. May return no records although more follow, since the time
// for one page is limited. InternalServerError if a record cannot be read.
Result<TailPage> ReadTail(stream::Reader& reader, std::size_t limit, Micros now);

}  // namespace weir::dynamodb
