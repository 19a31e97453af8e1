// SPDX-License-Identifier: Apache-2.0
// /_weir/records: the records of all shards of a stream, as they happen.
//
//   POST request → page
//   request := {"TableName": name} or {"StreamArn": ARN}, with
//              "Start": "LATEST" (default), "TRIM_HORIZON" or a time;
//              or {"Checkpoint": text} of an earlier page. Also
//              "WaitSeconds": how long the answer may wait for a record, 0 (default) to 20;
//              "Limit": about how many records the page may have (default 1,000)
//   page    := TailPage in services/dynamodb/streams/stream_tail.h
//
// Errors are AWS's: ResourceNotFoundException, ValidationException.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/limits.h"
#include "core/result.h"
#include "protocol/http.h"
#include "services/dynamodb/control/waiting_tails.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/streams/stream_tail.h"

namespace weir::dynamodb {

struct RecordsRequest {
  TailStart start;
  std::chrono::seconds wait{0};
  std::size_t limit = limits::kGetRecordsLimit;
};

// Fails with a ValidationException whose text says what is wrong.
Result<RecordsRequest> ParseRecordsRequest(std::string_view body);

// Thread-safe. `database` must outlive it.
class RecordsEndpoint final : public protocol::RequestHandler {
 public:
  explicit RecordsEndpoint(Database& database) : database_(database), waiting_(database.clock()) {}

  static constexpr std::string_view kPath = "/_weir/records";
  static constexpr std::chrono::seconds kLongestWait{20};

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void Drain() override { waiting_.Stop(); }

 private:
  Status Call(std::string_view body, protocol::HttpResponse& response);

  Database& database_;
  WaitingTails waiting_;
};

}  // namespace weir::dynamodb
