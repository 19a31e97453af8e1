// SPDX-License-Identifier: Apache-2.0
// A record of a stream, as clients see it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "core/change.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/tables/table_members.h"
#include "stream/stream.h"

namespace weir::dynamodb {

struct StreamRecord {
  TimestampSeconds approximate_creation_date_time;
  KeyAttributes keys;
  Item new_image;
  Item old_image;
  std::string sequence_number;
  std::int64_t size_bytes = 0;
  storage::StreamViewType stream_view_type = storage::StreamViewType::kKeysOnly;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ApproximateCreationDateTime", &StreamRecord::approximate_creation_date_time},
        Field{"Keys", &StreamRecord::keys}, Field{"NewImage", &StreamRecord::new_image},
        Field{"OldImage", &StreamRecord::old_image},
        Field{"SequenceNumber", &StreamRecord::sequence_number},
        Field{"SizeBytes", &StreamRecord::size_bytes},
        Field{"StreamViewType", &StreamRecord::stream_view_type});
  }
};

// Who made the change, if it was not a user.
struct Identity {
  std::string principal_id;
  std::string type;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"PrincipalId", &Identity::principal_id},
                           Field{"Type", &Identity::type});
  }
};

struct Record {
  std::string event_id;  // 32 hex digits, which are the same whenever the record is read
  std::string event_name;
  std::string event_version = "1.1";
  std::string event_source = "aws:dynamodb";
  std::string aws_region;
  StreamRecord dynamodb;
  std::optional<Identity> user_identity;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"eventID", &Record::event_id}, Field{"eventName", &Record::event_name},
        Field{"eventVersion", &Record::event_version}, Field{"eventSource", &Record::event_source},
        Field{"awsRegion", &Record::aws_region}, Field{"dynamodb", &Record::dynamodb},
        Field{"userIdentity", &Record::user_identity});
  }
};

// The record of a change, as the stream shows it. Borrows the stream's key schema.
Record RecordOf(const stream::Stream& stream, const Change& change);

}  // namespace weir::dynamodb
