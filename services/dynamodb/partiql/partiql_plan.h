// SPDX-License-Identifier: Apache-2.0
// Plans how a SELECT is carried out: as gets, queries or a scan.
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
  bool single = false;  // the whole primary key is given, so there is at most one item
};

// The reads of a SELECT, in the order in which they are carried out.
struct SelectPlan {
  std::vector<PlannedRead> reads;
  bool forward = true;
  bool keyed = false;     // finds items by the partition key; else everything is read and filtered
  bool branches = false;  // an OR made several branches
};

// Plans a SELECT by its WHERE and ORDER BY clauses. `=` or IN on the partition key, alone or in
// every branch of an OR, makes one read for each combination of key values. Without it the whole
// table or index is read. Conditions that cannot find keys act as a filter. ValidationException for
// values that no key can have, for more than limits::kDecomposedReads reads, for branches that have
// keys in common, and for an invalid ORDER BY.
Result<SelectPlan> PlanSelect(const ReadTarget& target,
                              const expression::PartiqlStatement& statement);

}  // namespace weir::dynamodb
