// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/list_streams.h"

#include "core/limits.h"
#include "services/dynamodb/streams/stream_members.h"

namespace weir::dynamodb {

Result<ListStreams::Plan> ListStreams::Validate(const Request& request) {
  if (request.exclusive_start_stream_arn.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStreamArn(*request.exclusive_start_stream_arn));
  }
  return Plan{};
}

Result<ListStreams::Response> ListStreams::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kListStreamsPage)));
  const std::string_view table_name =
      request.table_name.has_value() ? TableNameOf(*request.table_name) : std::string_view();
  const stream::StreamCatalogue::Listing listing = context.database.streams().List(
      table_name, request.exclusive_start_stream_arn.value_or(""), limit);
  Response response;
  for (const stream::StreamPtr& one : listing.streams) {
    const stream::StreamInfo& info = one->info();
    response.streams.push_back({info.arn, info.table_name, info.label});
  }
  if (listing.more) {
    response.last_evaluated_stream_arn = response.streams.back().stream_arn;
  }
  return response;
}

}  // namespace weir::dynamodb
