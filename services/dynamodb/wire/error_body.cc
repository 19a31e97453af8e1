// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/error_body.h"

#include <string_view>

#include "protocol/json_text.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kService = "com.amazonaws.dynamodb.v20120810#";
constexpr std::string_view kCoralService = "com.amazon.coral.service#";
constexpr std::string_view kCoralAvailability = "com.amazon.coral.availability#";
constexpr std::string_view kCoralValidate = "com.amazon.coral.validate#";

constexpr unsigned kBadRequest = 400;
constexpr unsigned kEntityTooLarge = 413;
constexpr unsigned kServerError = 500;
constexpr unsigned kUnavailable = 503;

struct Form {
  unsigned status = kBadRequest;
  std::string_view prefix = kService;
  std::string_view message_member = "message";  // the spelling differs, as it does on AWS
};

Form FormOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kValidation:
      return {.prefix = kCoralValidate};
    case ErrorCode::kSerialization:
    case ErrorCode::kAccessDenied:
      return {.prefix = kCoralService, .message_member = "Message"};
    case ErrorCode::kTransactionCanceled:
      return {.message_member = "Message"};
    case ErrorCode::kUnknownOperation:
    case ErrorCode::kMissingAuthenticationToken:
    case ErrorCode::kIncompleteSignature:
    case ErrorCode::kInvalidSignature:
    case ErrorCode::kUnrecognizedClient:
      return {.prefix = kCoralService};
    case ErrorCode::kRequestEntityTooLarge:
      return {.status = kEntityTooLarge, .prefix = kCoralService};
    case ErrorCode::kServiceUnavailable:
      return {.status = kUnavailable, .prefix = kCoralAvailability};
    case ErrorCode::kInternalServerError:
      return {.status = kServerError};
    case ErrorCode::kResourceNotFound:
    case ErrorCode::kResourceInUse:
    case ErrorCode::kTableNotFound:
    case ErrorCode::kTableAlreadyExists:
    case ErrorCode::kPolicyNotFound:
    case ErrorCode::kGlobalTableNotFound:
    case ErrorCode::kExportNotFound:
    case ErrorCode::kImportNotFound:
    case ErrorCode::kContinuousBackupsUnavailable:
    case ErrorCode::kPointInTimeRecoveryUnavailable:
    case ErrorCode::kBackupNotFound:
    case ErrorCode::kBackupInUse:
    case ErrorCode::kConditionalCheckFailed:
    case ErrorCode::kDuplicateItem:
    case ErrorCode::kTransactionConflict:
    case ErrorCode::kTransactionInProgress:
    case ErrorCode::kIdempotentParameterMismatch:
    case ErrorCode::kItemCollectionSizeLimitExceeded:
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kThrottling:
    case ErrorCode::kProvisionedThroughputExceeded:
    case ErrorCode::kTrimmedDataAccess:
    case ErrorCode::kExpiredIterator:
      return {};
  }
  return {.status = kServerError};
}

void AppendReason(const CancellationReason& reason, std::string& body) {
  body.append("{\"Code\":");
  protocol::AppendJsonString(reason.code, body);
  if (reason.item) {
    body.append(",\"Item\":");
    AppendAttributes(reason.item.attributes(), body);
  }
  if (!reason.message.empty()) {
    body.append(",\"Message\":");
    protocol::AppendJsonString(reason.message, body);
  }
  body.push_back('}');
}

void AppendReasons(const std::vector<CancellationReason>& reasons, std::string& body) {
  body.append(",\"CancellationReasons\":");
  char separator = '[';
  for (const CancellationReason& reason : reasons) {
    body.push_back(separator);
    AppendReason(reason, body);
    separator = ',';
  }
  body.push_back(']');
}

}  // namespace

void WriteError(const ApiError& error, protocol::HttpResponse& response) {
  const Form form = FormOf(error.code);
  response.status = form.status;
  std::string& body = response.body;
  body.assign("{\"__type\":\"").append(form.prefix).append(WireName(error.code)).append("\"");
  if (!error.reasons.empty()) {
    AppendReasons(error.reasons, body);
  }
  if (!error.message.empty()) {
    body.append(",\"")
        .append(error.capital_message ? "Message" : form.message_member)
        .append("\":");
    protocol::AppendJsonString(error.message, body);
  }
  if (error.item) {
    body.append(",\"Item\":");
    AppendAttributes(error.item.attributes(), body);
  }
  body.push_back('}');
}

}  // namespace weir::dynamodb
