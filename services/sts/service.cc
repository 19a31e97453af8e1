// SPDX-License-Identifier: Apache-2.0
#include "services/sts/service.h"

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "protocol/authorization.h"
#include "protocol/query_request.h"
#include "protocol/request_context.h"

namespace weir::sts {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;
using protocol::QueryRequest;

constexpr std::string_view kVersion = "2011-06-15";
constexpr std::string_view kNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";
constexpr unsigned kBadRequest = 400;
constexpr unsigned kForbidden = 403;
constexpr unsigned kServerError = 500;

// An error's status and code in the query protocol. All AWS services share these:
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
struct ErrorForm {
  unsigned status;
  std::string_view code;
};

ErrorForm FormOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMissingAuthenticationToken:
      return {kForbidden, "MissingAuthenticationToken"};
    case ErrorCode::kIncompleteSignature:
      return {kBadRequest, "IncompleteSignature"};
    case ErrorCode::kInvalidSignature:
      return {kForbidden, "SignatureDoesNotMatch"};
    case ErrorCode::kUnknownOperation:
      return {kBadRequest, "InvalidAction"};
    default:
      return {kServerError, "InternalFailure"};
  }
}

void AnswerCallerIdentity(HttpResponse& response) {
  const std::string account(protocol::kAccount);
  response.content_type = "text/xml";
  std::string& body = response.body;
  body.append("<GetCallerIdentityResponse xmlns=\"").append(kNamespace).append("\">\n");
  body.append("  <GetCallerIdentityResult>\n");
  body.append("    <Arn>arn:aws:iam::").append(account).append(":root</Arn>\n");
  body.append("    <UserId>").append(account).append("</UserId>\n");
  body.append("    <Account>").append(account).append("</Account>\n");
  body.append("  </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>");
  body.append(response.request_id);
  body.append("</RequestId>\n  </ResponseMetadata>\n</GetCallerIdentityResponse>\n");
}

// The steps of a request.
Status Call(const HttpRequest& request, HttpResponse& response) {
  // Decode.
  const std::optional<QueryRequest> query = QueryRequest::Of(request);

  // Authenticate.
  if (const Result<protocol::Credentials> caller = protocol::ReadCredentials(request);
      !caller.ok()) {
    return caller.error();
  }

  // Execute and encode. There is nothing to authorize: AWS tells every caller who it is.
  const std::string action = query.has_value() ? query->action() : std::string();
  if (action != "GetCallerIdentity") {
    const std::string version = query.has_value() ? query->version() : std::string();
    return MakeError(ErrorCode::kUnknownOperation,
                     "Could not find operation " + action + " for version " + version);
  }
  AnswerCallerIdentity(response);
  return {};
}

}  // namespace

protocol::ServiceNames StsService::names() const {
  return {.title = "STS", .signing_name = "sts", .query_version = kVersion};
}

void StsService::Handle(const HttpRequest& request, HttpResponse& response) {
  if (const Status status = Call(request, response); !status.ok()) {
    WriteError(status.error(), response);
  }
}

void StsService::WriteError(const ApiError& error, HttpResponse& response) {
  const auto [status, code] = FormOf(error.code);
  protocol::WriteQueryError(status, code, error.message, kNamespace, response);
}

}  // namespace weir::sts
