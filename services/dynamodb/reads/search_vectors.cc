// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/search_vectors.h"

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<SearchVectors::Plan> SearchVectors::Validate(const Request& request) {
  constexpr std::int64_t kMaxTopK = 100;
  if (request.top_k < 1 || request.top_k > kMaxTopK) {
    return ValidationError("Provided TopK value '" + std::to_string(request.top_k) +
                           "' is out of valid range. The value must be between 1 and 100 "
                           "inclusive");
  }
  return Plan{};
}

Result<SearchVectors::Response> SearchVectors::Execute(Context& context, const Request& request,
                                                       const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kItemTable));
  return IndexNotFound(request.index_name);
}

}  // namespace weir::dynamodb
