// SPDX-License-Identifier: Apache-2.0
#include "server/request_reader.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace weir::server {
namespace {

using State = RequestReader::State;

constexpr std::size_t kMaxHead = 200;
constexpr std::size_t kMaxBody = 20;

// Feeds `input` in pieces of `size` as a session does: bytes that were not consumed are given
// again.
void Feed(RequestReader& reader, std::string_view input, std::size_t size) {
  std::string pending;
  while (!input.empty() && reader.state() != State::kComplete &&
         reader.state() != State::kRefused) {
    pending += input.substr(0, size);
    input.remove_prefix(std::min(size, input.size()));
    pending.erase(0, reader.Consume(pending));
  }
}

TEST_CASE("A request is the same however it is cut", "[server][RequestReader]") {
  const std::string text =
      "POST /?a=b HTTP/1.1\r\nHost: here\r\nX-Amz-Target:  Some.Target \r\n"
      "Content-Length: 5\r\n\r\nhello";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, text, size);
    REQUIRE(reader.state() == State::kComplete);
    CHECK(reader.request().method() == "POST");
    CHECK(reader.request().target() == "/?a=b");
    CHECK(reader.request().header("x-amz-target") == "Some.Target");
    CHECK(reader.request().header("X-AMZ-TARGET") == "Some.Target");
    CHECK(reader.request().header("X-Amz").empty());
    CHECK(reader.request().body() == "hello");
    CHECK(reader.keep_alive());
    CHECK_FALSE(reader.http_1_0());
  }
}

TEST_CASE("A chunked request is the same however it is cut", "[server][RequestReader]") {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "4\r\nhell\r\n1;x=y\r\no\r\n0\r\nHost: other\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, text, size);
    REQUIRE(reader.state() == State::kComplete);
    CHECK(reader.request().body() == "hello");
    CHECK(reader.request().header("Host") == "here");
  }
}

TEST_CASE("A body in no chunks is the same however it is cut", "[server][RequestReader]") {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, text, size);
    REQUIRE(reader.state() == State::kComplete);
    CHECK(reader.request().body().empty());
  }
}

TEST_CASE("A target in absolute form is that of its path", "[server][RequestReader]") {
  struct Row {
    std::string sent;
    std::string target;
    std::string host;
  };
  const std::vector<Row> rows = {
      {"http://there:8000/_weir/clock?x", "/_weir/clock?x", "there:8000"},
      {"HTTP://there", "/", "there"},
      {"https://there?a=b", "/?a=b", "there"},
      {"/http://there/", "/http://there/", "here"},
      {"*", "*", "here"}};
  for (const Row& row : rows) {
    CAPTURE(row.sent);
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, "GET " + row.sent + " HTTP/1.1\r\nHost: here\r\nX-A: b\r\n\r\n", 7);
    REQUIRE(reader.state() == State::kComplete);
    CHECK(reader.request().target() == row.target);
    CHECK(reader.request().header("host") == row.host);
    CHECK(reader.request().header("x-a") == "b");
  }
}

TEST_CASE("What follows a request is left for the next", "[server][RequestReader]") {
  const std::string first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string second = "POST /2 HTTP/1.0\r\nContent-Length: 2\r\n\r\nxy";
  const std::string both = first + second + "G";
  RequestReader reader(kMaxHead, kMaxBody);
  CHECK(reader.state() == State::kBetween);
  REQUIRE(reader.Consume(both) == first.size());
  REQUIRE(reader.state() == State::kComplete);
  CHECK(reader.request().target() == "/1");
  reader.Reset();
  CHECK(reader.state() == State::kBetween);
  REQUIRE(reader.Consume(std::string_view(both).substr(first.size())) == second.size());
  REQUIRE(reader.state() == State::kComplete);
  CHECK(reader.request().target() == "/2");
  CHECK(reader.request().header("Host").empty());
  CHECK(reader.request().body() == "xy");
  CHECK(reader.http_1_0());
  CHECK_FALSE(reader.keep_alive());
}

TEST_CASE("The head's limit counts every byte of it", "[server][RequestReader]") {
  const std::string before = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::string after = "\r\n\r\n";
  for (const std::size_t length : {kMaxHead, kMaxHead + 1}) {
    std::string text = before;
    text.append(length - before.size() - after.size(), 'x').append(after);
    REQUIRE(text.size() == length);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, length}) {
      RequestReader reader(kMaxHead, kMaxBody);
      Feed(reader, text, piece);
      if (length == kMaxHead) {
        CHECK(reader.state() == State::kComplete);
      } else {
        REQUIRE(reader.state() == State::kRefused);
        CHECK(reader.refusal() == 400);
      }
    }
  }
}

TEST_CASE("The body's limit holds with and without chunks", "[server][RequestReader]") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  struct Row {
    std::string text;
    unsigned refusal;  // 0 if the request fits
  };
  const std::vector<Row> rows = {
      {head + "Content-Length: 20\r\n\r\n" + std::string(20, 'b'), 0},
      {head + "Content-Length: 21\r\n\r\n", 413},
      {head + "Content-Length: 99999999999999999999\r\n\r\n", 400} /* no 64-bit number */,
      {head + "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
       0},
      {head + "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\nb\r\n", 413},
      {head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", 413},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, row.text, row.text.size());
    CHECK(reader.state() == (row.refusal == 0 ? State::kComplete : State::kRefused));
    CHECK(reader.refusal() == row.refusal);
  }
}

TEST_CASE("A chunk's quoted string ends in its line, however it is cut",
          "[server][RequestReader]") {
  const std::string head = "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct Row {
    std::string chunks;
    State state;
  };
  const std::vector<Row> rows = {
      {"2;a=\"b;c\"\r\n{}\r\n0;d=\"e\"\r\n\r\n", State::kComplete},
      {"2;a=\"b\r\n{}\r\n0\r\n\r\n", State::kRefused},
      {"2;a=\"b\r\n\";c=d\r\n{}\r\n0\r\n\r\n", State::kRefused},
      {"2\r\n{}\r\n02;a=\"b\r\n", State::kRefused},
      {"2\r\n{}\r\n0;a=\"b\r\n\r\n", State::kRefused},
      {"2\r\n{}\r\n00;a=\"b\r\n", State::kBody} /* its trailers have not come */,
  };
  for (const Row& row : rows) {
    const std::string text = head + row.chunks;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      CAPTURE(row.chunks, size);
      RequestReader reader(kMaxHead, kMaxBody);
      Feed(reader, text, size);
      CHECK(reader.state() == row.state);
    }
  }
}

TEST_CASE("Only the targets that may have a large body have one", "[server][RequestReader]") {
  const BodyLimits limits(kMaxBody, "/upload", 2 * kMaxBody);
  for (const auto& [target, most] :
       {std::pair("/", kMaxBody), std::pair("/upload", 2 * kMaxBody),
        std::pair("/upload/x", 2 * kMaxBody), std::pair("/uploads", 2 * kMaxBody),
        std::pair("/x/upload", kMaxBody)}) {
    for (const std::size_t size : {most, most + 1}) {
      RequestReader reader(kMaxHead, limits);
      Feed(reader,
           std::string("POST ") + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
               std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'),
           4);
      CHECK((reader.state() == State::kComplete) == (size <= most));
    }
  }
}

TEST_CASE("A refused request says why", "[server][RequestReader]") {
  struct Row {
    std::string text;
    unsigned status;
  };
  const std::vector<Row> rows = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n", 400},
      {"\x16\x03\x01", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    RequestReader reader(kMaxHead, kMaxBody);
    Feed(reader, row.text, row.text.size());
    REQUIRE(reader.state() == State::kRefused);
    CHECK(reader.refusal() == row.status);
    CHECK_FALSE(reader.refusal_reason().empty());
  }
}

TEST_CASE("Only HTTP/1.1 clients are told to continue", "[server][RequestReader]") {
  RequestReader reader(kMaxHead, kMaxBody);
  Feed(reader, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n",
       9);
  CHECK(reader.state() == State::kBody);
  CHECK(reader.expects_continue());
  RequestReader old(kMaxHead, kMaxBody);
  Feed(old, "POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", 9);
  CHECK(old.state() == State::kBody);
  CHECK_FALSE(old.expects_continue());
}

TEST_CASE("Empty lines are no request", "[server][RequestReader]") {
  RequestReader reader(kMaxHead, kMaxBody);
  CHECK(reader.Consume("\r\n\r\n") == 4);
  CHECK(reader.state() == State::kBetween);
  CHECK(reader.Consume("\r\nG") == 2);
  CHECK(reader.state() == State::kHead);
}

}  // namespace
}  // namespace weir::server
