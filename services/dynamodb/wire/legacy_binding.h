// SPDX-License-Identifier: Apache-2.0
// LegacyBinder: reads the parameters from before expressions.
#pragma once

#include <optional>

#include "core/api_error.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::dynamodb {

// What is wrong with a value or a name is kept in the member: the service looks for other faults
// first. `writer` outlives the binder.
class LegacyBinder {
 public:
  LegacyBinder(ValueWriter& writer, protocol::ValueTexts texts) : writer_(writer), texts_(texts) {}

  // Expected, QueryFilter, ScanFilter, KeyConditions.
  void Read(const protocol::JsonNode& node, LegacyConditions& member);
  // AttributeUpdates.
  void Read(const protocol::JsonNode& node, LegacyUpdates& member);
  // One attribute value or a list of them, if there are any; or the fault of the first bad one.
  std::optional<ApiError> ReadValues(const std::optional<protocol::JsonNode>& node,
                                     NestingRule nesting, PackedValues& values);

 private:
  ValueWriter& writer_;
  const protocol::ValueTexts texts_;
};

}  // namespace weir::dynamodb
