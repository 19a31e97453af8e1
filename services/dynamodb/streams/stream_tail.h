// SPDX-License-Identifier: Apache-2.0
// The records of all shards of a stream as they happen: what /_weir/records answers.
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
  // A stream's ARN, or the name or ARN of a table whose latest stream is meant; and where to start.
  std::string stream_or_table;
  stream::ReaderStart start{.type = stream::ReaderStart::Type::kLatest};
  // Instead of these: the checkpoint of an earlier page.
  std::string checkpoint;
};

// ResourceNotFoundException if there is no such stream; ValidationException for a checkpoint that
// is none or a time to come.
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
  std::vector<TailRecord> records;  // those of one shard in order; of one key over all shards
  std::string checkpoint;           // where the next page goes on
  // Records before these went before they were read.
  bool records_lost = false;
  // The stream is disabled, and these were its last records.
  bool finished = false;
  stream::StreamPtr stream;  // keeps the key schema that `records` refer to
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StreamArn", &TailPage::stream_arn}, Field{"Records", &TailPage::records},
        Field{"Checkpoint", &TailPage::checkpoint}, Field{"RecordsLost", &TailPage::records_lost},
        Field{"Finished", &TailPage::finished});
  }
};

// What there is to read now, and moves the reader on: about `limit` records, of each shard not more
// than its share of them and 1 MB.
TailPage ReadTail(stream::Reader& reader, std::size_t limit, Micros now);

}  // namespace weir::dynamodb
