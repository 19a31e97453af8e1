// SPDX-License-Identifier: Apache-2.0
#include "runtimes/runtime_api_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace weir::runtimes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A server that answers each request with what it has read of it.
class Fixture {
 public:
  Fixture() {
    auto opened = RuntimeApiServer::Open(context_);
    REQUIRE(opened.ok());
    server_ = std::move(opened).value();
    address = server_->address();
    asio::post(context_, [server = server_] {
      server->Start([](const ApiRequest& request, const ApiClientPtr& client) {
        client->Answer({.status = 200,
                        .headers = {{"X-Mode", request.response_mode}},
                        .body = request.method + " " + request.path + " " +
                                std::to_string(request.body_size) + " " +
                                request.body.substr(0, 10) + request.late_error_type});
      });
    });
    thread_ = std::thread([this] { context_.run(); });
  }
  // NOLINTNEXTLINE(bugprone-exception-escape): the test ends then in any case
  ~Fixture() {
    asio::post(context_, [server = server_] { server->Close(); });
    work_.reset();
    thread_.join();
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  [[nodiscard]] tcp::socket Connect() {
    tcp::socket socket(client_context_);
    const auto port = static_cast<unsigned short>(std::stoi(address.substr(address.find(':') + 1)));
    socket.connect({asio::ip::address_v4::loopback(), port});
    return socket;
  }
  // Sends that, and returns all that comes until the server closes the connection.
  std::string Exchange(const std::string& request) {
    tcp::socket socket = Connect();
    boost::system::error_code error;
    asio::write(socket, asio::buffer(request), error);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
  }
  // A request, with the server's own Host, after which the connection is closed.
  [[nodiscard]] std::string Request(const std::string& line, const std::string& rest) const {
    return line + " HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n" + rest;
  }

  std::string address;

 private:
  asio::io_context context_{1};
  asio::io_context client_context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::shared_ptr<RuntimeApiServer> server_;
  std::thread thread_;
};

std::string BodyOf(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

TEST_CASE("A request is passed on with its body", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  CHECK(fixture.Exchange(fixture.Request("POST /a", "Content-Length: 3\r\n\r\nabc")) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Mode: \r\nContent-Length: 13\r\n"
        "Connection: close\r\n\r\nPOST /a 3 abc");
  CHECK(BodyOf(fixture.Exchange(fixture.Request(
            "POST /a", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))) ==
        "POST /a 3 abc");
  CHECK(BodyOf(fixture.Exchange(fixture.Request(
            "POST /a",
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n"
            "2\r\nab\r\n0\r\nLambda-Runtime-Function-Error-Type: Late\r\n\r\n"))) ==
        "POST /a 2 abLate");
  CHECK(fixture
            .Exchange(
                fixture.Request("POST /a", "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na"))
            .find("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n") == 0);
}

TEST_CASE("A connection carries one request after the other", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  const std::string request = "GET /a HTTP/1.1\r\nHost: " + fixture.address + "\r\n\r\n";
  const std::string answers =
      fixture.Exchange(request + request + fixture.Request("GET /b", "\r\n"));
  CHECK(answers.find("GET /a 0 ") != std::string::npos);
  CHECK(answers.substr(answers.size() - 9) == "GET /b 0 ");
}

TEST_CASE("Of a body that is too long its size is known", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  const std::size_t size = kMostPayload + 1;
  CHECK(BodyOf(fixture.Exchange(fixture.Request(
            "POST /a", "Content-Length: " + std::to_string(size) + "\r\n\r\n" +
                           std::string(size, 'x')))) == "POST /a 6291557 xxxxxxxxxx");
}

TEST_CASE("A body without end is not read to its end", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  tcp::socket socket = fixture.Connect();
  const std::string head = fixture.Request("POST /a", "Content-Length: 1000000000000\r\n\r\n");
  const std::string part(std::size_t{1} << 20U, 'x');
  boost::system::error_code error;
  asio::write(socket, asio::buffer(head), error);
  std::size_t parts = 0;
  while (!error && parts < 1000) {
    asio::write(socket, asio::buffer(part), error);
    ++parts;
  }
  CHECK(error);
  CHECK(parts >= 64);
}

TEST_CASE("The Runtime API is not for web pages", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  const std::string port = fixture.address.substr(fixture.address.find(':'));
  const auto status = [&](const std::string& headers) {
    return fixture.Exchange("GET /a HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n")
        .substr(0, 12);
  };
  CHECK(status("Host: " + fixture.address + "\r\n") == "HTTP/1.1 200");
  CHECK(status("Host: localhost" + port + "\r\n") == "HTTP/1.1 200");
  CHECK(status("Host: rebound.example" + port + "\r\n") == "HTTP/1.1 403");
  CHECK(status("Host: 127.0.0.1\r\n") == "HTTP/1.1 403");
  CHECK(status("") == "HTTP/1.1 403");
  CHECK(status("Host: " + fixture.address + "\r\nOrigin: http://" + fixture.address + "\r\n") ==
        "HTTP/1.1 403");
}

TEST_CASE("What is not HTTP is refused", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  CHECK(fixture.Exchange("garbage\r\n\r\n").substr(0, 12) == "HTTP/1.1 400");
  CHECK(fixture.Exchange(std::string(100'000, 'x')).substr(0, 12) == "HTTP/1.1 400");
  CHECK(fixture.Exchange(fixture.Request("POST /a", "Content-Length: -1\r\n\r\n")).substr(0, 12) ==
        "HTTP/1.1 400");
  CHECK(BodyOf(fixture.Exchange(fixture.Request("GET /a", "\r\n"))) == "GET /a 0 ");
}

TEST_CASE("Connections beyond the most are closed", "[runtimes][RuntimeApiServer]") {
  Fixture fixture;
  std::vector<tcp::socket> open;
  for (std::size_t i = 0; i < RuntimeApiServer::kMostConnections; ++i) {
    open.push_back(fixture.Connect());
    const std::string request = "GET /a HTTP/1.1\r\nHost: " + fixture.address + "\r\n\r\n";
    asio::write(open.back(), asio::buffer(request));
    char first = 0;
    REQUIRE(asio::read(open.back(), asio::buffer(&first, 1)) == 1);
  }
  CHECK(fixture.Exchange(fixture.Request("GET /a", "\r\n")).empty());
}

}  // namespace
}  // namespace weir::runtimes
