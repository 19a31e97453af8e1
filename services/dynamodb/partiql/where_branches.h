// SPDX-License-Identifier: Apache-2.0
// What a WHERE clause says of the keys of what is read, distributed over OR: `pk = 'a' AND (sk = 1
// OR sk = 2)` has two branches, and so has `pk = 'a' AND sk IN [1, 2]`.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/value.h"
#include "expression/condition_tree.h"
#include "expression/key_condition.h"

namespace weir::dynamodb {

// One of the branches, all of whose conditions must hold.
struct WhereBranch {
  std::vector<Value> partition_values;         // of each `=` on the partition key
  std::vector<expression::KeyCondition> sort;  // the conditions that find keys by the sort key
  bool filters_sort = false;                   // a condition on the sort key finds none: `<>`, NOT
  bool listed = false;                         // a value is one of IN's

  // The partition that the branch is about: none without `=`, and none with two that differ. The
  // service then reads everything (observed on AWS).
  [[nodiscard]] std::optional<Value> partition() const;
  [[nodiscard]] bool names_keys() const { return !partition_values.empty() || !sort.empty(); }
  [[nodiscard]] bool names_key_twice() const {
    return partition_values.size() > 1 || sort.size() > 1;
  }
};

struct WhereBranches {
  std::vector<WhereBranch> branches;  // in the order of the clause
  bool from_or = false;               // OR made some of them; else IN did
  // There are more than anybody looks at, and `branches` is empty.
  bool too_many = false;
  // Each branch has `=` or IN on the partition key.
  bool all_name_partition = false;
};

// `sort_key` is empty where there is none. An OR that names no key is one condition of its branch.
WhereBranches BranchesOf(const expression::ConditionTree& tree, std::string_view partition_key,
                         std::string_view sort_key);

}  // namespace weir::dynamodb
