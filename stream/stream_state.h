// SPDX-License-Identifier: Apache-2.0
// StreamState: all of a stream that does not follow from its table's log, as a record
// (core/record.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/record.h"
#include "stream/shard.h"
#include "stream/stream_info.h"

namespace weir::stream {

// The state of a Lineage.
struct LineageState {
  std::vector<Shard> shards;  // by id
  std::uint64_t latest_bound = 0;
  std::uint64_t latest_ms = 0;
};

struct StreamState {
  // One more whenever the state is kept. Of two states the one with the greater revision counts: a
  // state that is kept as a part of something larger may get its place in the journal late.
  std::uint64_t revision = 0;
  std::uint64_t table = 0;  // storage::Table::number
  StreamInfo info;
  LineageState lineage;
  bool ended = false;
  std::uint64_t vacant_seen_to = 0;
  std::uint64_t trimmed_to = 0;
  std::uint64_t dropped_to = 0;
  std::optional<Micros> disabled_at;
  Micros disabling_until{0};
};

// The payload of a kStream row.
std::string WriteStreamState(const StreamState& state);
// nullopt if that is no state that this version knows.
std::optional<StreamState> ReadStreamState(std::string_view record);

}  // namespace weir::stream
