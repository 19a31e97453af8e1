// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/global_table_members.h"

#include <string>

namespace weir::dynamodb {
namespace {

std::string DoesNotExist(std::string_view name) {
  return "Global table with name: '" + std::string(name) + "' does not exist.";
}

}  // namespace

ApiError VersionNotSupported() {
  return InvalidParameter(
      "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB "
      "global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).");
}

ApiError GlobalTableNotFound(std::string_view prefix, std::string_view name) {
  return MakeError(ErrorCode::kGlobalTableNotFound, std::string(prefix) + DoesNotExist(name));
}

ApiError NoGlobalTable(std::string_view name) {
  return MakeError(ErrorCode::kResourceNotFound, DoesNotExist(name));
}

}  // namespace weir::dynamodb
