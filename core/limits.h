// SPDX-License-Identifier: Apache-2.0
// DynamoDB's limits, and Weir's own bounds. Sizes are in bytes as AWS counts them.
// Unless another page is named:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/clock.h"

namespace weir::limits {

inline constexpr std::size_t kItemSize = 409'600;
inline constexpr std::size_t kPartitionKeySize = 2048;
inline constexpr std::size_t kSortKeySize = 1024;
// Of all items with one partition key in a table with local secondary indexes, with their entries
// in these.
inline constexpr std::uint64_t kItemCollectionSize = std::uint64_t{10} << 30U;
inline constexpr std::size_t kGlobalIndexes = 20;
inline constexpr std::size_t kLocalIndexes = 5;
// Non-key attributes that a table's indexes with projection INCLUDE may name, all indexes together.
inline constexpr std::size_t kProjectedAttributes = 100;
// HASH attributes of a global secondary index, and as many RANGE attributes.
inline constexpr std::size_t kIndexKeyAttributes = 4;
inline constexpr std::size_t kAttributeNameSize = 65'535;
inline constexpr std::size_t kKeyAttributeNameSize = 255;
// A scalar must stand under fewer levels of lists and maps than this (observed: 31 maps around a
// scalar pass, 32 fail).
inline constexpr std::size_t kNestingLevels = 32;

// Reads are charged per started 4 KB, writes per started 1 KB:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
inline constexpr std::size_t kReadUnitSize = 4096;
inline constexpr std::size_t kWriteUnitSize = 1024;
// The highest capacity that CreateTable takes; for a higher one it answers "out of bounds".
inline constexpr std::int64_t kMaxProvisionedUnits = 1'000'000'000'000;
// What one partition serves per second:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
inline constexpr std::int64_t kPartitionReadUnits = 3000;
inline constexpr std::int64_t kPartitionWriteUnits = 1000;
// Warm throughput of a new on-demand table:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
inline constexpr std::int64_t kOnDemandWarmReadUnits = 12'000;
inline constexpr std::int64_t kOnDemandWarmWriteUnits = 4000;

// Query and Scan end a page after the item that reaches kPageSize; BatchGetItem returns no more
// than kBatchGetSize.
inline constexpr std::size_t kPageSize = 1'048'576;
inline constexpr std::size_t kBatchGetSize = 16 * kPageSize;
inline constexpr std::size_t kBatchGetKeys = 100;
inline constexpr std::size_t kBatchWrites = 25;
// Key combinations that a PartiQL SELECT may name.
inline constexpr std::size_t kDecomposedReads = 50;
// What a transaction may send or read:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
inline constexpr std::size_t kTransactionSize = 4 * kPageSize;
inline constexpr Micros kClientRequestTokenLifetime = std::chrono::minutes(10);

// The body of one request, decompressed; a longer one is answered with 413. AWS limits only what is
// sent, and decompresses it even to a gigabyte. Here that would be a way to fill the machine's
// memory.
inline constexpr std::size_t kRequestBodySize = std::size_t{16} * 1024 * 1024;

// Provisioned throughput can be lowered four times on a UTC day, and then again whenever an hour
// has passed since the last decrease.
inline constexpr std::int64_t kFreeDecreases = 4;
inline constexpr Micros kDecreaseInterval = std::chrono::hours(1);
// What DescribeLimits answers for an account that never asked for more.
inline constexpr std::int64_t kAccountThroughput = 80'000;
inline constexpr std::int64_t kTableThroughput = 40'000;

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
inline constexpr std::size_t kTags = 50;
inline constexpr std::size_t kTagKeySize = 128;
inline constexpr std::size_t kTagValueSize = 256;
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
inline constexpr std::size_t kResourcePolicySize = 20'480;

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
inline constexpr std::int64_t kRecoveryPeriodDays = 35;
inline constexpr Micros kRestoreLag = std::chrono::minutes(5);
inline constexpr std::size_t kContributorInsightsPage = 100;

inline constexpr std::size_t kTablesPerRegion = 2500;
inline constexpr std::size_t kListTablesPage = 100;
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
inline constexpr std::size_t kListBackupsPage = 100;
inline constexpr std::size_t kRestoresAtOnce = 50;

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
inline constexpr std::size_t kGetRecordsLimit = 1000;
inline constexpr std::size_t kGetRecordsSize = 1'048'576;
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
inline constexpr Micros kShardIteratorLifetime = std::chrono::minutes(15);
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
inline constexpr Micros kStreamRetention = std::chrono::hours(24);
inline constexpr std::size_t kListStreamsPage = 100;
inline constexpr std::size_t kDescribeStreamPage = 100;

// From here to the next blank line: Weir's own limits.
// Changes that one GetRecords call looks at before it answers with what it has. A shard without
// records in a long log would else keep a connection busy.
inline constexpr std::size_t kChangesScannedPerRead = 200'000;
// Users' backups that are kept, and as many SYSTEM backups. AWS keeps any number.
inline constexpr std::size_t kBackups = 10'000;
// Bytes that the items of all SYSTEM backups may take together, as AWS counts them. Beyond that the
// oldest backups are dropped, but never the newest. AWS keeps all of them for 35 days.
inline constexpr std::uint64_t kSystemBackupBytes = std::uint64_t{1} << 30U;
// Bytes of memory for the records of all streams together, unless a flag says otherwise. Beyond
// that the oldest records are trimmed before their 24 hours are over. AWS keeps all of them.
inline constexpr std::uint64_t kDefaultStreamBytes = std::uint64_t{4} << 30U;
// Client request tokens of finished transactions that are remembered; beyond them the oldest are
// forgotten, however young.
inline constexpr std::size_t kClientRequestTokens = 250'000;
// Transactions that control requests may hold open at once.
inline constexpr std::size_t kHeldTransactions = 100;
// How long each may be held, by the machine's time: the client that holds it may never end it.
inline constexpr std::chrono::steady_clock::duration kHeldTransactionLife =
    std::chrono::minutes(10);
// Shards of a stream that are open, or whose child opens with the next record.
inline constexpr int kMaxStreamShards = 256;
// Shards that a stream keeps, those that closed in the last 24 hours included. Beyond them no shard
// closes, neither by itself nor on command.
inline constexpr std::size_t kStreamShardsKept = 10'000;
// The most partitions that a table is taken to have, however high its provisioned throughput is.
inline constexpr std::int64_t kMaxPartitions = kMaxStreamShards;

// Time to live does not delete items that expired longer ago than this: five years.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
inline constexpr Micros kOldestExpiry = std::chrono::hours(24) * 1826;
// For how long after a change of a table's time to live another change is refused. The page says an
// hour, but on AWS a change was refused after 1,811 s and taken after 1,872 (public notes, October
// 2026):
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
inline constexpr Micros kTimeToLiveInterval = std::chrono::minutes(31);

// How far one request may move the clock, and how many such requests may wait at once.
inline constexpr Micros kClockStep = std::chrono::hours(24) * 36'525;  // 100 years
inline constexpr std::size_t kClockChanges = 64;
// The start of the year 10000, for which the times in AWS's answers have too few digits.
inline constexpr Micros kClockEnd = std::chrono::seconds(253'402'300'800);

}  // namespace weir::limits
