// SPDX-License-Identifier: Apache-2.0
#include "stream/stream_state.h"

#include "storage/metadata_record.h"

namespace weir::stream {
namespace {

constexpr std::uint64_t kVersion = 2;
constexpr std::uint64_t kWithoutRevision = 1;  // the version before

}  // namespace

constexpr auto RecordMembers(const ShardId* /*type*/) {
  return std::tuple(&ShardId::created_ms, &ShardId::suffix);
}
constexpr auto RecordMembers(const Shard* /*type*/) {
  return std::tuple(&Shard::id, &Shard::parent, &Shard::hash_first, &Shard::hash_last,
                    &Shard::begin, &Shard::end, &Shard::trimmed_to, &Shard::starting_number,
                    &Shard::ending_number, &Shard::successor_number, &Shard::created,
                    &Shard::closed, &Shard::vacant);
}
constexpr auto RecordMembers(const StreamInfo* /*type*/) {
  return std::tuple(&StreamInfo::arn, &StreamInfo::label, &StreamInfo::table_name,
                    &StreamInfo::key_schema, &StreamInfo::view_type, &StreamInfo::creation_time,
                    &StreamInfo::settled_at, &StreamInfo::data_set);
}
constexpr auto RecordMembers(const LineageState* /*type*/) {
  return std::tuple(&LineageState::shards, &LineageState::latest_bound, &LineageState::latest_ms);
}
constexpr auto RecordMembers(const StreamState* /*type*/) {
  return std::tuple(&StreamState::table, &StreamState::info, &StreamState::lineage,
                    &StreamState::ended, &StreamState::vacant_seen_to, &StreamState::trimmed_to,
                    &StreamState::dropped_to, &StreamState::disabled_at,
                    &StreamState::disabling_until);
}

std::string WriteStreamState(const StreamState& state) {
  std::string record;
  RecordWriter(record).Write(kVersion, state.revision, state);
  return record;
}

std::optional<StreamState> ReadStreamState(std::string_view record) {
  RecordReader reader(record);
  const std::uint64_t version = reader.Unsigned();
  if (version != kVersion && version != kWithoutRevision) {
    return std::nullopt;
  }
  std::optional<StreamState> state(std::in_place);
  if (version != kWithoutRevision) {
    reader.Read(state->revision);
  }
  reader.Read(*state);
  return reader.finished() ? std::move(state) : std::nullopt;
}

}  // namespace weir::stream
