// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/streams/stream_record.h"

namespace weir::dynamodb {

struct GetRecordsRequest {
  std::string shard_iterator;
  std::optional<std::int64_t> limit;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ShardIterator", &GetRecordsRequest::shard_iterator},
                           Field{"Limit", &GetRecordsRequest::limit});
  }
};

struct GetRecordsResponse {
  std::vector<Record> records;
  std::optional<std::string> next_shard_iterator;
  stream::StreamPtr stream;  // owns the key schema that `records` refer to
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Records", &GetRecordsResponse::records},
                           Field{"NextShardIterator", &GetRecordsResponse::next_shard_iterator});
  }
};

struct GetRecords : WithoutPlan {
  static constexpr std::string_view kName = "GetRecords";
  static constexpr Wording kWording{};
  using Request = GetRecordsRequest;
  using Response = GetRecordsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
