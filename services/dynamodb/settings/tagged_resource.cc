// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/tagged_resource.h"

#include <string>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

ApiError NotFound(std::string_view arn) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: ResourceArn: " + std::string(arn) + " not found");
}

}  // namespace

Result<storage::TablePtr> FindTagged(Database& database, std::string_view arn,
                                     const ResourceArn& resource) {
  storage::TablePtr table = database.tables().Find(resource.table_name);
  if (table == nullptr) {
    return NotFound(arn);
  }
  const storage::TableMetadataPtr metadata = table->metadata();
  const bool stream_missing = !resource.stream_label.empty() &&
                              database.streams().Find(metadata->arn + resource.suffix()) == nullptr;
  if (stream_missing || StatusAt(*metadata, database.clock().Now()) == TableStatus::kCreating) {
    return NotFound(arn);
  }
  return table;
}

Status ChangeTags(Database& database, std::string_view arn, const ResourceArn& resource,
                  const std::function<Status(storage::Tags&)>& change) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table, FindTagged(database, arn, resource));
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->metadata(), database.clock().Now()));
  const auto alter = [&](storage::TableMetadata& metadata) {
    return change(metadata.settings.resources[resource.suffix()].tags);
  };
  storage::Outcome<storage::TableMetadataPtr> altered = table->Alter(alter);
  if (altered.ok()) {
    return {};
  }
  return altered.error().kind == storage::Fault::Kind::kTableDropped
             ? NotFound(arn)
             : ErrorOf(std::move(altered).error());
}

}  // namespace weir::dynamodb
