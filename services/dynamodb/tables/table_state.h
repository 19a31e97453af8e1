// SPDX-License-Identifier: Apache-2.0
// What a table refuses while something about it is changing, in the service's words (public notes
// from live AWS, October 2026).
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

// Whether a global secondary index is changing its capacity.
bool IsIndexUpdating(const storage::TableMetadata& table, std::string_view index, Micros now);

// ResourceInUseException whose text ends in `detail`.
ApiError InUse(std::string_view detail);

// Notes that `change` keeps the table busy from `now` on for `time`.
void Begin(storage::TableMetadata& table, storage::TableChange change, Micros now, Micros time);

// Each is a ResourceInUseException if the table's state forbids the thing:
// any change (the table is being created or deleted), ...
Status CheckChangeable(const storage::TableMetadata& table, Micros now);
// ... and for a table that may be changed, these.
Status CheckDeletable(const storage::TableMetadata& table, Micros now);
Status CheckThroughputChange(const storage::TableMetadata& table, Micros now);
Status CheckOnDemandChange(const storage::TableMetadata& table, Micros now);
Status CheckStreamChange(const storage::TableMetadata& table, Micros now);
Status CheckTableClassChange(const storage::TableMetadata& table, Micros now);
Status CheckEncryptionChange(const storage::TableMetadata& table, Micros now);
Status CheckIndexChange(const storage::TableMetadata& table, std::string_view index, Micros now);

}  // namespace weir::dynamodb
