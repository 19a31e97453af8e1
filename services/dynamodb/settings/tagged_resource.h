// SPDX-License-Identifier: Apache-2.0
// What the operations on tags share.
#pragma once

#include <functional>
#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/settings/resource_arn.h"
#include "storage/table_settings.h"

namespace weir::dynamodb {

// The table that `resource` belongs to; `arn` is its ARN as the request has it.
// ResourceNotFoundException, in the words of the operations on tags, if the table is missing or
// still being created, or if `resource` is a stream that does not exist.
Result<storage::TablePtr> FindTagged(Database& database, std::string_view arn,
                                     const ResourceArn& resource);

// Has `change` modify a resource's tags. Fails like FindTagged, with ResourceInUseException if the
// table is being deleted, and with the error of `change`; then nothing changes.
Status ChangeTags(Database& database, std::string_view arn, const ResourceArn& resource,
                  const std::function<Status(storage::Tags&)>& change);

}  // namespace weir::dynamodb
