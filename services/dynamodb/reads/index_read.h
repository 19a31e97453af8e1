// SPDX-License-Identifier: Apache-2.0
// What reading an index can and cannot do:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#pragma once

#include <optional>

#include "core/result.h"
#include "services/dynamodb/reads/read_page.h"
#include "services/dynamodb/reads/read_target.h"

namespace weir::dynamodb {

// The faults of ConsistentRead and Select on a global secondary index.
Status CheckIndexOptions(const ReadTarget& target, std::optional<Select> select, bool consistent);

// A projection may not name what a global secondary index does not have.
Status CheckProjectedAttributes(const ReadTarget& target, const ReadPlan& plan);
// A query's filter may not either, also in a local one (observed on DynamoDB Local; a scan's may).
Status CheckFilteredAttributes(const ReadTarget& target, const ReadPlan& plan);

// Whether items are fetched from the table, because a local secondary index does not have all that
// is asked for.
bool FetchesItems(const ReadTarget& target, std::optional<Select> select, const ReadPlan& plan);

}  // namespace weir::dynamodb
