// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/kinesis_members.h"

#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {

Result<storage::TablePtr> FindForKinesis(Database& database, std::string_view name_or_arn) {
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table, database.FindTableForControl(name_or_arn));
  if (StatusAt(*table->description(), database.clock().Now()) == TableStatus::kCreating) {
    return storage::TableNotFound(TableNameOf(name_or_arn));
  }
  return table;
}

ApiError InvalidDestination(std::string_view reason) {
  return ValidationError("Table is not in a valid state to enable Kinesis Streaming Destination: " +
                         std::string(reason));
}

}  // namespace weir::dynamodb
