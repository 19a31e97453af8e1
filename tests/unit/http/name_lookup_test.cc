// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/name_lookup.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "consumers/http/name_resolver.h"

namespace weir::consumers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
namespace ip = boost::asio::ip;

// Each machine's /etc/hosts has this name.
TEST_CASE("Names are looked up by several threads at once", "[http][threads]") {
  constexpr int kThreads = 4;
  std::atomic<int> found{0};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&found] {
      const LookupResult result = LookUp("localhost", seconds(5));
      if (const auto* const addresses = std::get_if<std::vector<ip::address>>(&result);
          addresses != nullptr && addresses->front().is_loopback()) {
        ++found;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(found == kThreads);
}

TEST_CASE("A look-up that was cancelled ends at once", "[http]") {
  const std::atomic<bool> cancelled{true};
  const auto start = steady_clock::now();
  CHECK(std::holds_alternative<LookupError>(LookUp("name.invalid", seconds(60), &cancelled)));
  CHECK(steady_clock::now() - start < seconds(30));
}

TEST_CASE("Addresses and localhost need no look-up", "[http]") {
  boost::asio::io_context io;
  NameResolver names(io);
  const auto addresses = [&](const char* host) {
    const auto looking_up = names.Start(host, steady_clock::now() + seconds(1));
    REQUIRE(looking_up->result.has_value());
    return std::get<std::vector<ip::address>>(*looking_up->result);
  };
  CHECK(addresses("10.1.2.3") == std::vector{ip::make_address("10.1.2.3")});
  CHECK(addresses("::1") == std::vector{ip::make_address("::1")});
  CHECK(addresses("localhost") ==
        std::vector{ip::make_address("127.0.0.1"), ip::make_address("::1")});
}

TEST_CASE("A look-up wakes the one who waits for it", "[http]") {
  boost::asio::io_context io;
  NameResolver names(io);
  const auto work = boost::asio::make_work_guard(io);
  const auto looking_up = names.Start("name.invalid", steady_clock::now() + seconds(20));
  REQUIRE(!looking_up->result.has_value());
  bool answered = false;
  looking_up->answered.async_wait([&](const boost::system::error_code&) {
    answered = true;
    io.stop();
  });
  io.run();
  CHECK(answered);
}

}  // namespace
}  // namespace weir::consumers
