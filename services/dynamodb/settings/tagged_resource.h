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

// The table that a resource belongs to. ResourceNotFoundException, in the words of these
// operations, unless the table is there and has been created, and the stream if it is one's.
Result<storage::TablePtr> FindTagged(Database& database, std::string_view arn,
                                     const ResourceArn& resource);

// Replaces a resource's tags by what `change` makes of them; on its error nothing changes.
Status ChangeTags(Database& database, std::string_view arn, const ResourceArn& resource,
                  const std::function<Status(storage::Tags&)>& change);

}  // namespace weir::dynamodb
