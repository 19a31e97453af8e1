// SPDX-License-Identifier: Apache-2.0
#include "operations/database.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/table_arn.h"
#include "operations/held_transactions.h"

namespace weir::operations {
namespace {

// How often records and streams past their 24 hours are dropped at most. Readers never see them in
// between.
constexpr Micros kTrimPeriod = std::chrono::minutes(1);

constexpr std::int64_t DivideUp(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

Database::Database(const Clock& clock, DatabaseOptions options)
    : timeline_(clock),
      options_(options),
      engine_(storage::NewMemoryEngine()),
      streams_(timeline_.clock()),
      tokens_(timeline_.clock()),
      held_transactions_(std::make_unique<HeldTransactions>()),
      trimming_(timeline_, [this] { TrimStreams(); }) {
  TrimStreams();
}

void Database::TrimStreams() {
  trimming_.Set(std::max(streams_.Trim(), clock().Now() + kTrimPeriod));
}

Database::~Database() {
  timeline_.Stop();
}

Result<storage::TablePtr> Database::FindTable(std::string_view name_or_arn) const {
  storage::TablePtr table = tables_.Find(TableNameOf(name_or_arn));
  if (table == nullptr || table->restoring()) {
    return storage::TableNotFound();
  }
  return table;
}

Result<storage::TablePtr> Database::FindTableForControl(std::string_view name_or_arn) const {
  const std::string_view name = TableNameOf(name_or_arn);
  storage::TablePtr table = tables_.Find(name);
  if (table == nullptr) {
    return storage::TableNotFound(name);
  }
  return table;
}

// As many shards as the table has partitions; AWS documents no number, but a stream's shards follow
// the partitions, and these the throughput.
int Database::ShardCount(const storage::TableDescription& table) const {
  return options_.stream_shards.value_or(static_cast<int>(std::min<std::int64_t>(
      PartitionCount(table.billing_mode, table.throughput), limits::kMaxStreamShards)));
}

void Database::EnableStream(storage::TableDescription& table, stream::StreamViewType view_type,
                            const std::shared_ptr<storage::ChangeLog>& log) {
  const stream::StreamPtr opened = streams_.Open(table, view_type, log, ShardCount(table));
  table.stream_view = view_type;
  table.latest_stream_arn = opened->info().arn;
  table.latest_stream_label = opened->info().label;
}

void Database::DisableStream(const storage::TableDescription& table) {
  if (!table.stream_view.has_value()) {
    return;
  }
  if (const stream::StreamPtr enabled = streams_.Find(table.latest_stream_arn)) {
    enabled->Disable(clock().Now());
  }
}

std::int64_t PartitionCount(storage::BillingMode billing_mode, storage::Throughput throughput) {
  const bool on_demand = billing_mode == storage::BillingMode::kPayPerRequest;
  const std::int64_t reads = on_demand ? limits::kOnDemandWarmReadUnits : throughput.read_units;
  const std::int64_t writes = on_demand ? limits::kOnDemandWarmWriteUnits : throughput.write_units;
  const std::int64_t wanted = std::max(DivideUp(reads, limits::kPartitionReadUnits),
                                       DivideUp(writes, limits::kPartitionWriteUnits));
  return std::clamp(wanted, std::int64_t{1}, limits::kMaxPartitions);
}

std::string TableArn(std::string_view region, std::string_view name) {
  return MakeTableArn(region, kAccountId, name);
}

std::string_view TableNameOf(std::string_view name_or_arn) {
  return TableNameOfArn(name_or_arn).value_or(name_or_arn);
}

}  // namespace weir::operations
