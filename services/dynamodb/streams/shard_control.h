// SPDX-License-Identifier: Apache-2.0
// What /_weir/shards shows and changes: the shards of a stream.
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
      {"VACANT", ShardState::kVacant},  // closed; its child opens with the next record of its range
  }};
};

struct ShardDetails {
  std::string shard_id;
  std::optional<std::string> parent_shard_id;
  ShardState state = ShardState::kOpen;
  // The first and the last hash of partition keys that the shard takes, as 16 hex digits each.
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
  // The last shard of the page; nullopt if it is the last page.
  std::optional<std::string> last_evaluated_shard_id;
  // How many bytes the table's change log takes in memory, and whether records were dropped before
  // they were 24 hours old, because the logs took too much memory (--stream-max-bytes).
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
  std::string shard_id;          // empty for all open shards
  std::int64_t open_shards = 0;  // for SET: how many shards shall be open
};

struct ShardQuery {
  std::string stream_or_table;
  std::size_t limit = kShardListingPage;
  std::optional<stream::ShardId> after = std::nullopt;  // the last shard of the previous page
  static constexpr std::size_t kShardListingPage = 1000;
};

// Both functions take a stream's ARN, or the name or ARN of a table, which stands for its latest
// stream. ResourceNotFoundException if there is no such stream.
Result<ShardListing> ListShards(Database& database, const ShardQuery& query);
// Makes the change at once. Returns the shards as they are then, in one page, without those that
// were closed for good before. ResourceNotFoundException for an unknown shard; ValidationException
// for a closed shard, or if the change is impossible or would make too many shards.
Result<ShardListing> ChangeShards(Database& database, std::string_view stream_or_table,
                                  const ShardChange& change);

}  // namespace weir::dynamodb
