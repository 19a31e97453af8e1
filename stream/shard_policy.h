// SPDX-License-Identifier: Apache-2.0
// When shards split and rotate by themselves.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/clock.h"

namespace weir::stream {

// AWS says that shards are split and closed "automatically" and gives no numbers; where there is a
// source, it stands beside the default.
struct ShardPolicy {
  // A shard is split if it takes more records per second than this, in each of `split_seconds`
  // successive seconds. 0: never.
  // "Each shard … up to 1,000 records per second":
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
  std::uint64_t split_rate = 1000;
  std::size_t split_seconds = 10;
  // How old a shard must be to be split.
  Micros split_cooldown = std::chrono::seconds(60);
  // No shard is split while the stream has this many open ones, or more.
  std::size_t max_open_shards = 256;
  // A shard is rotated at about this age, give or take up to a twelfth of it. Ids that
  // users of AWS quote differ by 3.5 to 4.35 hours. 0: never.
  Micros rotation_age = std::chrono::hours(4);
};

}  // namespace weir::stream
