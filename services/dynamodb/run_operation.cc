// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

std::optional<ValueFault> FindRequestShapeFault(const protocol::JsonNode& root) {
  for (const std::string_view name : {"Item", "Key"}) {
    if (const std::optional<protocol::JsonNode> attributes = root.Find(name)) {
      if (std::optional<ValueFault> fault = FindAttributesShapeFault(*attributes)) {
        return fault;
      }
    }
  }
  if (const std::optional<protocol::JsonNode> tables = root.Find("RequestItems")) {
    for (const protocol::JsonNode table : *tables) {
      if (const std::optional<protocol::JsonNode> keys = table.Find("Keys")) {
        for (const protocol::JsonNode key : *keys) {
          if (std::optional<ValueFault> fault = FindAttributesShapeFault(key)) {
            return fault;
          }
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace weir::dynamodb
