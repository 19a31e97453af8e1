// SPDX-License-Identifier: Apache-2.0
// What a WHERE clause says about keys, as branches joined by OR: `pk = 'a' AND (sk = 1 OR sk = 2)`
// has two branches, and so has `pk = 'a' AND sk IN [1, 2]`.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/value.h"
#include "expression/condition_tree.h"
#include "expression/key_condition.h"

namespace weir::dynamodb {

// One branch. All its conditions must hold. Borrows from the clause.
struct WhereBranch {
  std::vector<Value> partition_values;         // one per `=` on the partition key
  std::vector<expression::KeyCondition> sort;  // the conditions that find keys by the sort key
  bool filters_sort = false;  // it has a condition on the sort key that cannot find keys: `<>`, NOT
  bool listed = false;        // one of its values comes from an IN

  // The value of the partition key that the branch names; nullopt if it names none, or two that
  // differ. The service then reads everything (observed on AWS).
  [[nodiscard]] std::optional<Value> partition() const;
  [[nodiscard]] bool names_keys() const { return !partition_values.empty() || !sort.empty(); }
  [[nodiscard]] bool names_key_twice() const {
    return partition_values.size() > 1 || sort.size() > 1;
  }
};

struct WhereBranches {
  std::vector<WhereBranch> branches;  // in the order of the clause
  bool from_or = false;               // an OR made some of them; else only IN did
  // There are more branches than the service ever reads, so `branches` is empty.
  bool too_many = false;
  // Every branch has `=` or IN on the partition key.
  bool all_name_partition = false;
};

// Finds the branches of a clause. `sort_key` is empty if there is none. An OR that names no key
// stays a single condition.
WhereBranches BranchesOf(const expression::ConditionTree& tree, std::string_view partition_key,
                         std::string_view sort_key);

}  // namespace weir::dynamodb
