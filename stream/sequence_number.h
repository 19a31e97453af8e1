// SPDX-License-Identifier: Apache-2.0
// Sequence numbers of a stream, as clients see them.
//
//   text   := epoch number          28 digits
//   epoch  := 10 digits: the second in which the stream was enabled
//   number := 18 digits: position × 1,000,000 for the record at that position of the table's log;
//             the numbers between two records are left for the bounds of shards
//
// The sequence numbers of one stream have the same order as texts and as integers, grow from a
// shard to its children, never repeat, and have gaps, as those of AWS do. The epoch distinguishes
// streams that were enabled in different seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace weir::stream {

inline constexpr std::uint64_t kNumbersPerPosition = 1'000'000;

// The number part for the record at a log position.
constexpr std::uint64_t NumberOf(std::uint64_t position) {
  return position * kNumbersPerPosition;
}

std::string FormatSequenceNumber(Micros stream_creation, std::uint64_t number);

// The number part; nullopt for a text with another epoch than the stream's, or of another form.
std::optional<std::uint64_t> ParseSequenceNumber(Micros stream_creation, std::string_view text);

}  // namespace weir::stream
