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
  std::optional<std::int64_t> limit;  // items looked at
};

struct SelectPage {
  std::vector<Item> items;
  std::optional<StatementPosition> next;  // none: that was all
  Item last_evaluated_key;                // where a query or scan stopped
  CapacityCharge charge;
};

// Reads a page of a SELECT, as Query or Scan does, from `start` on. The statement's gets and
// queries fill it one after the other. Fails with the service's errors, ResourceNotFoundException
// among them.
Result<SelectPage> RunSelect(Context& context, const ReadyStatement& ready,
                             const SelectOptions& options, const StatementPosition& start);

}  // namespace weir::dynamodb
