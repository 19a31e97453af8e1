// SPDX-License-Identifier: Apache-2.0
#include "operations/delete_table.h"

#include <utility>

#include "operations/table_state.h"

namespace weir::operations {

Result<DeleteTable::Plan> DeleteTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DeleteTable::Response> DeleteTable::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table, database.FindTableForControl(request.table_name));
  const Micros now = database.clock().Now();
  const Micros time = database.options().transition_times.deletion;
  const auto end = [&](storage::TableDescription& description) -> Status {
    WEIR_RETURN_IF_ERROR(CheckDeletable(description, now));
    if (description.deletion_protection) {
      return ValidationError(
          "Resource cannot be deleted as it is currently protected against deletion. Disable "
          "deletion protection first.");
    }
    Begin(description, storage::TableChange::kDeletion, now, time);
    database.DisableStream(description);
    return {};
  };
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->description(), now));
  WEIR_ASSIGN_OR_RETURN(const storage::TableDescriptionPtr dropped,
                        Database::ForControl(table->Drop(end), request.table_name));
  Response response{Describe(*dropped, table->statistics(), TableViewKind::kDeleted, now)};
  if (time > Micros(0)) {
    database.tables().RemoveAt(table, dropped->change_due);
    return response;
  }
  database.tables().Remove(*table);
  // Freeing the items of a large table takes a while: the last reference goes in the background.
  database.background().Post([table = std::move(table)]() mutable { table.reset(); });
  return response;
}

}  // namespace weir::operations
