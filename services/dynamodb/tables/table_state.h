// SPDX-License-Identifier: Apache-2.0
// Which requests a table refuses while something about it is changing. The texts are the service's
// (public notes from live AWS, October 2026).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

enum class TableStatus : std::uint8_t { kCreating, kActive, kUpdating, kDeleting };

template <>
struct EnumNames<TableStatus> {
  static constexpr std::array<EnumName<TableStatus>, 4> kNames{
      {{"CREATING", TableStatus::kCreating},
       {"ACTIVE", TableStatus::kActive},
       {"UPDATING", TableStatus::kUpdating},
       {"DELETING", TableStatus::kDeleting}}};
};

TableStatus StatusAt(const storage::TableMetadata& table, Micros now);

// Whether the provisioned capacity of a global secondary index is changing at `now`.
bool IsIndexUpdating(const storage::TableMetadata& table, std::string_view index, Micros now);

// ResourceInUseException whose text ends in `detail`.
ApiError InUse(std::string_view detail);

// Notes in the metadata that `change` is in progress from `now` on for `time`.
void Begin(storage::TableMetadata& table, storage::TableChange change, Micros now, Micros time);

// Each of these checks is a ResourceInUseException if the table's state forbids a modification.
// CheckChangeable: any, since the table is being created or deleted.
Status CheckChangeable(const storage::TableMetadata& table, Micros now);
// The others, for a table that passes CheckChangeable: the one that they name.
Status CheckDeletable(const storage::TableMetadata& table, Micros now);
Status CheckThroughputChange(const storage::TableMetadata& table, Micros now);
Status CheckOnDemandChange(const storage::TableMetadata& table, Micros now);
Status CheckStreamChange(const storage::TableMetadata& table, Micros now);
Status CheckTableClassChange(const storage::TableMetadata& table, Micros now);
Status CheckEncryptionChange(const storage::TableMetadata& table, Micros now);
Status CheckIndexChange(const storage::TableMetadata& table, std::string_view index, Micros now);

}  // namespace weir::dynamodb
