// SPDX-License-Identifier: Apache-2.0
#include "protocol/authorization.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace weir::protocol {
namespace {

const std::string kCredential = "Credential=AKID/20231114/eu-west-1/dynamodb/aws4_request";
const std::string kHeaders = "SignedHeaders=host;x-amz-date";
const std::string kSignature = "Signature=0123abcd";
const std::string kAlgorithm = "AWS4-HMAC-SHA256 ";

struct Request final : HttpRequest {
  std::string query;
  std::map<std::string, std::string, std::less<>> headers;

  [[nodiscard]] std::string_view method() const override { return "POST"; }
  [[nodiscard]] std::string_view target() const override { return query; }
  [[nodiscard]] std::string_view body() const override { return "{}"; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : found->second;
  }
};

Request WithHeader(const std::string& authorization) {
  Request request;
  request.query = "/";
  request.headers = {{"Authorization", authorization}, {"X-Amz-Date", "20231114T221320Z"}};
  return request;
}

Request WithQuery(const std::string& query) {
  Request request;
  request.query = "/?" + query;
  return request;
}

// The access key and the region ("key region"), or the error's name and text ("name: text").
std::string Read(const Request& request) {
  const Result<Credentials> credentials = ReadCredentials(request);
  if (credentials.ok()) {
    return credentials.value().access_key_id + " " + credentials.value().region;
  }
  return std::string(WireName(credentials.error().code)) + ": " + credentials.error().message;
}

TEST_CASE("Key and region are read from the header", "[protocol][authorization]") {
  const std::vector<std::string> good = {
      kAlgorithm + kCredential + ", " + kHeaders + ", " + kSignature,
      kAlgorithm + kSignature + ", " + kCredential + ", " + kHeaders,
      kAlgorithm + kCredential + "," + kHeaders + "," + kSignature,
      "AWS4-ECDSA-P256-SHA256 " + kCredential + ", " + kHeaders + ", " + kSignature,
  };
  for (const std::string& header : good) {
    CAPTURE(header);
    CHECK(Read(WithHeader(header)) == "AKID eu-west-1");
  }
}

TEST_CASE("Any key and any region will do", "[protocol][authorization]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"a-b/20231114/local/dynamodb/aws4_request", "a-b local"},
      {"/20231114/localhost/dynamodb/aws4_request", " localhost"},
      {"with/slash/20231114/us-fake-1/dynamodb/aws4_request", "with/slash us-fake-1"},
  };
  for (const auto& [credential, expected] : rows) {
    std::string header = kAlgorithm;
    header.append("Credential=").append(credential).append(", ").append(kHeaders);
    header.append(", ").append(kSignature);
    CHECK(Read(WithHeader(header)) == expected);
  }
}

TEST_CASE("A request without credentials is told so", "[protocol][authorization]") {
  const std::string missing =
      "MissingAuthenticationTokenException: Request is missing Authentication Token";
  CHECK(Read(WithHeader("")) == missing);
  CHECK(Read(WithHeader("Basic dXNlcjpwYXNz")) == missing);
  CHECK(Read(WithHeader("AWS AKID:signature")) == missing);  // Signature Version 2
  CHECK(Read(WithQuery("X-Amz-Signature=0")) == missing);
}

TEST_CASE("Every missing part of the header is named, in one order", "[protocol][authorization]") {
  const std::string name = "IncompleteSignatureException: ";
  const auto requires_part = [](const std::string& part) {
    return "Authorization header requires '" + part + "' parameter. ";
  };
  const std::string date =
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  const std::string all = "AWS4-HMAC-SHA256";
  Request request = WithHeader(all);
  request.headers.erase("X-Amz-Date");
  CHECK(Read(request) == name + requires_part("Credential") + requires_part("Signature") +
                             requires_part("SignedHeaders") + date + "Authorization=" + all);
  const std::string one = kAlgorithm + kCredential + ", " + kHeaders + ", Signature=";
  CHECK(Read(WithHeader(one)) == name + requires_part("Signature") + "Authorization=" + one);
  // SignedHeaders is not mistaken for Signature.
  const std::string two = kAlgorithm + kCredential + ", " + kHeaders;
  CHECK(Read(WithHeader(two)) == name + requires_part("Signature") + "Authorization=" + two);
  const std::string good = kAlgorithm + kCredential + ", " + kHeaders + ", " + kSignature;
  request = WithHeader(good);
  request.headers.erase("X-Amz-Date");
  CHECK(Read(request) == name + date + "Authorization=" + good);
  request.headers["Date"] = "Tue, 14 Nov 2023 22:13:20 GMT";
  CHECK(Read(request) == "AKID eu-west-1");
}

TEST_CASE("A credential needs its five elements", "[protocol][authorization]") {
  const std::string header =
      kAlgorithm + "Credential=AKID/20231114/eu-west-1, " + kHeaders + ", " + kSignature;
  CHECK(Read(WithHeader(header)).starts_with("IncompleteSignatureException: Credential must have"));
}

TEST_CASE("Key and region are read from a presigned query", "[protocol][authorization]") {
  const std::string rest =
      "&X-Amz-Signature=0&X-Amz-SignedHeaders=host&X-Amz-Date=20231114T221320Z";
  CHECK(Read(WithQuery("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20231114%2feu-"
                       "west-1%2Fdynamodb%2Faws4_request" +
                       rest)) == "AKID eu-west-1");
  CHECK(Read(WithQuery("a=b&X-Amz-Algorithm=x&X-Amz-Credential=K/1/r/s/aws4_request" + rest)) ==
        "K r");
}

TEST_CASE("Every missing part of the query is named", "[protocol][authorization]") {
  const auto must = [](const std::string& part) {
    return "AWS query-string parameters must include '" + part + "'. ";
  };
  CHECK(Read(WithQuery("X-Amz-Algorithm=x")) ==
        "IncompleteSignatureException: " + must("X-Amz-Credential") + must("X-Amz-Signature") +
            must("X-Amz-SignedHeaders") + must("X-Amz-Date") +
            "Re-examine the query-string parameters.");
  CHECK(Read(WithQuery("X-Amz-Algorithm=&X-Amz-Credential=K/1/r/s/t&X-Amz-Signature=0&"
                       "X-Amz-SignedHeaders=h&X-Amz-Date=d")) ==
        "IncompleteSignatureException: " + must("X-Amz-Algorithm") +
            "Re-examine the query-string parameters.");
}

TEST_CASE("Credentials in both places are refused", "[protocol][authorization]") {
  Request request = WithHeader(kAlgorithm + kCredential);
  request.query = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  CHECK(Read(request) ==
        "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and "
        "'Authorization' as HTTP header.");
}

TEST_CASE("A region that cannot stand in an ARN is us-east-1", "[protocol][authorization]") {
  const auto region = [](const std::string& text) {
    return Read(WithHeader(kAlgorithm + "Credential=k/20231114/" + text +
                           "/dynamodb/aws4_request, " + kHeaders + ", " + kSignature));
  };
  CHECK(region("local") == "k local");
  CHECK(region("US_fake-1") == "k US_fake-1");
  CHECK(region(std::string(32, 'r')) == "k " + std::string(32, 'r'));
  CHECK(region(std::string(33, 'r')) == "k us-east-1");
  CHECK(region("a:b") == "k us-east-1");
  CHECK(region("caf\xE9") == "k us-east-1");
  CHECK(region("") == "k us-east-1");
}

TEST_CASE("Headers are echoed as ASCII", "[protocol][authorization]") {
  CHECK(Read(WithHeader(kAlgorithm + "Credential=\xFF")).ends_with("Credential=?"));
}

}  // namespace
}  // namespace weir::protocol
