// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/service.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "protocol/authorization.h"
#include "protocol/request_context.h"
#include "protocol/web_page.h"

namespace weir::lambda {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;
using protocol::RestCall;
using protocol::RestRoutes;

// More than an invocation may send (6 MB). So invocations never wait for large deployments.
constexpr std::size_t kLargeBody = std::size_t{8} << 20U;

LambdaError AccessDenied(std::string message) {
  return MakeLambdaError(LambdaErrorCode::kAccessDenied, std::move(message));
}

LambdaStatus CheckAccess(FunctionAccess access, const HttpRequest& request) {
  if (const std::string_view refusal = RefusalOf(access); !refusal.empty()) {
    return AccessDenied(std::string(refusal));
  }
  // A page that could call this service could run programs.
  if (protocol::IsFromPage(request)) {
    return AccessDenied(
        "Web pages may not use functions: the request has an Origin or Sec-Fetch-Site header");
  }
  return {};
}

// The errors of what stands before the operations, as this service answers them.
LambdaError LambdaErrorOf(const ApiError& error) {
  switch (error.code) {
    case ErrorCode::kMissingAuthenticationToken:
      return MakeLambdaError(LambdaErrorCode::kMissingAuthenticationToken,
                             "Missing Authentication Token");
    case ErrorCode::kIncompleteSignature:
    case ErrorCode::kInvalidSignature:
      return MakeLambdaError(LambdaErrorCode::kIncompleteSignature, error.message);
    case ErrorCode::kAccessDenied:
      return AccessDenied(error.message);
    case ErrorCode::kValidation:
      return MakeLambdaError(LambdaErrorCode::kValidation, error.message);
    case ErrorCode::kRequestEntityTooLarge:
      return MakeLambdaError(LambdaErrorCode::kRequestEntityTooLarge, error.message);
    default:
      return MakeLambdaError(LambdaErrorCode::kService, error.message);
  }
}

}  // namespace

std::string_view RefusalOf(FunctionAccess access) {
  switch (access) {
    case FunctionAccess::kOff:
      return "Functions are switched off: Weir was started with --no-functions";
    case FunctionAccess::kNotLoopback:
      return "Functions are switched off, because other machines can reach this server: start Weir "
             "with --allow-functions to allow them";
    case FunctionAccess::kAllowed:
      break;
  }
  return {};
}

// While it is parsed, a body may take a multiple of its size.
class LambdaService::LargeBodyTurn {
 public:
  // Takes no place if `service` is nullptr.
  explicit LargeBodyTurn(LambdaService* service) : service_(service) {
    if (service_ != nullptr) {
      const MutexLock lock(service_->mutex_);
      while (service_->large_bodies_ == kMostLargeBodies) {
        service_->body_done_.Wait(service_->mutex_);
      }
      ++service_->large_bodies_;
    }
  }
  ~LargeBodyTurn() {
    if (service_ != nullptr) {
      const MutexLock lock(service_->mutex_);
      --service_->large_bodies_;
      service_->body_done_.NotifyOne();
    }
  }
  LargeBodyTurn(const LargeBodyTurn&) = delete;
  LargeBodyTurn& operator=(const LargeBodyTurn&) = delete;

 private:
  static constexpr int kMostLargeBodies = 2;
  LambdaService* const service_;
};

LambdaService::LambdaService(RestRoutes routes, const Clock& clock, FunctionAccess access)
    : routes_(std::move(routes)), clock_(clock), access_(access) {
  AddUnsupportedRoutes(routes_);
}

protocol::ServiceNames LambdaService::names() const {
  return {.title = "Lambda", .signing_name = "lambda", .path = "/2015-03-31/"};
}

void LambdaService::Handle(const HttpRequest& request, HttpResponse& response) {
  response.content_type = "application/json";
  const LargeBodyTurn turn(request.body().size() > kLargeBody ? this : nullptr);
  WriteIfError(Call(request, response), response);
}

LambdaStatus LambdaService::Call(const HttpRequest& request, HttpResponse& response) const {
  WEIR_RETURN_IF_ERROR(CheckAccess(access_, request));

  // Authenticate.
  const Result<protocol::Credentials> credentials = protocol::ReadCredentials(request);
  if (!credentials.ok()) {
    return LambdaErrorOf(credentials.error());
  }

  // Decode.
  std::map<std::string, std::string, std::less<>> labels;
  const RestRoutes::Route* const route = routes_.Find(request.method(), request.path(), labels);
  if (route == nullptr) {
    // Observed, for other methods and other paths: https://github.com/boto/boto3/issues/294
    return AccessDenied("Unable to determine service/operation name to be authorized");
  }
  const RestCall call{.request = request,
                      .context = {.service = names().signing_name,
                                  .operation = route->operation,
                                  .account = protocol::kAccount,
                                  .region = credentials.value().region,
                                  .access_key = credentials.value().access_key_id,
                                  .host = request.header("Host"),
                                  .request_id = response.request_id,
                                  .time = clock_.Now()},
                      .labels = std::move(labels),
                      .query = protocol::ReadQuery(request.query())};

  // Validate, execute and encode.
  route->handler(call, response);
  return {};
}

void LambdaService::WriteError(const ApiError& error, HttpResponse& response) {
  WriteLambdaError(LambdaErrorOf(error), response);
}

}  // namespace weir::lambda
