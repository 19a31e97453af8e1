// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/stream_members.h"

#include <string>

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

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

Result<stream::StreamPtr> FindAnyStream(Database& database, std::string_view stream_or_table) {
  if (CheckStreamArn(stream_or_table).ok()) {
    return FindStream(database, stream_or_table);
  }
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(database, stream_or_table, kControlTable));
  const std::string arn = table->metadata()->latest_stream_arn;
  if (arn.empty()) {
    return MakeError(ErrorCode::kResourceNotFound,
                     "Requested resource not found: Table: " + table->metadata()->name +
                         " has never had a stream");
  }
  return FindStream(database, arn);
}

}  // namespace weir::dynamodb
