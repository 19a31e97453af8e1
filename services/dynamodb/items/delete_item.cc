// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/delete_item.h"

#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/items/write_mutations.h"

namespace weir::dynamodb {

Result<DeleteItem::Plan> DeleteItem::Validate(const Request& request) {
  WEIR_ASSIGN_OR_RETURN(WriteCondition condition, InEnvelope(ParseWriteCondition(request)));
  return Plan{std::move(condition)};
}

Result<DeleteItem::Response> DeleteItem::Execute(Context& context, const Request& request,
                                                 const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kItemTable));
  WEIR_ASSIGN_OR_RETURN(const PrimaryKey key,
                        PrimaryKey::OfRequest(table->key_schema(), request.key.attributes()));
  const storage::TableMetadataPtr metadata = table->metadata();
  WEIR_RETURN_IF_ERROR(plan.condition.CheckKeyPaths(*metadata));
  WEIR_ASSIGN_OR_RETURN(const storage::WriteResult result,
                        Worded(table->Write(key, DeleteMutation(plan.condition))));
  return WriteResponseOf(request, *metadata, request.key.attributes(), result);
}

}  // namespace weir::dynamodb
