// SPDX-License-Identifier: Apache-2.0
#include "control/control.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace weir::control {
namespace {

class FixedRequest final : public protocol::HttpRequest {
 public:
  FixedRequest(std::string method, std::string target, std::string body)
      : method_(std::move(method)), target_(std::move(target)), body_(std::move(body)) {}
  [[nodiscard]] std::string_view method() const override { return method_; }
  [[nodiscard]] std::string_view target() const override { return target_; }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] std::string_view header(std::string_view /*name*/) const override { return {}; }

 private:
  std::string method_;
  std::string target_;
  std::string body_;
};

class Service final : public protocol::RequestHandler {
 public:
  void Handle(const protocol::HttpRequest& /*request*/, protocol::HttpResponse& response) override {
    response.body = "service";
  }
};

// Answers a request when the clock stands at 2025-11-25T22:25:42.123456Z.
protocol::HttpResponse Answer(const std::string& method, const std::string& target,
                              const std::string& body = "") {
  const ManualClock base(Micros(1'764'109'542'123'456));
  Timeline timeline(base);
  Service service;
  ControlEndpoints endpoints("1.2.3", timeline, service);
  protocol::HttpResponse response;
  endpoints.Handle(FixedRequest(method, target, body), response);
  if (!response.later) {
    return response;
  }
  std::promise<protocol::HttpResponse> answer;
  response.later([&](protocol::HttpResponse made) { answer.set_value(std::move(made)); });
  return answer.get_future().get();
}

TEST_CASE("Health is told with the version", "[server][control]") {
  for (const char* target : {"/_weir/health", "/_weir/health?a=b"}) {
    const protocol::HttpResponse response = Answer("GET", target);
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    CHECK(response.body == R"({"status":"ok","version":"1.2.3"})");
  }
}

TEST_CASE("The control endpoints are listed", "[server][control]") {
  for (const char* target : {"/_weir", "/_weir/", "/_weir/?a=b"}) {
    const protocol::HttpResponse response = Answer("GET", target);
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    CHECK(
        response.body ==
        R"({"endpoints":[{"path":"/_weir/health","methods":"GET, HEAD",)"
        R"("purpose":"whether the server answers, and its version; ?verbose: what takes its memory"},)"
        R"({"path":"/_weir/clock","methods":"GET, HEAD, POST",)"
        R"("purpose":"the server's clock, which can be stopped and moved forward"}]})");
  }
  CHECK(Answer("POST", "/_weir/").status == 404);
}

TEST_CASE("Unknown control endpoints and methods are refused", "[server][control]") {
  CHECK(Answer("POST", "/_weir/healthy").status == 404);
  CHECK(Answer("POST", "/_weir/health").status == 405);
  CHECK(Answer("DELETE", "/_weir/health").status == 405);
}

TEST_CASE("The clock is read", "[server][control][clock]") {
  for (const char* method : {"GET", "HEAD"}) {
    const protocol::HttpResponse response = Answer(method, "/_weir/clock");
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    CHECK(response.body ==
          R"({"now":"2025-11-25T22:25:42.123456Z","epochSeconds":1764109542.123456,)"
          R"("frozen":false})");
  }
  CHECK(Answer("PUT", "/_weir/clock").status == 405);
  CHECK(Answer("PUT", "/_weir/clock").headers.front().second == "GET, HEAD, POST");
}

TEST_CASE("The clock is changed", "[server][control][clock]") {
  const auto changed = [](const std::string& body) {
    const protocol::HttpResponse response = Answer("POST", "/_weir/clock", body);
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    return response.body.substr(8, 27) + response.body.substr(response.body.find(",\"frozen"));
  };
  CHECK(changed(R"({"freeze": true})") == R"(2025-11-25T22:25:42.123456Z,"frozen":true})");
  CHECK(changed(R"({"resume": true})") == R"(2025-11-25T22:25:42.123456Z,"frozen":false})");
  CHECK(changed(R"({"advance": "1d1s"})") == R"(2025-11-26T22:25:43.123456Z,"frozen":false})");
  CHECK(changed(R"({"advance": 0.5})") == R"(2025-11-25T22:25:42.623456Z,"frozen":false})");
  CHECK(changed(R"({"advance": 0})") == R"(2025-11-25T22:25:42.123456Z,"frozen":false})");
  CHECK(changed(R"({"set": "2026-01-01"})") == R"(2026-01-01T00:00:00.000000Z,"frozen":false})");
  CHECK(changed(R"({"set": 1800000000.25, "freeze": true})") ==
        R"(2027-01-15T08:00:00.250000Z,"frozen":true})");
}

TEST_CASE("A change of the clock that cannot be is refused", "[server][control][clock]") {
  const std::string set_takes =
      "'set' takes a time from 1970 to 9999, such as \\\"2030-01-31T12:00:00Z\\\", or seconds "
      "since "
      "1970";
  const std::string advance_takes =
      "'advance' takes a span, such as \\\"1d2h30m\\\" or \\\"500ms\\\", or seconds";
  const std::string body_must =
      "The body must be a JSON object, such as {\\\"advance\\\": \\\"24h\\\"}";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", body_must},
      {"freeze", body_must},
      {"[]", body_must},
      {"{}", "One of 'freeze', 'set', 'advance' and 'resume' is required"},
      {R"({"stop": true})", "Only 'freeze', 'set', 'advance' and 'resume' are known"},
      {R"({"freeze": false})", "'freeze' takes true only"},
      {R"({"resume": 1})", "'resume' takes true only"},
      {R"({"freeze": true, "resume": true})", "'freeze' and 'resume' exclude each other"},
      {R"({"set": "2026-01-01", "advance": 1})", "'set' and 'advance' exclude each other"},
      {R"({"set": "tomorrow"})", set_takes},
      {R"({"set": true})", set_takes},
      {R"({"set": -1})", set_takes},
      {R"({"set": 253402300800})", set_takes},
      {R"({"advance": "1 day"})", advance_takes},
      {R"({"advance": null})", advance_takes},
      {R"({"advance": 1e300})", advance_takes},
      {R"({"advance": -1})", "The clock cannot go back"},
      {R"({"set": 1764109542})", "The clock cannot go back"},
      {R"({"set": "2125-12-01"})", "The clock moves by 100 years at most"},
      {R"({"advance": "36526d"})", "The clock moves by 100 years at most"}};
  for (const auto& [body, text] : rows) {
    CAPTURE(body);
    const protocol::HttpResponse response = Answer("POST", "/_weir/clock", body);
    CHECK(response.status == 400);
    CHECK(response.body == R"({"message":")" + text + R"("})");
  }
}

TEST_CASE("All else is the service's", "[server][control]") {
  for (const char* target : {"/", "/_weir", "/_weirdo/health", "/?/_weir/health", ""}) {
    CHECK(Answer("POST", target).body == "service");
  }
}

}  // namespace
}  // namespace weir::control
