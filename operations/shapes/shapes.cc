// SPDX-License-Identifier: Apache-2.0
#include "operations/shapes/shapes.h"

#include <algorithm>
#include <tuple>

namespace weir {

const OperationShape* FindOperationShape(Service service, std::string_view name) {
  const std::span<const OperationShape> all = AllOperationShapes();
  const auto key = std::tuple(service, name);
  const auto* const found = std::lower_bound(
      all.data(), all.data() + all.size(), key, [](const auto& shape, auto& wanted) {
        return std::tuple(shape.service, shape.name) < wanted;
      });
  const bool hit =
      found != all.data() + all.size() && found->service == service && found->name == name;
  return hit ? found : nullptr;
}

}  // namespace weir
