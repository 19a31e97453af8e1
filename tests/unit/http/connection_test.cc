// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/connection.h"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <utility>

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::milliseconds;

struct Fixture {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};

  ConnectionPtr Connect() {
    auto connection = std::make_unique<Connection>(io, nullptr);
    connection->tcp().connect(acceptor.local_endpoint());
    return connection;
  }
};

TEST_CASE_METHOD(Fixture, "The connection that was used last is taken first", "[http]") {
  ConnectionPool pool(io, {.idle = hours(1)});
  CHECK(pool.Take("a") == nullptr);
  ConnectionPtr first = Connect();
  ConnectionPtr second = Connect();
  const Connection* const first_kept = first.get();
  const Connection* const second_kept = second.get();
  pool.Keep("a", std::move(first));
  pool.Keep("a", std::move(second));
  CHECK(pool.Take("b") == nullptr);
  CHECK(pool.Take("a").get() == second_kept);
  CHECK(pool.Take("a").get() == first_kept);
  CHECK(pool.Take("a") == nullptr);
}

TEST_CASE_METHOD(Fixture, "A pool keeps as many connections as it may", "[http]") {
  ConnectionPool pool(io, {.all = 3, .per_origin = 2, .idle = hours(1)});
  const auto kept = [&pool](const std::string& origin) {
    int count = 0;
    while (pool.Take(origin) != nullptr) {
      ++count;
    }
    return count;
  };
  for (const char* const origin : {"a", "a", "a", "b", "c"}) {
    pool.Keep(origin, Connect());
  }
  CHECK(kept("a") == 1);
  CHECK(kept("b") == 1);
  CHECK(kept("c") == 1);
}

TEST_CASE_METHOD(Fixture, "A connection that is not used is closed after a time", "[http]") {
  ConnectionPool pool(io, {.idle = milliseconds(20)});
  pool.Keep("a", Connect());
  asio::ip::tcp::socket other_side = acceptor.accept();
  boost::system::error_code error;
  char byte = 0;
  other_side.async_receive(asio::buffer(&byte, 1), [&error](const boost::system::error_code& ended,
                                                            std::size_t) { error = ended; });
  io.run();
  CHECK(error == asio::error::eof);
  CHECK(pool.Take("a") == nullptr);
}

TEST_CASE_METHOD(Fixture, "A connection on which something came unasked is not used", "[http]") {
  ConnectionPool pool(io, {.idle = hours(1)});
  ConnectionPtr connection = Connect();
  asio::ip::tcp::socket other_side = acceptor.accept();
  CHECK(connection->IsQuiet());
  const char byte = 'x';
  other_side.send(asio::buffer(&byte, 1));
  connection->tcp().socket().wait(asio::socket_base::wait_read);
  CHECK(!connection->IsQuiet());
  pool.Keep("a", std::move(connection));
  CHECK(pool.Take("a") == nullptr);
}

TEST_CASE_METHOD(Fixture, "A pool that is closed keeps nothing", "[http]") {
  ConnectionPool pool(io, {.idle = hours(1)});
  pool.Keep("a", Connect());
  pool.Close();
  CHECK(pool.Take("a") == nullptr);
  pool.Keep("a", Connect());
  CHECK(pool.Take("a") == nullptr);
  io.run();  // has nothing to wait for
}

}  // namespace
}  // namespace weir::consumers
