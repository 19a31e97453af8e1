// SPDX-License-Identifier: Apache-2.0
// What the operations on resource policies share. Policies are stored but not enforced.
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

// The revision id of a policy that is put or deleted at `now`: that time in milliseconds, as on
// AWS, but always greater than `last`, the resource's last revision id.
std::string NewRevisionId(Micros now, std::string_view last = {});

// The table that `resource` belongs to. ResourceNotFoundException if the table is missing or still
// being created, or if `resource` is a stream that does not exist.
Result<storage::TablePtr> FindPolicyTable(Database& database, const ResourceArn& resource);

// PolicyNotFoundException unless `current`, the resource's policy, has the `expected` revision id.
// "NO_POLICY" expects that there is no policy. Without `expected` nothing is checked.
Status CheckRevision(const std::optional<std::string>& expected,
                     const std::optional<storage::ResourcePolicy>& current,
                     std::string_view table_name);

// PolicyNotFoundException for a resource without a policy.
ApiError PolicyNotFound(std::string_view arn);

}  // namespace weir::dynamodb
