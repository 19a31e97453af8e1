// SPDX-License-Identifier: Apache-2.0
// Table metadata as a record (core/record.h).
//
// A member that is added later goes to the end of its struct's tuple and makes a new
// kMetadataRecordVersion; a reader takes the older versions, too.
#pragma once

#include <cstdint>
#include <tuple>
#include <utility>

#include "core/record.h"
#include "storage/table_metadata.h"

namespace weir {

// Only the types of keys are recorded.
constexpr auto RecordRange(const ValueType* /*type*/) {
  return std::pair(ValueType::kString, ValueType::kBinary);
}
constexpr auto RecordMembers(const KeyAttribute* /*type*/) {
  return std::tuple(&KeyAttribute::name, &KeyAttribute::type);
}
constexpr auto RecordMembers(const KeySchema* /*type*/) {
  return std::tuple(&KeySchema::partition, &KeySchema::sort);
}
constexpr auto RecordMembers(const IndexKeySchema* /*type*/) {
  return std::tuple(&IndexKeySchema::partition, &IndexKeySchema::sort);
}

}  // namespace weir

namespace weir::storage {

inline constexpr std::uint64_t kMetadataRecordVersion = 1;

constexpr auto RecordRange(const ProjectionType* /*type*/) {
  return std::pair(ProjectionType::kAll, ProjectionType::kInclude);
}
constexpr auto RecordRange(const IndexScope* /*type*/) {
  return std::pair(IndexScope::kGlobal, IndexScope::kLocal);
}
constexpr auto RecordRange(const BillingMode* /*type*/) {
  return std::pair(BillingMode::kProvisioned, BillingMode::kPayPerRequest);
}
constexpr auto RecordRange(const TableClass* /*type*/) {
  return std::pair(TableClass::kStandard, TableClass::kStandardInfrequentAccess);
}
constexpr auto RecordRange(const StreamViewType* /*type*/) {
  return std::pair(StreamViewType::kKeysOnly, StreamViewType::kNewAndOldImages);
}
constexpr auto RecordRange(const TableChange* /*type*/) {
  return std::pair(TableChange::kNone, TableChange::kDeletion);
}
constexpr auto RecordRange(const InsightsMode* /*type*/) {
  return std::pair(InsightsMode::kAccessedAndThrottledKeys, InsightsMode::kThrottledKeys);
}

// Without `projected`, which follows from the other members.
constexpr auto RecordMembers(const IndexDefinition* /*type*/) {
  return std::tuple(&IndexDefinition::name, &IndexDefinition::arn, &IndexDefinition::scope,
                    &IndexDefinition::key_schema, &IndexDefinition::projection_type,
                    &IndexDefinition::non_key_attributes);
}
constexpr auto RecordMembers(const Throughput* /*type*/) {
  return std::tuple(&Throughput::read_units, &Throughput::write_units);
}
constexpr auto RecordMembers(const ProvisionedCapacity* /*type*/) {
  return std::tuple(&ProvisionedCapacity::units, &ProvisionedCapacity::decreases);
}
constexpr auto RecordMembers(const OnDemandLimits* /*type*/) {
  return std::tuple(&OnDemandLimits::read_units, &OnDemandLimits::write_units);
}
constexpr auto RecordMembers(const Capacity* /*type*/) {
  return std::tuple(&Capacity::provisioned, &Capacity::last_increase, &Capacity::last_decrease,
                    &Capacity::on_demand, &Capacity::warm);
}
constexpr auto RecordMembers(const ResourcePolicy* /*type*/) {
  return std::tuple(&ResourcePolicy::document, &ResourcePolicy::revision_id);
}
constexpr auto RecordMembers(const ResourceSettings* /*type*/) {
  return std::tuple(&ResourceSettings::tags, &ResourceSettings::policy,
                    &ResourceSettings::last_revision);
}
constexpr auto RecordMembers(const PointInTimeRecovery* /*type*/) {
  return std::tuple(&PointInTimeRecovery::enabled_at, &PointInTimeRecovery::period_days);
}
constexpr auto RecordMembers(const ContributorInsights* /*type*/) {
  return std::tuple(&ContributorInsights::enabled, &ContributorInsights::mode,
                    &ContributorInsights::rules_created, &ContributorInsights::due);
}
constexpr auto RecordMembers(const TableSettings* /*type*/) {
  return std::tuple(&TableSettings::resources, &TableSettings::point_in_time_recovery,
                    &TableSettings::insights);
}
constexpr auto RecordMembers(const TimeToLive* /*type*/) {
  return std::tuple(&TimeToLive::attribute, &TimeToLive::changed);
}
constexpr auto RecordMembers(const Restore* /*type*/) {
  return std::tuple(&Restore::source_backup_arn, &Restore::source_table_arn, &Restore::time,
                    &Restore::in_progress);
}
constexpr auto RecordMembers(const OnlineIndex* /*type*/) {
  return std::tuple(&OnlineIndex::name, &OnlineIndex::placed, &OnlineIndex::due,
                    &OnlineIndex::before);
}
constexpr auto RecordMembers(const TableMetadata* /*type*/) {
  using M = TableMetadata;
  return std::tuple(&M::name, &M::id, &M::arn, &M::creation_time, &M::key_schema,
                    &M::attribute_definitions, &M::indexes, &M::change, &M::change_due,
                    &M::billing_mode, &M::on_demand_since, &M::capacity, &M::index_capacity,
                    &M::table_class, &M::encryption_key, &M::deletion_protection, &M::settings,
                    &M::time_to_live, &M::restore, &M::building, &M::online_index, &M::stream_view,
                    &M::latest_stream_arn, &M::latest_stream_label);
}

// Writes the metadata of a table with the version of its record.
void WriteMetadata(const TableMetadata& metadata, RecordWriter& writer);
// Null, and `reader` has failed, if that is no metadata that this version knows.
TableMetadataPtr ReadMetadata(RecordReader& reader);

}  // namespace weir::storage
