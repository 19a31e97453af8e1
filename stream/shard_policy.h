// SPDX-License-Identifier: Apache-2.0
// When shards change by themselves.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/clock.h"

namespace weir::stream {

// AWS says that shards are split and closed "automatically" and gives no numbers; where there is a
// source, it stands beside the default.
struct ShardPolicy {
  // A shard that takes more records in each of `split_seconds` seconds is split. 0: none is.
  // "Each shard … up to 1,000 records per second":
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
  std::uint64_t split_rate = 1000;
  std::size_t split_seconds = 10;
  // No shard is split before it is so old.
  Micros split_cooldown = std::chrono::seconds(60);
  // Open shards of a stream beyond which none is split.
  std::size_t max_open_shards = 256;
  // A shard is closed at about this age, give or take up to a twelfth, and has one child. Ids that
  // users of AWS quote differ by 3.5 to 4.35 hours. 0: never.
  Micros rotation_age = std::chrono::hours(4);
};

}  // namespace weir::stream
