// SPDX-License-Identifier: Apache-2.0
// What the operations on resource policies share. Policies are kept, and not enforced.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/settings/resource_arn.h"
#include "storage/table_settings.h"

namespace weir::dynamodb {

// The id of a policy set, or taken away, at `now`: that time in milliseconds, as on AWS, but always
// after the `last` one of the resource.
std::string NewRevisionId(Micros now, std::string_view last = {});

// The table that `resource` belongs to, in a state that has policies. ResourceNotFoundException
// unless it is there, and the stream if it is one's.
Result<storage::TablePtr> FindPolicyTable(Database& database, const ResourceArn& resource);

// PolicyNotFoundException unless `expected`, if there is one, is what the resource has; "NO_POLICY"
// means none.
Status CheckRevision(const std::optional<std::string>& expected,
                     const std::optional<storage::ResourcePolicy>& current,
                     std::string_view table_name);

// PolicyNotFoundException for a resource without one.
ApiError PolicyNotFound(std::string_view arn);

}  // namespace weir::dynamodb
