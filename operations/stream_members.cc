// SPDX-License-Identifier: Apache-2.0
#include "operations/stream_members.h"

#include <string>

namespace weir::operations {

Status CheckStreamArn(std::string_view arn) {
  // arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>
  const std::size_t table = arn.find(":table/");
  if (!arn.starts_with("arn:") || arn.find(":dynamodb:") == std::string_view::npos ||
      table == std::string_view::npos || arn.find("/stream/", table) == std::string_view::npos) {
    return ValidationError("Invalid StreamArn");
  }
  return {};
}

Result<stream::StreamPtr> FindStream(Database& database, std::string_view arn) {
  stream::StreamPtr found = database.streams().Find(arn);
  if (found == nullptr) {
    return MakeError(ErrorCode::kResourceNotFound,
                     "Requested resource not found: Stream: " + std::string(arn) + " not found");
  }
  return found;
}

}  // namespace weir::operations
