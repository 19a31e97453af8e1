// SPDX-License-Identifier: Apache-2.0
// How operations find the table that a request means.
#pragma once

#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"
#include "storage/catalogue.h"

namespace weir::dynamodb {

// Which tables an operation sees, and how it says that there is none.
struct TablePolicy {
  bool sees_creating = true;  // also a table that is being restored
  bool sees_deleting = true;
  ApiError (*not_found)(std::string_view name);
};

// "Requested resource not found", without a name: the reads and writes of items.
extern const TablePolicy kItemTable;
// "… Table: <name> not found", in whatever state: the control plane.
extern const TablePolicy kControlTable;
// The same without tables that are being created: settings that follow a table.
extern const TablePolicy kSettledTable;
// TableNotFoundException: backups, of which a table that is being deleted has none.
extern const TablePolicy kBackupTable;

// The table that a TableName parameter means: a name or a table's ARN.
Result<storage::TablePtr> ResolveTable(Database& database, std::string_view name_or_arn,
                                       const TablePolicy& policy);

}  // namespace weir::dynamodb
