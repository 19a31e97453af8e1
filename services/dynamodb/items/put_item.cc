// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/put_item.h"

#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/indexes/index_keys.h"
#include "services/dynamodb/items/write_mutations.h"

namespace weir::dynamodb {

Result<PutItem::Plan> PutItem::Validate(const Request& request) {
  WEIR_ASSIGN_OR_RETURN(WriteCondition condition, InEnvelope(ParseWriteCondition(request)));
  if (request.item.aws_size() > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return Plan{std::move(condition)};
}

Result<PutItem::Response> PutItem::Execute(Context& context, const Request& request,
                                           const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kItemTable));
  WEIR_ASSIGN_OR_RETURN(const PrimaryKey key,
                        PrimaryKey::OfItem(table->key_schema(), request.item.attributes()));
  const storage::TableMetadataPtr metadata = table->metadata();
  WEIR_RETURN_IF_ERROR(CheckIndexKeysOfPut(*metadata, request.item.attributes()));
  WEIR_RETURN_IF_ERROR(plan.condition.CheckKeyPaths(*metadata));
  if (storage::SizeWithLocalEntries(*metadata, request.item) > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  WEIR_ASSIGN_OR_RETURN(const storage::WriteResult result,
                        Worded(table->Write(key, PutMutation(request.item, plan.condition))));
  return WriteResponseOf(request, *metadata, request.item.attributes(), result);
}

}  // namespace weir::dynamodb
