// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/lambda_endpoints.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace weir::runtimes {
namespace {

TEST_CASE("The flag --lambda names a function and its URL", "[lambda][endpoint]") {
  struct Case {
    const char* flag;
    const char* name;
    const char* url;
  };
  const Case one = GENERATE(values<Case>({
      {"orders=http://127.0.0.1:9000", "orders",
       "http://127.0.0.1:9000/2015-03-31/functions/function/invocations"},
      {"orders=http://Orders:80/", "orders",
       "http://orders/2015-03-31/functions/function/invocations"},
      {"a-b_C1=https://[::1]:9000", "a-b_C1",
       "https://[::1]:9000/2015-03-31/functions/function/invocations"},
      {"orders=http://host/some/path?a=b", "orders", "http://host/some/path?a=b"},
  }));
  CAPTURE(one.flag);
  const auto named = ParseEndpointFlag(one.flag);
  REQUIRE(named.ok());
  CHECK(named.value().name == one.name);
  CHECK(named.value().url == one.url);
}

TEST_CASE("A flag --lambda that says something else is refused", "[lambda][endpoint]") {
  struct Case {
    std::string flag;
    std::string text;
  };
  const std::string not_a_name =
      " is not the name of a function: 1 to 64 letters, digits, hyphens and underscores";
  const std::string long_name(65, 'a');
  const Case one = GENERATE_COPY(values<Case>({
      {"", "'' is not NAME=URL, such as orders=http://127.0.0.1:9000"},
      {"http://host:9000",
       "'http://host:9000' is not NAME=URL, such as orders=http://127.0.0.1:9000"},
      {"=http://host", "''" + not_a_name},
      {"a b=http://host", "'a b'" + not_a_name},
      {long_name + "=http://host", "'" + long_name + "'" + not_a_name},
      {"orders=", "'' is not the URL of a function: it is not an absolute URL"},
      {"orders=host:9000",
       "'host:9000' is not the URL of a function: it begins with neither http:// nor https://"},
      {"orders=http://host:99999",
       "'http://host:99999' is not the URL of a function: its port is not from 1 to 65535"},
  }));
  CAPTURE(one.flag);
  const auto named = ParseEndpointFlag(one.flag);
  REQUIRE(!named.ok());
  CHECK(named.error().text == one.text);
}

TEST_CASE("A function runs where its own flag says, or where --lambda-endpoint does",
          "[lambda][endpoint]") {
  const auto endpoints =
      LambdaEndpoints::Parse("http://sam:3001/base/", {"orders=http://orders:8080"});
  REQUIRE(endpoints.ok());
  CHECK(endpoints.value().EndpointOf("orders") ==
        "http://orders:8080/2015-03-31/functions/function/invocations");
  CHECK(endpoints.value().EndpointOf("other") ==
        "http://sam:3001/base/2015-03-31/functions/other/invocations");
  CHECK(endpoints.value().EndpointOf("../other") == std::nullopt);

  const auto only_named = LambdaEndpoints::Parse("", {"orders=http://orders:8080"});
  REQUIRE(only_named.ok());
  CHECK(only_named.value().EndpointOf("other") == std::nullopt);
  CHECK(LambdaEndpoints().EndpointOf("orders") == std::nullopt);
}

TEST_CASE("Flags that contradict each other or cannot be used are refused", "[lambda][endpoint]") {
  const auto text = [](std::string_view any, const std::vector<std::string>& named) {
    const auto endpoints = LambdaEndpoints::Parse(any, named);
    REQUIRE(!endpoints.ok());
    return endpoints.error().text;
  };
  CHECK(text("", {"a=http://one", "b=http://one", "a=http://two"}) ==
        "the function a has two URLs");
  CHECK(text("", {"a"}) == "'a' is not NAME=URL, such as orders=http://127.0.0.1:9000");
  CHECK(text("sam:3001", {}) ==
        "'sam:3001' is not the URL of a function: it begins with neither http:// nor https://");
  CHECK(text("http://sam:3001/?a", {}) ==
        "'http://sam:3001/?a' is not the URL of a function: the path of an invocation cannot be "
        "added after its query");
}

}  // namespace
}  // namespace weir::runtimes
