// SPDX-License-Identifier: Apache-2.0
// LogsService: CloudWatch Logs, as far as tests of functions read it:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/api_error.h"
#include "core/clock.h"
#include "protocol/http.h"
#include "protocol/service.h"
#include "services/logs/errors.h"
#include "services/logs/log_store.h"
#include "services/logs/operations.h"

namespace weir::logs {

// Answers `X-Amz-Target: Logs_20140328.<operation>`. Groups and streams are the same in all
// regions; ARNs in answers have the region of the request. Thread-safe. `store` and `clock` must
// outlive it.
class LogsService final : public protocol::Service {
 public:
  LogsService(LogStore& store, const Clock& clock);

  [[nodiscard]] protocol::ServiceNames names() const override;
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override;

 private:
  // The steps of a request; appends the body of the answer.
  LogsStatus Call(const protocol::HttpRequest& request, std::string& body) const;

  LogStore& store_;
  const Clock& clock_;
  std::unordered_map<std::string_view, LogsOperation> operations_;  // by name
};

}  // namespace weir::logs
