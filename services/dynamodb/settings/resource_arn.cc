// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/resource_arn.h"

#include "services/dynamodb/common/table_arn.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kStream = "/stream/";
constexpr std::string_view kIndex = "/index/";

}  // namespace

Result<ResourceArn> ParseResourceArn(std::string_view arn) {
  const std::string text(arn);
  if (arn.empty()) {
    return ValidationError("Invalid TableArn: Invalid ResourceArn provided as input ");
  }
  if (!arn.starts_with("arn:")) {
    return InvalidParameter("ARNs must start with 'arn:': " + text);
  }
  if (const std::size_t index = arn.find(kIndex);
      index != std::string_view::npos && TableNameOfArn(arn.substr(0, index)).has_value()) {
    return InvalidParameter(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " +
        text);
  }
  const std::size_t stream = arn.find(kStream);
  const std::optional<std::string_view> table = TableNameOfArn(arn.substr(0, stream));
  if (!table.has_value()) {
    return InvalidParameter("Provided Arn is not a DynamoDB resource arn: " + text);
  }
  ResourceArn resource;
  resource.table_name = *table;
  if (stream != std::string_view::npos) {
    resource.stream_label = arn.substr(stream + kStream.size());
  }
  return resource;
}

}  // namespace weir::dynamodb
