// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lambda/lambda_fixture.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/base64.h"
#include "tests/unit/code/zip_builder.h"

namespace weir::lambda {
namespace {

// 2026-12-01T12:00:00.250Z
constexpr Micros kStart = std::chrono::seconds(1'796'126'400) + std::chrono::milliseconds(250);

}  // namespace

std::string TestAnswer::message() const {
  return body.value("message", body.value("Message", std::string()));
}

std::string TestAnswer::summary() const {
  const std::string text = std::to_string(status);
  return error.empty() ? text : text + " " + error + ": " + message();
}

TestFolder::TestFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "weir-lambda-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TestFolder::~TestFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

LambdaFixture::LambdaFixture(FunctionsOptions options, TagOwner* mappings)
    : options_(std::move(options)),
      mappings_(mappings),
      clock_(kStart),
      engine_(storage::NewMemoryEngine()),
      records_(*engine_) {
  Restart();
}

void LambdaFixture::Restart() {
  service_.reset();
  functions_.reset();
  functions_.emplace(records_, clock_, host_, options_);
  protocol::RestRoutes routes;
  AddFunctionRoutes(routes, *functions_, mappings_);
  service_.emplace(std::move(routes), clock_, FunctionAccess::kAllowed);
}

TestRequest LambdaFixture::Signed(std::string_view method, std::string_view target,
                                  std::string_view body) {
  TestRequest request;
  request.method_text = method;
  request.target_text = target;
  request.body_text = body;
  request.headers = {{"Host", "localhost:8000"},
                     {"X-Amz-Date", "20261201T120000Z"},
                     {"Authorization",
                      "AWS4-HMAC-SHA256 Credential=key/20261201/eu-west-1/lambda/aws4_request, "
                      "SignedHeaders=host;x-amz-date, Signature=0123"}};
  return request;
}

TestAnswer LambdaFixture::Send(const TestRequest& request) {
  protocol::HttpResponse response;
  service_->Handle(request, response);
  TestAnswer answer{.status = response.status, .error = {}, .body = {}};
  for (const auto& [name, value] : response.headers) {
    answer.error = name == "x-amzn-ErrorType" ? value : answer.error;
  }
  if (!response.body.empty()) {
    CHECK(response.content_type == "application/json");
    answer.body = TestJson::parse(response.body, nullptr, false);
    REQUIRE_FALSE(answer.body.is_discarded());
  }
  return answer;
}

TestAnswer LambdaFixture::Run(std::string_view method, std::string_view target,
                              const TestJson& body) {
  return Send(Signed(method, target, body.is_null() ? std::string() : body.dump()));
}

TestJson LambdaFixture::NewFunction(std::string_view name) {
  return {{"FunctionName", name},
          {"Runtime", "python3.12"},
          {"Handler", "app.handler"},
          {"Role", kRole},
          {"Code", {{"ZipFile", Base64Of(ZipOf("app.py", "def handler(e, c): return e\n"))}}}};
}

void LambdaFixture::Create(std::string_view name) {
  REQUIRE(Run("POST", "/2015-03-31/functions", NewFunction(name)).summary() == "201");
}

std::string ZipOf(const std::string& name, const std::string& text) {
  return runtimes::ZipBuilder().Add({.name = name, .content = text}).Zip();
}

std::string Base64Of(std::string_view bytes) {
  std::string text;
  EncodeBase64(bytes, text);
  return text;
}

}  // namespace weir::lambda
