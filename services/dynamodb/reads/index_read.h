// SPDX-License-Identifier: Apache-2.0
// What reading an index can and cannot do:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#pragma once

#include <optional>

#include "core/result.h"
#include "services/dynamodb/reads/read_page.h"
#include "services/dynamodb/reads/read_target.h"

namespace weir::dynamodb {

// ValidationException for a ConsistentRead or Select that a global secondary index cannot serve.
Status CheckIndexOptions(const ReadTarget& target, std::optional<Select> select, bool consistent);

// ValidationException if the projection names attributes that a global secondary index does not
// project.
Status CheckProjectedAttributes(const ReadTarget& target, const ReadPlan& plan);
// ValidationException if the filter names attributes that the index, global or local, does not
// project. Only for queries: a scan's filter may (observed on DynamoDB Local).
Status CheckFilteredAttributes(const ReadTarget& target, const ReadPlan& plan);

// Whether items must be fetched from the table, because a local secondary index does not project
// all attributes that are asked for.
bool FetchesItems(const ReadTarget& target, std::optional<Select> select, const ReadPlan& plan);

}  // namespace weir::dynamodb
