// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/sigv4.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::consumers {
namespace {

constexpr Micros kTime{1'440'938'160'000'000};  // 2015-08-30T12:36:00Z

std::string Find(const HttpHeaders& headers, const std::string& name) {
  std::string value;
  for (const HttpHeader& header : headers) {
    if (header.name == name) {
      CHECK(value.empty());
      value = header.value;
    }
  }
  return value;
}

struct Case {
  std::string method;
  std::string host;
  std::string path;
  std::string query;
  HttpHeaders headers;
  std::string body;
  std::string service;
  std::string session_token;
  std::string signed_headers;
  std::string signature;
};

// The first three are of AWS's Signature Version 4 test suite; sigv4_vectors.py prints all of them.
TEST_CASE("A request is signed as AWS does it", "[http][sigv4]") {
  const Case one = GENERATE(values<Case>({
      {"GET",
       "example.amazonaws.com",
       "/",
       "",
       {},
       "",
       "service",
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"POST",
       "example.amazonaws.com",
       "",
       "",
       {},
       "",
       "service",
       "",
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"GET",
       "example.amazonaws.com",
       "/",
       "Param2=value2&Param1=value1",
       {},
       "",
       "service",
       "",
       "host;x-amz-date",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"POST",
       "localhost:3001",
       "/2015-03-31/functions/a%3Ab//./c/../invocations/",
       "Qualifier=1&b&a=%20",
       {{"Content-Type", "application/json"}, {"X-Spaces", "  a   b "}, {"User-Agent", "weir"}},
       R"({"a":1})",
       "lambda",
       "token/+=",
       "content-type;host;x-amz-date;x-amz-security-token;x-spaces",
       "e2f381dea27ae535306358ded8ffde2022814f4588dda2fa40f0e3d52c4265dc"},
      {"PUT",
       "bucket.example.com",
       "/a%20b/../c//d",
       "",
       {},
       "body",
       "s3",
       "",
       "host;x-amz-content-sha256;x-amz-date",
       "418117afa1b58b2f0e033790eae95453896e280f205f046f84da702084b01d4d"},
  }));
  HttpHeaders headers = one.headers;
  headers.push_back({"Host", one.host});
  const HttpHeaders added =
      SignatureHeaders({.method = one.method,
                        .path = one.path,
                        .query = one.query,
                        .headers = headers,
                        .body = one.body},
                       {.access_key = "AKIDEXAMPLE",
                        .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                        .session_token = one.session_token,
                        .region = "us-east-1",
                        .service = one.service},
                       kTime);
  CHECK(Find(added, "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/" + one.service +
            "/aws4_request, SignedHeaders=" + one.signed_headers + ", Signature=" + one.signature);
  CHECK(Find(added, "X-Amz-Date") == "20150830T123600Z");
  CHECK(Find(added, "X-Amz-Security-Token") == one.session_token);
}

}  // namespace
}  // namespace weir::consumers
