// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/service.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api_error.h"
#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

std::string Ask(FunctionAccess access) {
  const ManualClock clock(Micros(0));
  LambdaService service({}, clock, access);
  protocol::HttpResponse response;
  service.Handle(LambdaFixture::Signed("GET", "/2015-03-31/functions", ""), response);
  return std::to_string(response.status) + " " + response.headers.at(0).second + " " +
         response.body;
}

TEST_CASE("Where functions are not allowed, all is refused with the flag's name",
          "[lambda][service]") {
  CHECK(Ask(FunctionAccess::kOff) ==
        "403 AccessDeniedException {\"Message\":\"Functions are switched off: Weir was started "
        "with --no-functions\"}");
  CHECK(Ask(FunctionAccess::kNotLoopback) ==
        "403 AccessDeniedException {\"Message\":\"Functions are switched off, because other "
        "machines can reach this server: start Weir with --allow-functions to allow them\"}");
}

TEST_CASE("A request of a page is refused", "[lambda][service]") {
  LambdaFixture lambda;
  TestRequest request = LambdaFixture::Signed("GET", "/2015-03-31/functions", "");
  request.headers["Origin"] = "http://localhost:8000";
  CHECK(lambda.Send(request).summary() ==
        "403 AccessDeniedException: Web pages may not use functions: the request has an Origin or "
        "Sec-Fetch-Site header");
  request.headers.erase("Origin");
  request.headers["Sec-Fetch-Site"] = "same-origin";
  CHECK(lambda.Send(request).summary().starts_with("403 AccessDeniedException: Web pages"));
  request.headers["Sec-Fetch-Site"] = "none";  // an address that the user has typed
  CHECK(lambda.Send(request).summary().starts_with("200"));
}

TEST_CASE("A request without credentials is told so", "[lambda][service]") {
  LambdaFixture lambda;
  TestRequest request = LambdaFixture::Signed("GET", "/2015-03-31/functions", "");
  request.headers.erase("Authorization");
  CHECK(lambda.Send(request).summary() ==
        "403 MissingAuthenticationTokenException: Missing Authentication Token");
  request.headers["Authorization"] = "AWS4-HMAC-SHA256 Signature=0";
  const TestAnswer answer = lambda.Send(request);
  CHECK(answer.status == 403);
  CHECK(answer.error == "IncompleteSignatureException");
}

TEST_CASE("Paths and methods of no operation are answered as AWS does", "[lambda][service]") {
  LambdaFixture lambda;
  const std::vector<std::pair<std::string_view, std::string_view>> calls = {
      {"GET", "/"}, {"GET", "//2015-03-31/functions"}, {"PATCH", "/2015-03-31/functions"}};
  for (const auto& [method, target] : calls) {
    CHECK(lambda.Run(method, target).summary() ==
          "403 AccessDeniedException: Unable to determine service/operation name to be "
          "authorized");
  }
}

TEST_CASE("Operations that Weir does not have are refused by name", "[lambda][service]") {
  LambdaFixture lambda;
  const auto refusal = [](std::string_view operation) {
    return "400 InvalidParameterValueException: " + std::string(operation) +
           " is not supported by Weir yet";
  };
  const auto run = [&lambda](std::string_view method, std::string_view target) {
    return lambda.Run(method, target).summary();
  };
  CHECK(run("GET", "/2018-10-31/layers?find=LayerVersion&Arn=a") ==
        refusal("GetLayerVersionByArn"));
  CHECK(run("POST", "/2018-10-31/layers/l/versions") == refusal("PublishLayerVersion"));
  CHECK(run("PUT", "/2019-09-30/functions/f/provisioned-concurrency") ==
        refusal("PutProvisionedConcurrencyConfig"));
  CHECK(run("POST", "/2021-10-31/functions/f/url") == refusal("CreateFunctionUrlConfig"));
}

TEST_CASE("The session's errors are written in Lambda's form", "[lambda][service]") {
  const ManualClock clock(Micros(0));
  LambdaService service({}, clock, FunctionAccess::kAllowed);
  protocol::HttpResponse response;
  service.WriteError(MakeError(ErrorCode::kInternalServerError, "x"), response);
  CHECK(response.status == 500);
  CHECK(response.body == R"({"Type":"Service","Message":"x"})");
}

TEST_CASE("Each error has the members that AWS gives it", "[lambda][errors]") {
  const auto body = [](const LambdaError& error) {
    protocol::HttpResponse response;
    WriteLambdaError(error, response);
    return std::to_string(response.status) + " " + response.headers.at(0).second + " " +
           response.body;
  };
  CHECK(body(InvalidParameterValue("a \"b\"")) ==
        R"(400 InvalidParameterValueException {"Type":"User","message":"a \"b\""})");
  CHECK(body(WithoutType(InvalidParameterValue("a"))) ==
        R"(400 InvalidParameterValueException {"message":"a"})");
  CHECK(body(MakeLambdaError(LambdaErrorCode::kAccessDenied, "")) ==
        R"(403 AccessDeniedException {"Message":null})");
  CHECK(body(MakeLambdaError(LambdaErrorCode::kResourceNotFound, "a")) ==
        R"(404 ResourceNotFoundException {"Type":"User","Message":"a"})");
  CHECK(body(MakeLambdaError(LambdaErrorCode::kSerialization, "")) ==
        "400 SerializationException {}");
  CHECK(body({.code = LambdaErrorCode::kTooManyRequests,
              .message = "Rate Exceeded.",
              .reason = "ReservedFunctionConcurrentInvocationLimitExceeded"}) ==
        "429 TooManyRequestsException "
        R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User",)"
        R"("message":"Rate Exceeded."})");
}

}  // namespace
}  // namespace weir::lambda
