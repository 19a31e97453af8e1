// SPDX-License-Identifier: Apache-2.0
#include "server/browser_rules.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "server/browser_gate.h"

namespace weir::server {
namespace {

struct PageRequest final : protocol::HttpRequest {
  std::string method_text = "POST";
  std::string target_text = "/";
  std::map<std::string, std::string, std::less<>> headers;

  [[nodiscard]] std::string_view method() const override { return method_text; }
  [[nodiscard]] std::string_view target() const override { return target_text; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : found->second;
  }
};

TEST_CASE("An origin is allowed if it is on this machine", "[server][browser]") {
  const BrowserRules rules({});
  for (const char* origin :
       {"http://localhost", "https://localhost:3000", "http://LOCALHOST:1", "http://app.localhost",
        "http://127.0.0.1:8000", "http://127.9.9.9", "http://[::1]:5", "http://0.0.0.0:3000"}) {
    CAPTURE(origin);
    CHECK(rules.AllowsOrigin(origin, "127.0.0.1:8000"));
  }
  for (const char* origin :
       {"null", "http://evil.example", "http://localhost.evil.example", "http://evillocalhost",
        "http://10.0.0.1", "file://", "http://", "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80:evil.example", "chrome-extension://localhost", "http://127.0.0.1.evil",
        "ftp://localhost", "http://localhost/", "http://localhost#", "http://[::1].evil.example"}) {
    CAPTURE(origin);
    CHECK_FALSE(rules.AllowsOrigin(origin, "127.0.0.1:8000"));
  }
}

TEST_CASE("A page of the server itself is allowed under a name that nobody owns",
          "[server][browser]") {
  const BrowserRules rules({});
  CHECK(rules.AllowsOrigin("http://weir:8000", "weir:8000"));
  CHECK(rules.AllowsOrigin("http://10.1.2.3:8000", "10.1.2.3:8000"));
  CHECK(rules.AllowsOrigin("https://weir.internal", "weir.internal"));
  CHECK_FALSE(rules.AllowsOrigin("http://weir:8001", "weir:8000"));
  CHECK_FALSE(rules.AllowsOrigin("http://other:8000", "weir:8000"));
  CHECK_FALSE(rules.AllowsOrigin("http://rebound.example:8000", "rebound.example:8000"));
}

TEST_CASE("A host is allowed if no public name can be it", "[server][browser]") {
  const BrowserRules rules({{}, {"db.example", "*.test.example"}});
  for (const char* host :
       {"", "localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "10.0.0.7", "weir",
        "weir:8000", "weir.default.svc:8000", "db.test", "a.localhost", "host.docker.internal:8000",
        "weir.ns.svc.cluster.local", "localhost.", "db.example", "DB.EXAMPLE:1", "a.test.example",
        "a.b.test.example"}) {
    CAPTURE(host);
    CHECK(rules.AllowsHost(host));
  }
  for (const char* host :
       {"rebound.example", "rebound.example:8000", "rebound.example.", "127.0.0.1.evil.example",
        "internal.evil.example", "evilinternal.example", "test.example", "eviltest.example",
        "x@127.0.0.1", "127.0.0.1:80@evil.example", "127.0.0.1:8000:1", "a b.localhost",
        "svc.cluster.local.evil.example", "localhost/evil.example", ".", "[::1", "[::1]x"}) {
    CAPTURE(host);
    CHECK_FALSE(rules.AllowsHost(host));
  }
  CHECK(BrowserRules({{}, {"*"}}).AllowsHost("rebound.example"));
}

TEST_CASE("Origins are let in by name, by host, or all of them", "[server][browser]") {
  const auto allows = [](const std::string& given, const std::string& origin) {
    return BrowserRules({{given}, {}}).AllowsOrigin(origin, "127.0.0.1");
  };
  CHECK(allows("https://app.example", "https://app.example"));
  CHECK_FALSE(allows("https://app.example", "http://app.example"));
  CHECK_FALSE(allows("https://app.example", "https://app.example:8443"));
  CHECK(allows("app.example", "http://app.example:3000"));
  CHECK_FALSE(allows("app.example", "http://evil.app.example"));
  CHECK(allows("null", "null"));
  CHECK(allows("*", "null"));
  CHECK(allows("*", "http://evil.example"));
}

TEST_CASE("What a request is refused for", "[server][browser]") {
  const BrowserRules rules({});
  struct Row {
    std::string method;
    std::string target;
    std::map<std::string, std::string, std::less<>> headers;
    std::string refusal;  // part of the refusal's text; empty if the request is carried out
  };
  const std::vector<Row> rows = {
      {"POST", "/", {{"Host", "any.example"}}, ""},  // an SDK
      {"POST", "/_weir/clock", {{"Host", "any.example"}}, ""},
      {"POST", "/", {{"Host", "127.0.0.1"}, {"Origin", "http://evil.example"}}, "--allow-origin"},
      {"GET", "/", {{"Host", "any.example"}}, ""},
      {"GET", "/?Action=GetCallerIdentity", {{"Host", "any.example"}}, "--allow-host"},
      {"GET", "/", {{"Host", "any.example"}, {"Authorization", "AWS4"}}, "--allow-host"},
      {"HEAD", "/_weir/health?x", {{"Host", "any.example"}}, ""},
      {"GET", "/_weir/health?verbose", {{"Host", "any.example"}}, "--allow-host"},
      {"GET",
       "/_weir/health?verbose",
       {{"Host", "127.0.0.1"}, {"Sec-Fetch-Site", "cross-site"}},
       "another site"},
      {"GET", "/_weir/clock", {{"Host", "any.example"}}, "--allow-host"},
      {"HEAD", "/_weir/clock", {{"Host", "any.example"}}, "--allow-host"},
      {"GET", "/_weir/healthy", {{"Host", "any.example"}}, "--allow-host"},
      {"GET", "/_weir/clock", {{"Host", "weir:8000"}}, ""},
      {"GET",
       "/_weir/shards?table=x",
       {{"Host", "127.0.0.1"}, {"Sec-Fetch-Site", "cross-site"}},
       "another site"},
      {"GET", "/_weir/clock", {{"Host", "127.0.0.1"}, {"Sec-Fetch-Site", "none"}}, ""},
      {"GET", "/_weir/health", {{"Host", "127.0.0.1"}, {"Sec-Fetch-Site", "cross-site"}}, ""},
      {"POST",
       "/_weir/clock",
       {{"Host", "localhost"}, {"Origin", "http://localhost:3000"}},
       "application/json"},
      {"POST",
       "/_weir/clock",
       {{"Host", "localhost"},
        {"Origin", "http://localhost:3000"},
        {"Content-Type", "text/plain;application/json"}},
       "application/json"},
      {"POST",
       "/_weir/clock",
       {{"Host", "localhost"},
        {"Origin", "http://localhost:3000"},
        {"Content-Type", "application/json; charset=utf-8"}},
       ""},
      {"POST", "/", {{"Host", "localhost"}, {"Origin", "http://localhost:3000"}}, ""},
  };
  for (const Row& row : rows) {
    PageRequest request;
    request.method_text = row.method;
    request.target_text = row.target;
    request.headers = row.headers;
    CAPTURE(row.method, row.target, row.headers);
    const std::optional<std::string> refusal = rules.Refusal(request);
    REQUIRE(refusal.has_value() == !row.refusal.empty());
    CHECK(refusal.value_or("").find(row.refusal) != std::string::npos);
  }
}

// Answers "done" at once, or "later" if `later` is set.
struct Answering final : protocol::RequestHandler {
  bool later = false;
  int calls = 0;
  bool cancelled = false;
  void Handle(const protocol::HttpRequest& /*request*/, protocol::HttpResponse& response) override {
    ++calls;
    response.body = "done";
    if (later) {
      response.later = [this](const protocol::HttpResponse::Done& done) {
        protocol::HttpResponse answer;
        answer.body = "later";
        done(std::move(answer));
        return [this] { cancelled = true; };
      };
    }
  }
};

using Headers = std::vector<std::pair<std::string_view, std::string>>;
const Headers kForAll = {{"access-control-allow-origin", "*"},
                         {"access-control-expose-headers",
                          "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"}};

TEST_CASE("A page that is let in is answered with CORS headers", "[server][browser]") {
  Answering next;
  BrowserGate gate({}, next);
  PageRequest request;
  request.headers = {{"Host", "127.0.0.1"}, {"Origin", "http://localhost:3000"}};
  protocol::HttpResponse response;
  gate.Handle(request, response);
  CHECK(response.headers == kForAll);
  CHECK(response.body == "done");

  next.later = true;
  protocol::HttpResponse deferred;
  gate.Handle(request, deferred);
  REQUIRE(deferred.later);
  protocol::HttpResponse answer;
  const auto cancel =
      deferred.later([&](protocol::HttpResponse made) { answer = std::move(made); });
  CHECK(answer.headers == kForAll);
  CHECK(answer.body == "later");
  cancel();
  CHECK(next.cancelled);
}

TEST_CASE("A preflight is answered with what it asks for", "[server][browser]") {
  Answering next;
  BrowserGate gate({}, next);
  PageRequest request;
  request.method_text = "OPTIONS";
  request.headers = {{"Host", "127.0.0.1"},
                     {"Origin", "http://localhost:3000"},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "x-amz-target"}};
  protocol::HttpResponse response;
  gate.Handle(request, response);
  CHECK(response.status == 200);
  CHECK(response.body.empty());
  Headers expected = {{"access-control-max-age", "172800"},
                      {"access-control-allow-headers", "x-amz-target"},
                      {"access-control-allow-methods", "POST"}};
  expected.insert(expected.end(), kForAll.begin(), kForAll.end());
  CHECK(response.headers == expected);
  CHECK(next.calls == 0);
}

TEST_CASE("A page that is kept out reaches nothing and may not read why", "[server][browser]") {
  Answering next;
  BrowserGate gate({}, next);
  for (const char* method : {"POST", "GET", "OPTIONS", "DELETE", "PUT"}) {
    PageRequest request;
    request.method_text = method;
    request.headers = {{"Host", "127.0.0.1"}, {"Origin", "http://evil.example"}};
    protocol::HttpResponse response;
    gate.Handle(request, response);
    CHECK(response.status == 403);
    CHECK(response.headers.empty());
    CHECK(response.body.find("AccessDeniedException") != std::string::npos);
  }
  CHECK(next.calls == 0);
}

}  // namespace
}  // namespace weir::server
