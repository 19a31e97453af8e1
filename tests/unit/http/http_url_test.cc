// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/http_url.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::consumers {
namespace {

TEST_CASE("A URL has its parts", "[http]") {
  struct Case {
    const char* text;
    const char* origin;
    const char* host;
    int port;
    const char* target;
  };
  const Case one = GENERATE(values<Case>({
      {"http://example.com", "http://example.com", "example.com", 80, "/"},
      {"HTTPS://Example.COM/", "https://example.com", "example.com", 443, "/"},
      {"http://example.com:/a", "http://example.com", "example.com", 80, "/a"},
      {"https://example.com:80/a?b=c&d", "https://example.com:80", "example.com", 80, "/a?b=c&d"},
      {"http://[::1]:8080/a%20b", "http://[::1]:8080", "::1", 8080, "/a%20b"},
      {"http://127.0.0.1?q", "http://127.0.0.1", "127.0.0.1", 80, "/?q"},
      {"http://my_host/", "http://my_host", "my_host", 80, "/"},
  }));
  CAPTURE(one.text);
  const Result<HttpUrl, UrlFault> parsed = ParseHttpUrl(one.text);
  REQUIRE(parsed.ok());
  const HttpUrl& url = parsed.value();
  CHECK(url.Origin() == one.origin);
  CHECK(url.host == one.host);
  CHECK(url.port == one.port);
  CHECK(url.Target() == one.target);
}

TEST_CASE("What is not a URL of a server is refused, and why is said", "[http]") {
  struct Case {
    std::string text;
    const char* reason;
  };
  const Case one = GENERATE(values<Case>({
      {"", "it is not an absolute URL"},
      {"example.com/a", "it is not an absolute URL"},
      {"http://a b/", "it is not an absolute URL"},
      {"http://a/\r\nX: y", "it is not an absolute URL"},
      {"localhost:3001", "it begins with neither http:// nor https://"},
      {"file:///etc/passwd", "it begins with neither http:// nor https://"},
      {"http://user:secret@a/", "it has a user name"},
      {"http://a/#b", "it has a fragment"},
      {"http:///a", "it has no host that can be looked up"},
      {"http:a", "it has no host that can be looked up"},
      {"http://a%00b/", "it has no host that can be looked up"},
      {"http://[v1.a]/", "it has no host that can be looked up"},
      {"http://a:0/", "its port is not from 1 to 65535"},
      {"http://a:65536/", "its port is not from 1 to 65535"},
      {"http://a:99999/", "its port is not from 1 to 65535"},
      {"http://a:18446744073709551696/", "its port is not from 1 to 65535"},
      {"http://a/" + std::string(kLongestUrl, 'x'), "it is longer than 8192 characters"},
  }));
  CAPTURE(one.text);
  const Result<HttpUrl, UrlFault> parsed = ParseHttpUrl(one.text);
  REQUIRE(!parsed.ok());
  CHECK(parsed.error().text == one.reason);
}

}  // namespace
}  // namespace weir::consumers
