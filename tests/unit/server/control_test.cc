// SPDX-License-Identifier: Apache-2.0
#include "server/control.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::server {
namespace {

class FixedRequest final : public protocol::HttpRequest {
 public:
  FixedRequest(std::string method, std::string target)
      : method_(std::move(method)), target_(std::move(target)) {}
  [[nodiscard]] std::string_view method() const override { return method_; }
  [[nodiscard]] std::string_view target() const override { return target_; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] std::string_view header(std::string_view /*name*/) const override { return {}; }

 private:
  std::string method_;
  std::string target_;
};

class Service final : public protocol::RequestHandler {
 public:
  void Handle(const protocol::HttpRequest& /*request*/, protocol::HttpResponse& response) override {
    response.body = "service";
  }
};

protocol::HttpResponse Answer(const std::string& method, const std::string& target) {
  Service service;
  ControlEndpoints endpoints("1.2.3", service);
  protocol::HttpResponse response;
  endpoints.Handle(FixedRequest(method, target), response);
  return response;
}

TEST_CASE("Health is told with the version", "[server][control]") {
  for (const char* target : {"/_weir/health", "/_weir/health?a=b"}) {
    const protocol::HttpResponse response = Answer("GET", target);
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    CHECK(response.body == R"({"status":"ok","version":"1.2.3"})");
  }
}

TEST_CASE("Unknown control endpoints and methods are refused", "[server][control]") {
  CHECK(Answer("GET", "/_weir/").status == 404);
  CHECK(Answer("POST", "/_weir/healthy").status == 404);
  CHECK(Answer("POST", "/_weir/health").status == 405);
  CHECK(Answer("DELETE", "/_weir/health").status == 405);
}

TEST_CASE("All else is the service's", "[server][control]") {
  for (const char* target : {"/", "/_weir", "/_weirdo/health", "/?/_weir/health", ""}) {
    CHECK(Answer("POST", target).body == "service");
  }
}

}  // namespace
}  // namespace weir::server
