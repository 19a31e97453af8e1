// SPDX-License-Identifier: Apache-2.0
// How a SELECT is carried out: as gets, queries or a scan.
#pragma once

#include <cstddef>
#include <vector>

#include "core/result.h"
#include "expression/partiql_statement.h"
#include "services/dynamodb/reads/read_target.h"

namespace weir::dynamodb {

// A part of the key space that is read in one go.
struct PlannedRead {
  KeySpan span;
  bool single = false;  // the whole key of a table is given: at most one item
};

// The reads of a SELECT, one after the other.
struct SelectPlan {
  std::vector<PlannedRead> reads;
  bool forward = true;
  bool keyed = false;     // by the partition key; else everything is read, and filtered
  bool branches = false;  // keyed by several conditions that OR joins
};

// Plans a SELECT by its WHERE and ORDER BY clauses. `=` or IN on the partition key, alone or in
// every branch of an OR, makes one read for each combination of key values; without it all of the
// table or index is read. What finds no keys stays a filter. ValidationException for values that no
// key has, for more than limits::kDecomposedReads reads, and for branches that have keys in common.
Result<SelectPlan> PlanSelect(const ReadTarget& target,
                              const expression::PartiqlStatement& statement);

}  // namespace weir::dynamodb
