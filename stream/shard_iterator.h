// SPDX-License-Identifier: Apache-2.0
// Shard iterators: a position in a shard, as text that the client keeps for us.
//
//   iterator := stream-arn "|1|" base64(token)
//   token    := version data-set shard-time shard-suffix position issued reader check
//
// All parts of the token are big-endian integers of 8 bytes (shard-suffix and reader: 4). `issued`
// is in µs since 1970. `check` is a hash of the ARN and the other parts; it shows whether an
// iterator was altered. `data-set` shows whether the iterator is of another process or of the time
// before a reset (StreamCatalogue::data_set). The server keeps nothing for an iterator.
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
  // The number of the consumer: the iterator that GetShardIterator returns and all
  // NextShardIterators that follow from it have the same.
  std::uint32_t reader = 0;
};

std::string EncodeShardIterator(const ShardIterator& iterator, std::uint64_t data_set);

// Fails with kIteratorInvalid for text that is not an iterator of this data set, and with
// kIteratorExpired for an iterator that is older than 15 minutes at `now`. Without `now`, no
// iterator is too old.
Outcome<ShardIterator> DecodeShardIterator(std::string_view text, std::uint64_t data_set,
                                           std::optional<Micros> now);

}  // namespace weir::stream
