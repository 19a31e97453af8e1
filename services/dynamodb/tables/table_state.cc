// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/table_state.h"

#include <algorithm>

namespace weir::dynamodb {
namespace {

using storage::TableChange;
using storage::TableMetadata;

// How texts name a stream change: "Table: orders Stream: 2026-10-09T00:29:04.041 Operation:
// ENABLE".
std::string StreamChange(const TableMetadata& table) {
  return "Table: " + table.name + " Stream: " + table.latest_stream_label +
         " Operation: " + (table.stream_view.has_value() ? "ENABLE" : "DISABLE");
}

std::string NewClass(const TableMetadata& table) {
  const bool infrequent =
      table.table_class.value() == storage::TableClass::kStandardInfrequentAccess;
  return std::string("TableClassUpdateInProgress: ") +
         (infrequent ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD");
}

std::string ClassChange(const TableMetadata& table) {
  return "Table: " + table.name + " " + NewClass(table);
}

bool IsCapacityChange(TableChange change) {
  return change == TableChange::kThroughput || change == TableChange::kBillingMode;
}

}  // namespace

TableStatus StatusAt(const TableMetadata& table, Micros now) {
  if (IsRestoring(table)) {
    return TableStatus::kCreating;
  }
  switch (ChangeAt(table, now)) {
    case TableChange::kNone:
      return TableStatus::kActive;
    case TableChange::kCreation:
      return TableStatus::kCreating;
    case TableChange::kDeletion:
      return TableStatus::kDeleting;
    case TableChange::kThroughput:
    case TableChange::kBillingMode:
    case TableChange::kStream:
    case TableChange::kTableClass:
    case TableChange::kIndex:
      return TableStatus::kUpdating;
  }
  return TableStatus::kActive;
}

bool IsIndexUpdating(const TableMetadata& table, std::string_view index, Micros now) {
  const auto capacity = table.index_capacity.find(index);
  return capacity != table.index_capacity.end() && !capacity->second.provisioned.IsSettled(now);
}

ApiError InUse(std::string_view detail) {
  return MakeError(ErrorCode::kResourceInUse,
                   "Attempt to change a resource which is still in use: " + std::string(detail));
}

void Begin(TableMetadata& table, TableChange change, Micros now, Micros time) {
  table.change = change;
  table.change_due = now + time;
}

Status CheckChangeable(const TableMetadata& table, Micros now) {
  switch (StatusAt(table, now)) {
    case TableStatus::kCreating:
      return InUse("Table is being created: " + table.name);
    case TableStatus::kDeleting:
      return InUse("Table is being deleted: " + table.name);
    case TableStatus::kActive:
    case TableStatus::kUpdating:
      break;
  }
  return {};
}

Status CheckDeletable(const TableMetadata& table, Micros now) {
  const bool indexes_change =
      ChangesIndexes(table, now) ||
      std::any_of(table.indexes.begin(), table.indexes.end(),
                  [&](const auto& index) { return IsIndexUpdating(table, index->name, now); });
  if (indexes_change) {
    return InUse("Cannot delete table while indexes are being created, updated, or deleted.");
  }
  if (ChangeAt(table, now) == TableChange::kStream) {
    return InUse("Cannot delete table while stream is being enabled/disabled.");
  }
  const bool changes = ChangeAt(table, now) != TableChange::kNone ||
                       !table.encryption_key.IsSettled(now) || !table.capacity.warm.IsSettled(now);
  if (changes) {
    return InUse("Table: " + table.name + " is in the process of being updated.");
  }
  return {};
}

Status CheckThroughputChange(const TableMetadata& table, Micros now) {
  const TableChange change = ChangeAt(table, now);
  if (IsCapacityChange(change)) {
    return InUse("Table IOPS are currently being updated. Table: " + table.name);
  }
  if (change == TableChange::kStream) {
    return InUse("Can't change table IOPS when stream status is being updated. " +
                 StreamChange(table));
  }
  if (change == TableChange::kTableClass) {
    return InUse("Can't change table IOPS when a table class update is in progress. " +
                 ClassChange(table));
  }
  return {};
}

Status CheckOnDemandChange(const TableMetadata& table, Micros now) {
  const std::string prefix = "OnDemandThroughput cannot be updated while ";
  const TableChange change = ChangeAt(table, now);
  if (IsCapacityChange(change)) {
    return InUse(prefix + "BillingMode update is in progress");
  }
  if (change == TableChange::kStream) {
    return InUse(prefix + "stream status update is in progress");
  }
  if (change == TableChange::kTableClass) {
    return InUse(prefix + "TableClass update is in progress. " + NewClass(table));
  }
  return {};
}

Status CheckStreamChange(const TableMetadata& table, Micros now) {
  const TableChange change = ChangeAt(table, now);
  if (IsCapacityChange(change)) {
    return InUse("Can't enable or disable stream while table IOPS are being updated. Table: " +
                 table.name);
  }
  if (change == TableChange::kStream) {
    return InUse("A stream status change is currently in progress. " + StreamChange(table));
  }
  if (change == TableChange::kTableClass) {
    return InUse("Can't change stream status when a table class update is in progress. " +
                 ClassChange(table));
  }
  return {};
}

Status CheckTableClassChange(const TableMetadata& table, Micros now) {
  const TableChange change = ChangeAt(table, now);
  if (IsCapacityChange(change)) {
    return InUse("Can't update table class while table IOPS are being updated. Table: " +
                 table.name);
  }
  if (change == TableChange::kStream) {
    return InUse("Can't update table class when stream status is being updated. " +
                 StreamChange(table));
  }
  if (change == TableChange::kTableClass) {
    return InUse("Can't update table class when a table class update is in progress. " +
                 ClassChange(table));
  }
  return {};
}

Status CheckEncryptionChange(const TableMetadata& table, Micros now) {
  if (!table.encryption_key.IsSettled(now)) {
    return InUse("Server-Side Encryption is still being updated");
  }
  return {};
}

Status CheckIndexChange(const TableMetadata& table, std::string_view index, Micros now) {
  if (IsIndexUpdating(table, index, now)) {
    return InUse("Index is being updated. Table: " + table.name + " Index: " + std::string(index));
  }
  return {};
}

}  // namespace weir::dynamodb
