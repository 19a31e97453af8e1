// SPDX-License-Identifier: Apache-2.0
// Reads the leaves of a filter pattern.
#pragma once

#include "consumers/filter/fault.h"
#include "consumers/filter/leaf.h"
#include "core/result.h"
#include "protocol/json_tree.h"

namespace weir::consumers {

// `values` is the array that a field of the pattern has. Refuses what AWS's engine refuses
// (JsonRuleCompiler in https://github.com/aws/event-ruler), with its text.
Result<LeafTest, FilterFault> ParseLeaf(const protocol::JsonNode& values);

}  // namespace weir::consumers
