// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/stream_record.h"

#include <string_view>

namespace weir::dynamodb {
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

}  // namespace

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

}  // namespace weir::dynamodb
