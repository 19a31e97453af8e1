// SPDX-License-Identifier: Apache-2.0
#include "server/browser_gate.h"

#include <string>
#include <utility>

#include "core/api_error.h"

namespace weir::server {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;

constexpr unsigned kForbidden = 403;
constexpr std::string_view kCorsMaxAge = "172800";
// The value that AWS sends (ScyllaDB's test/alternator/test_cors.py, which was run against AWS).
constexpr std::string_view kExposedHeaders =
    "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";

void AllowPage(HttpResponse& response) {
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-expose-headers", kExposedHeaders);
}

// Answers a browser that asks whether it may send a page's request:
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
void AnswerPreflight(const HttpRequest& request, HttpResponse& response) {
  response.content_type = {};
  response.headers.emplace_back("access-control-max-age", kCorsMaxAge);
  const std::string_view headers = request.header("Access-Control-Request-Headers");
  if (!headers.empty()) {
    response.headers.emplace_back("access-control-allow-headers", headers);
  }
  const std::string_view method = request.header("Access-Control-Request-Method");
  if (!method.empty()) {
    response.headers.emplace_back("access-control-allow-methods", method);
  }
}

}  // namespace

void BrowserGate::Handle(const HttpRequest& request, HttpResponse& response) {
  const bool from_page = !request.header("Origin").empty();
  if (from_page || request.method() != "POST") {
    if (std::optional<std::string> refusal = rules_.Refusal(request)) {
      next_.WriteError(MakeError(ErrorCode::kAccessDenied, *std::move(refusal)), response);
      response.status = kForbidden;
      return;
    }
  }
  if (!from_page) {
    next_.Handle(request, response);
    return;
  }
  if (request.method() == "OPTIONS") {
    AnswerPreflight(request, response);
  } else {
    next_.Handle(request, response);
  }
  if (!response.later) {
    AllowPage(response);
    return;
  }
  response.later = [later = std::move(response.later)](HttpResponse::Done done) {
    return later([done = std::move(done)](HttpResponse answer) {
      AllowPage(answer);
      done(std::move(answer));
    });
  };
}

}  // namespace weir::server
