// SPDX-License-Identifier: Apache-2.0
// The errors of the CloudWatch Logs API, as values.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "protocol/http.h"

namespace weir::logs {

// The wire name is the enumerator's without the `k` and with `Exception` after it.
enum class LogsErrorCode : std::uint8_t {
  kInvalidParameter,
  kResourceNotFound,
  kResourceAlreadyExists,
  kLimitExceeded,
  kTooManyTags,
  kSerialization,
  kUnknownOperation,
  kMissingAuthenticationToken,
  kIncompleteSignature,
  kInvalidSignature,
  kAccessDenied,
  kServiceUnavailable,
};

// One refused request. `message` is the exact text that AWS sends; empty: none.
struct LogsError {
  LogsErrorCode code = LogsErrorCode::kServiceUnavailable;
  std::string message;
};

template <class T>
using LogsResult = Result<T, LogsError>;
using LogsStatus = Result<void, LogsError>;

inline LogsError InvalidParameter(std::string message) {
  return {LogsErrorCode::kInvalidParameter, std::move(message)};
}

// Makes `response` the error: {"__type":…,"message":…}.
void WriteLogsError(const LogsError& error, protocol::HttpResponse& response);

}  // namespace weir::logs
