// SPDX-License-Identifier: Apache-2.0
#include "protocol/rest_routes.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::protocol {
namespace {

using Labels = std::map<std::string, std::string, std::less<>>;
using Query = std::vector<std::pair<std::string, std::string>>;

void Ignore(const RestCall& /*call*/, HttpResponse& /*response*/) {}

RestRoutes Routes() {
  RestRoutes routes;
  routes.Add({"GET", "/v1/functions", "List", Ignore});
  routes.Add({"POST", "/v1/functions", "Create", Ignore});
  routes.Add({"GET", "/v1/functions/{Name}", "Get", Ignore});
  routes.Add({"GET", "/v1/functions/{Name}/aliases/{Alias}", "GetAlias", Ignore});
  return routes;
}

// "<operation>" and " <label>=<value>" for each label; "none" without a route.
std::string Find(std::string_view method, std::string_view path) {
  const RestRoutes routes = Routes();
  Labels labels;
  const RestRoutes::Route* const route = routes.Find(method, path, labels);
  if (route == nullptr) {
    return "none";
  }
  std::string found(route->operation);
  for (const auto& [name, value] : labels) {
    found.append(" ").append(name).append("=").append(value);
  }
  return found;
}

TEST_CASE("A route is found by method and path", "[protocol][rest]") {
  CHECK(Find("GET", "/v1/functions") == "List");
  CHECK(Find("POST", "/v1/functions") == "Create");
  CHECK(Find("GET", "/v1/functions/orders") == "Get Name=orders");
  CHECK(Find("GET", "/v1/functions/orders/aliases/live") == "GetAlias Alias=live Name=orders");
}

TEST_CASE("A path may end with one slash", "[protocol][rest]") {
  CHECK(Find("GET", "/v1/functions/") == "List");
  CHECK(Find("GET", "/v1/functions/orders/") == "Get Name=orders");
  CHECK(Find("GET", "/v1/functions//") == "none");
  CHECK(Find("GET", "/v1/functions/orders//") == "none");
}

TEST_CASE("Labels are decoded after the path is split", "[protocol][rest]") {
  CHECK(Find("GET", "/v1/functions/arn:aws:lambda:eu-west-1:000000000000:function:a%3Alive") ==
        "Get Name=arn:aws:lambda:eu-west-1:000000000000:function:a:live");
  CHECK(Find("GET", "/v1/functions/a%2Fb") == "Get Name=a/b");
  CHECK(Find("GET", "/v1/functions/a%2") == "Get Name=a%2");
  CHECK(Find("GET", "/v1/functions/a+b") == "Get Name=a+b");
}

TEST_CASE("Other paths and methods have no route", "[protocol][rest]") {
  for (const std::string_view path :
       {"", "/", "/v1", "/v1/function", "/v2/functions", "//v1/functions", "/v1//functions",
        "/v1/functions/orders/aliases", "/v1/functions/orders/aliases//",
        "/v1/functions//aliases/a", "/v1/functions/orders/aliases/live/more", "v1/functions",
        "/V1/functions"}) {
    CAPTURE(path);
    CHECK(Find("GET", path) == "none");
  }
  CHECK(Find("DELETE", "/v1/functions") == "none");
  CHECK(Find("get", "/v1/functions") == "none");
}

TEST_CASE("The query is read in its order", "[protocol][rest]") {
  CHECK(ReadQuery("").empty());
  CHECK(ReadQuery("a=1&b=2&a=3") == Query{{"a", "1"}, {"b", "2"}, {"a", "3"}});
  CHECK(ReadQuery("a&b=&=c&&d=e=f") == Query{{"a", ""}, {"b", ""}, {"", "c"}, {"d", "e=f"}});
  CHECK(ReadQuery("tag%4Beys=x%26y+z") == Query{{"tagKeys", "x&y+z"}});
}

struct Request final : HttpRequest {
  [[nodiscard]] std::string_view method() const override { return "GET"; }
  [[nodiscard]] std::string_view target() const override { return "/"; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] std::string_view header(std::string_view /*name*/) const override { return {}; }
};

TEST_CASE("What a call does not have reads as empty", "[protocol][rest]") {
  const Request request;
  const RestCall call{request, {}, {{"Name", "orders"}}, {{"a", "1"}, {"a", "2"}}};
  CHECK(call.label("Name") == "orders");
  CHECK(call.label("Alias").empty());
  CHECK(call.parameter("a") == "1");
  CHECK(call.parameter("b").empty());
}

}  // namespace
}  // namespace weir::protocol
