// SPDX-License-Identifier: Apache-2.0
// LegacyBinder: reads the legacy parameters from JSON.
#pragma once

#include <optional>

#include "core/api_error.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::dynamodb {

// The first fault of a value or a name is kept in the member, since the service looks for other
// faults first. `writer` must outlive the binder.
class LegacyBinder {
 public:
  LegacyBinder(ValueWriter& writer, protocol::ValueTexts texts) : writer_(writer), texts_(texts) {}

  // Reads Expected, QueryFilter, ScanFilter or KeyConditions.
  void Read(const protocol::JsonNode& node, LegacyConditions& member);
  // Reads AttributeUpdates.
  void Read(const protocol::JsonNode& node, LegacyUpdates& member);
  // Reads one attribute value or a list of them, if `node` has a value. Returns the fault of the
  // first bad one, if there is one.
  std::optional<ApiError> ReadValues(const std::optional<protocol::JsonNode>& node,
                                     NestingRule nesting, PackedValues& values);

 private:
  ValueWriter& writer_;
  const protocol::ValueTexts texts_;
};

}  // namespace weir::dynamodb
