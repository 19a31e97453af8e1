// SPDX-License-Identifier: Apache-2.0
// The shards of a stream from outside: what /_weir/shards shows and changes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "stream/shard.h"

namespace weir::dynamodb {

enum class ShardState : std::uint8_t { kOpen, kClosed, kVacant };

template <>
struct EnumNames<ShardState> {
  static constexpr std::array<EnumName<ShardState>, 3> kNames{{
      {"OPEN", ShardState::kOpen},
      {"CLOSED", ShardState::kClosed},
      {"VACANT", ShardState::kVacant},  // closed; its child opens with the next record
  }};
};

struct ShardDetails {
  std::string shard_id;
  std::optional<std::string> parent_shard_id;
  ShardState state = ShardState::kOpen;
  // The hashes of partition keys that it takes, both included, as 16 hex digits.
  std::string first_hash;
  std::string last_hash;
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number;
  Timestamp creation_date_time;
  std::optional<Timestamp> closing_date_time;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ShardId", &ShardDetails::shard_id},
                           Field{"ParentShardId", &ShardDetails::parent_shard_id},
                           Field{"State", &ShardDetails::state},
                           Field{"FirstHash", &ShardDetails::first_hash},
                           Field{"LastHash", &ShardDetails::last_hash},
                           Field{"StartingSequenceNumber", &ShardDetails::starting_sequence_number},
                           Field{"EndingSequenceNumber", &ShardDetails::ending_sequence_number},
                           Field{"CreationDateTime", &ShardDetails::creation_date_time},
                           Field{"ClosingDateTime", &ShardDetails::closing_date_time});
  }
};

struct ShardListing {
  std::string stream_arn;
  std::vector<ShardDetails> shards;  // by id
  // Where a page ends that is not the last one.
  std::optional<std::string> last_evaluated_shard_id;
  // What the records take in memory, and whether some were let go before their 24 hours because
  // that was too much (--stream-max-bytes).
  std::int64_t log_bytes = 0;
  bool records_dropped = false;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamArn", &ShardListing::stream_arn},
                           Field{"Shards", &ShardListing::shards},
                           Field{"LastEvaluatedShardId", &ShardListing::last_evaluated_shard_id},
                           Field{"LogBytes", &ShardListing::log_bytes},
                           Field{"RecordsDropped", &ShardListing::records_dropped});
  }
};

enum class ShardAction : std::uint8_t { kSplit, kRotate, kClose, kSet };

template <>
struct EnumNames<ShardAction> {
  static constexpr std::array<EnumName<ShardAction>, 4> kNames{{
      {"SPLIT", ShardAction::kSplit},
      {"ROTATE", ShardAction::kRotate},
      {"CLOSE", ShardAction::kClose},
      {"SET", ShardAction::kSet},
  }};
};

struct ShardChange {
  ShardAction action = ShardAction::kRotate;
  std::string shard_id;          // empty: all open ones
  std::int64_t open_shards = 0;  // of SET
};

struct ShardQuery {
  std::string stream_or_table;
  std::size_t limit = kShardListingPage;
  std::optional<stream::ShardId> after = std::nullopt;  // the last one of the page before
  static constexpr std::size_t kShardListingPage = 1000;
};

// Both take a stream's ARN, or the name or ARN of a table whose latest stream is meant.
// ResourceNotFoundException if there is none.
Result<ShardListing> ListShards(Database& database, const ShardQuery& query);
// Makes the change at once and lists the shards then, but for those that were closed before it.
// ValidationException for a shard that is closed, or a number of open shards that cannot be.
Result<ShardListing> ChangeShards(Database& database, std::string_view stream_or_table,
                                  const ShardChange& change);

}  // namespace weir::dynamodb
