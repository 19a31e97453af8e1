// SPDX-License-Identifier: Apache-2.0
// Shard iterators: a position in a shard, as text that the client keeps for us.
//
//   iterator := stream-arn "|1|" base64(token)
//   token    := version data-set shard-time shard-suffix position issued reader check
//
// All parts are big-endian integers of 8 bytes (shard-suffix and reader: 4). `issued` is in µs;
// `check` is a hash over the ARN and the rest, so that a changed or foreign iterator is known as
// one. The server keeps nothing for an iterator; a million of them cost nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "stream/fault.h"
#include "stream/shard.h"

namespace weir::stream {

struct ShardIterator {
  std::string stream_arn;
  ShardId shard;
  std::uint64_t position = 0;
  Micros issued{0};
  // Of the iterator that GetShardIterator gave and all that follow from it: one consumer's.
  std::uint32_t reader = 0;
};

std::string EncodeShardIterator(const ShardIterator& iterator, std::uint64_t data_set);

// kIteratorInvalid for text that is not an iterator of this data set, kIteratorExpired for one that
// is older than 15 minutes at `now`; without that none expires.
Outcome<ShardIterator> DecodeShardIterator(std::string_view text, std::uint64_t data_set,
                                           std::optional<Micros> now);

}  // namespace weir::stream
