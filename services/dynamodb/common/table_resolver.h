// SPDX-License-Identifier: Apache-2.0
// How operations find the table that a request means.
#pragma once

#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"
#include "storage/catalogue.h"

namespace weir::dynamodb {

// Which tables an operation sees, and its error if it sees none with the name.
struct TablePolicy {
  bool sees_creating = true;  // and a table that is being restored
  bool sees_deleting = true;
  ApiError (*not_found)(std::string_view name);
};

// For reads and writes of items: no tables that are being created. The error does not name the
// table: "Requested resource not found".
extern const TablePolicy kItemTable;
// For the control plane: tables in any state. The error names the table: "… Table: <name> not
// found".
extern const TablePolicy kControlTable;
// For settings that belong to a table: like kControlTable, but no tables that are being created.
extern const TablePolicy kSettledTable;
// For backups: no tables that are being deleted. The error is TableNotFoundException.
extern const TablePolicy kBackupTable;

// The table that a TableName parameter means, by name or ARN; the error of `policy` if the
// operation sees no such table.
Result<storage::TablePtr> ResolveTable(Database& database, std::string_view name_or_arn,
                                       const TablePolicy& policy);

}  // namespace weir::dynamodb
