// SPDX-License-Identifier: Apache-2.0
// Shard: a slice of the hash range for a span of the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace weir::stream {

// The parts of `shardId-<20 digits: creation time in ms>-<8 hex digits>`, the form that AWS uses
// and that its KCL adapter and Flink parse.
struct ShardId {
  std::uint64_t created_ms = 0;
  std::uint32_t suffix = 0;

  [[nodiscard]] std::string ToString() const;
  // nullopt for text of another form.
  static std::optional<ShardId> Parse(std::string_view text);
  // Orders ids as their texts. clang-tidy 14 mistakes the default for a null pointer:
  // NOLINTNEXTLINE(modernize-use-nullptr)
  auto operator<=>(const ShardId&) const = default;
};

// Records of keys whose hash is in [hash_first, hash_last], from log position `begin` on, up to but
// not including `end` once the shard is closed.
struct Shard {
  ShardId id;
  std::optional<ShardId> parent;
  std::uint64_t hash_first = 0;
  std::uint64_t hash_last = UINT64_MAX;
  std::uint64_t begin = 0;
  std::optional<std::uint64_t> end;
  // The position after the newest record that was trimmed; 0 if none was.
  std::uint64_t trimmed_to = 0;
  // The bounds as the number parts of sequence numbers (sequence_number.h).
  std::uint64_t starting_number = 0;
  std::uint64_t ending_number = 0;     // of a closed shard
  std::uint64_t successor_number = 0;  // of a closed shard: what its first child starts with
  Micros created{0};
  Micros closed{0};  // of a closed shard
  // Closed, but its child opens only with the next record of its range.
  bool vacant = false;

  [[nodiscard]] bool open() const { return !end.has_value(); }
  // Closed, and no child is to open later: it has its children, or the stream is disabled.
  [[nodiscard]] bool IsPast() const { return !open() && !vacant; }
  [[nodiscard]] bool Covers(std::uint64_t hash) const {
    return hash_first <= hash && hash <= hash_last;
  }
};

}  // namespace weir::stream
