// SPDX-License-Identifier: Apache-2.0
// The operations on functions, versions, aliases, their settings, policies and tags.
#pragma once

#include <functional>
#include <string_view>

#include "protocol/rest_routes.h"
#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/functions.h"

namespace weir::lambda {

// The tags of the resources that are no functions: event source mappings. Thread-safe.
class TagOwner {
 public:
  virtual ~TagOwner() = default;
  // Both fail with ResourceNotFoundException if there is no such resource. `change` may refuse, and
  // must be short.
  [[nodiscard]] virtual LambdaResult<Tags> TagsOf(std::string_view arn) const = 0;
  virtual LambdaStatus ChangeTags(std::string_view arn,
                                  const std::function<LambdaStatus(Tags&)>& change) = 0;
};

// `functions`, and `mappings` if it is not null, must outlive the routes.
void AddFunctionRoutes(protocol::RestRoutes& routes, Functions& functions, TagOwner* mappings);

}  // namespace weir::lambda
