// SPDX-License-Identifier: Apache-2.0
// NameResolver: looks host names up for an io_context's thread, without having it wait.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "consumers/http/name_lookup.h"

namespace weir::consumers {

// To be used on the io_context's thread alone, and destroyed before the io_context.
class NameResolver {
 public:
  // How many look-ups may wait for one of the resolver's threads.
  static constexpr std::size_t kMostWaiting = 1000;

  explicit NameResolver(boost::asio::io_context& io);
  // Waits a moment for the look-ups under way, which it cancels.
  ~NameResolver();
  NameResolver(const NameResolver&) = delete;
  NameResolver& operator=(const NameResolver&) = delete;

  // A look-up. `answered` expires at its deadline, and is cancelled once there is a result. Who has
  // lost interest cancels the timer, sets `cancelled` and lets go of the look-up.
  struct LookingUp {
    LookingUp(boost::asio::io_context& io, std::chrono::steady_clock::time_point deadline)
        : answered(io, deadline) {}
    boost::asio::steady_timer answered;
    std::optional<LookupResult> result;
    std::atomic<bool> cancelled{false};
  };
  // Numeric addresses, and localhost, which needs no name server, have their result at once.
  [[nodiscard]] std::shared_ptr<LookingUp> Start(const std::string& host,
                                                 std::chrono::steady_clock::time_point deadline);

 private:
  boost::asio::io_context& io_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> stopping_{false};
  boost::asio::thread_pool threads_;
};

}  // namespace weir::consumers
