// SPDX-License-Identifier: Apache-2.0
#include "operations/delete_table.h"

#include <utility>

namespace weir::operations {

Result<DeleteTable::Plan> DeleteTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DeleteTable::Response> DeleteTable::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table, database.FindTableForControl(request.table_name));
  const auto close_stream = [&](const storage::TableDescription& description) -> Status {
    if (IsRestoring(description)) {
      return InUse("Table is being created: " + description.name);
    }
    if (!description.building.empty()) {
      return InUse("Cannot delete table while indexes are being created, updated, or deleted.");
    }
    if (description.deletion_protection) {
      return ValidationError(
          "Resource cannot be deleted as it is currently protected against deletion. Disable "
          "deletion protection first.");
    }
    database.DisableStream(description);
    return {};
  };
  WEIR_ASSIGN_OR_RETURN(const storage::TableDescriptionPtr dropped,
                        Database::ForControl(table->Drop(close_stream), request.table_name));
  database.tables().Remove(*table);
  Response response{Describe(*dropped, table->statistics(), TableViewKind::kDeleted)};
  // Freeing the items of a large table takes a while: the last reference goes in the background.
  database.background().Post([table = std::move(table)]() mutable { table.reset(); });
  return response;
}

}  // namespace weir::operations
