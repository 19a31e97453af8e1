// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/triggers/event_record.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "protocol/json_text.h"
#include "services/dynamodb/streams/stream_record.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {
namespace {

struct EventStreamRecord {
  double approximate_creation_date_time = 0;  // whole seconds, written 1764086000.0
  KeyAttributes keys;
  Item new_image;
  Item old_image;
  std::string sequence_number;
  std::int64_t size_bytes = 0;
  storage::StreamViewType stream_view_type = storage::StreamViewType::kKeysOnly;
  static constexpr auto Fields() {
    using R = EventStreamRecord;
    return std::make_tuple(
        Field{"ApproximateCreationDateTime", &R::approximate_creation_date_time},
        Field{"Keys", &R::keys}, Field{"NewImage", &R::new_image}, Field{"OldImage", &R::old_image},
        Field{"SequenceNumber", &R::sequence_number}, Field{"SizeBytes", &R::size_bytes},
        Field{"StreamViewType", &R::stream_view_type});
  }
};

struct EventIdentity {
  std::string type;
  std::string principal_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"type", &EventIdentity::type},
                           Field{"principalId", &EventIdentity::principal_id});
  }
};

struct EventRecord {
  std::string event_id;
  std::string event_name;
  std::string event_version;
  std::string event_source;
  std::string aws_region;
  EventStreamRecord dynamodb;
  std::optional<EventIdentity> user_identity;
  std::string event_source_arn;
  static constexpr auto Fields() {
    using R = EventRecord;
    return std::make_tuple(
        Field{"eventID", &R::event_id}, Field{"eventName", &R::event_name},
        Field{"eventVersion", &R::event_version}, Field{"eventSource", &R::event_source},
        Field{"awsRegion", &R::aws_region}, Field{"dynamodb", &R::dynamodb},
        Field{"userIdentity", &R::user_identity}, Field{"eventSourceARN", &R::event_source_arn});
  }
};

EventRecord EventOf(const stream::Stream& stream, const Change& change) {
  Record record = RecordOf(stream, change);
  StreamRecord& image = record.dynamodb;
  EventRecord event;
  event.event_id = std::move(record.event_id);
  event.event_name = std::move(record.event_name);
  event.event_version = std::move(record.event_version);
  event.event_source = std::move(record.event_source);
  event.aws_region = std::move(record.aws_region);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(change.time);
  event.dynamodb.approximate_creation_date_time = static_cast<double>(seconds.count());
  event.dynamodb.keys = std::move(image.keys);
  event.dynamodb.new_image = std::move(image.new_image);
  event.dynamodb.old_image = std::move(image.old_image);
  event.dynamodb.sequence_number = std::move(image.sequence_number);
  event.dynamodb.size_bytes = image.size_bytes;
  event.dynamodb.stream_view_type = image.stream_view_type;
  if (record.user_identity.has_value()) {
    event.user_identity = {record.user_identity->type, record.user_identity->principal_id};
  }
  event.event_source_arn = stream.info().arn;
  return event;
}

}  // namespace

void AppendEventRecord(const stream::Stream& stream, const Change& change, std::string& out) {
  AppendJson(EventOf(stream, change), out);
}

}  // namespace weir::dynamodb
