// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/partiql/partiql_members.h"
#include "services/dynamodb/partiql/partiql_token.h"

namespace weir::dynamodb {

struct SelectOptions {
  bool consistent = false;
  std::optional<std::int64_t> limit;  // of items read, before the filter
};

struct SelectPage {
  std::vector<Item> items;
  std::optional<StatementPosition> next;  // nullopt after the last page
  Item last_evaluated_key;                // where a query or scan stopped; may be empty
  CapacityCharge charge;
};

// Reads a page of a SELECT from `start` on, with the page rules of Query and Scan. The statement's
// gets and queries fill the page one after the other. Fails with ResourceNotFoundException for a
// missing table, and with ValidationException for all other faults.
Result<SelectPage> RunSelect(Context& context, const ReadyStatement& ready,
                             const SelectOptions& options, const StatementPosition& start);

}  // namespace weir::dynamodb
