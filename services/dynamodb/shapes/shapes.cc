// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/shapes/shapes.h"

#include <algorithm>

namespace weir::dynamodb {

const protocol::OperationShape* FindOperationShape(std::string_view name) {
  const std::span<const protocol::OperationShape> all = AllOperationShapes();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const auto& shape) { return shape.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace weir::dynamodb
