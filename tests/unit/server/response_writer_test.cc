// SPDX-License-Identifier: Apache-2.0
#include "server/response_writer.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::server {
namespace {

std::string Head(const protocol::HttpResponse& response, const Framing& framing) {
  std::string out;
  AppendHead(out, response, framing, "DATE");
  return out;
}

TEST_CASE("The Date header is an IMF-fixdate", "[server][response]") {
  DateHeader date;
  CHECK(date.At(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");  // the example of RFC 9110
  CHECK(date.At(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(date.At(784111778) == "Sun, 06 Nov 1994 08:49:38 GMT");
  CHECK(date.At(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("An answer's head is written whole", "[server][response]") {
  protocol::HttpResponse response;
  response.request_id = "ID";
  response.body = "123456789";
  response.headers.emplace_back("Allow", "GET");
  // 3421780262 is the published check value of CRC-32: the CRC of "123456789".
  const std::string expected =
      "HTTP/1.1 200 OK\r\nServer: Weir\r\nDate: DATE\r\n"
      "Content-Type: application/x-amz-json-1.0\r\nContent-Length: 9\r\nAllow: GET\r\n"
      "x-amzn-RequestId: ID\r\nx-amz-crc32: 3421780262\r\n";
  CHECK(Head(response, {}) == expected + "\r\n");
  CHECK(Head(response, {.keep_alive = false}) == expected + "Connection: close\r\n\r\n");
  CHECK(Head(response, {.http_1_0 = true}) == expected + "Connection: keep-alive\r\n\r\n");
}

TEST_CASE("An empty answer has no type, and a length or chunked coding", "[server][response]") {
  protocol::HttpResponse response;
  response.status = 413;
  response.content_type = {};
  response.request_id = "ID";
  const std::string begin =
      "HTTP/1.1 413 Request Entity Too Large\r\nServer: Weir\r\nDate: DATE\r\n";
  const std::string end = "x-amzn-RequestId: ID\r\nx-amz-crc32: 0\r\n\r\n";
  CHECK(Head(response, {}) == begin + "Content-Length: 0\r\n" + end);
  CHECK(Head(response, {.chunked = true}) == begin + "Transfer-Encoding: chunked\r\n" + end);
}

TEST_CASE("A status without a known phrase keeps its blank", "[server][response]") {
  protocol::HttpResponse response;
  response.status = 299;
  CHECK(Head(response, {}).starts_with("HTTP/1.1 299 \r\n"));
}

}  // namespace
}  // namespace weir::server
