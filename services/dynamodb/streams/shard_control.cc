// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/shard_control.h"

#include <algorithm>
#include <utility>

#include "core/digits.h"
#include "core/limits.h"
#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/streams/stream_members.h"
#include "stream/sequence_number.h"

namespace weir::dynamodb {
namespace {

std::string HashText(std::uint64_t hash) {
  std::string text(2 * sizeof hash, '0');
  WriteHex(hash, text);
  return text;
}

ShardDetails DetailsOf(const stream::Stream& stream, const stream::Shard& shard) {
  const Micros epoch = stream.info().creation_time;
  ShardDetails details;
  details.shard_id = shard.id.ToString();
  if (shard.parent.has_value()) {
    details.parent_shard_id = shard.parent->ToString();
  }
  details.state = shard.open()   ? ShardState::kOpen
                  : shard.vacant ? ShardState::kVacant
                                 : ShardState::kClosed;
  details.first_hash = HashText(shard.hash_first);
  details.last_hash = HashText(shard.hash_last);
  details.starting_sequence_number = stream::FormatSequenceNumber(epoch, shard.starting_number);
  details.creation_date_time = {shard.created};
  if (!shard.open()) {
    details.ending_sequence_number = stream::FormatSequenceNumber(epoch, shard.ending_number);
    details.closing_date_time = Timestamp{shard.closed};
  }
  return details;
}

ShardListing ListingOf(const stream::Stream& stream) {
  ShardListing listing;
  listing.stream_arn = stream.info().arn;
  listing.log_bytes = static_cast<std::int64_t>(stream.log_bytes());
  listing.records_dropped = stream.dropped_to() > 0;
  return listing;
}

// Whether the shard is in `shards`, the list from before a change, and was closed for good by then.
bool WasPast(const std::vector<stream::Shard>& shards, const stream::ShardId& id) {
  const auto found = std::lower_bound(
      shards.begin(), shards.end(), id,
      [](const stream::Shard& shard, const stream::ShardId& sought) { return shard.id < sought; });
  return found != shards.end() && found->id == id && found->IsPast();
}

stream::Outcome<void> ChangeOne(stream::Stream& stream, ShardAction action,
                                const stream::ShardId& id, Micros now) {
  switch (action) {
    case ShardAction::kSplit:
      return stream.SplitShard(id, now);
    case ShardAction::kRotate:
      return stream.RotateShard(id, now);
    case ShardAction::kClose:
      return stream.CloseShard(id, now);
    case ShardAction::kSet:
      break;
  }
  return {};
}

stream::Outcome<void> ChangeAll(stream::Stream& stream, ShardAction action, Micros now) {
  switch (action) {
    case ShardAction::kSplit:
      return stream.SplitAll(now);
    case ShardAction::kRotate:
      return stream.RotateAll(now);
    case ShardAction::kClose:
      return stream.CloseAll(now);
    case ShardAction::kSet:
      break;
  }
  return {};
}

Status Change(stream::Stream& stream, const ShardChange& change, Micros now) {
  if (change.action == ShardAction::kSet) {
    if (change.open_shards < 1 || change.open_shards > limits::kMaxStreamShards) {
      return ValidationError("OpenShards must be from 1 to " +
                             std::to_string(limits::kMaxStreamShards));
    }
    return Worded(stream.SetOpenShards(static_cast<std::size_t>(change.open_shards), now));
  }
  if (change.shard_id.empty()) {
    return Worded(ChangeAll(stream, change.action, now));
  }
  const std::optional<stream::ShardId> id = stream::ShardId::Parse(change.shard_id);
  return id.has_value() ? Worded(ChangeOne(stream, change.action, *id, now))
                        : Status(ShardNotFound());
}

}  // namespace

Result<ShardListing> ListShards(Database& database, const ShardQuery& query) {
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream,
                        FindAnyStream(database, query.stream_or_table));
  ShardListing listing = ListingOf(*stream);
  for (const stream::Shard& shard : stream->ShardsAt(database.clock().Now())) {
    if (query.after.has_value() && shard.id <= *query.after) {
      continue;
    }
    if (listing.shards.size() == query.limit) {
      listing.last_evaluated_shard_id = listing.shards.back().shard_id;
      break;
    }
    listing.shards.push_back(DetailsOf(*stream, shard));
  }
  return listing;
}

Result<ShardListing> ChangeShards(Database& database, std::string_view stream_or_table,
                                  const ShardChange& change) {
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream, FindAnyStream(database, stream_or_table));
  const Micros now = database.clock().Now();
  const std::vector<stream::Shard> before = stream->ShardsAt(now);
  WEIR_RETURN_IF_ERROR(Change(*stream, change, now));
  ShardListing listing = ListingOf(*stream);
  for (const stream::Shard& shard : stream->Shards()) {
    if (!shard.IsPast() || !WasPast(before, shard.id)) {
      listing.shards.push_back(DetailsOf(*stream, shard));
    }
  }
  return listing;
}

}  // namespace weir::dynamodb
