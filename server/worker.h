// SPDX-License-Identifier: Apache-2.0
// One thread with its io_context and the connections it serves.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "server/session.h"

namespace weir::server {

// A connection stays with its worker, so nothing that belongs to it is shared between threads.
// Start, Adopt, Drain and Stop are for the thread that owns the worker.
class Worker {
 public:
  // `on_session_end` is called on the worker's thread whenever a connection has ended.
  Worker(const ServerOptions& options, protocol::RequestHandler& handler,
         std::function<void()> on_session_end);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Stops and joins.
  ~Worker();

  void Start();
  // Sockets are accepted onto this and then adopted.
  [[nodiscard]] Executor executor() { return io_.get_executor(); }
  void Adopt(Socket socket);
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  // Ends idle connections now and the others after the answer they wait for.
  void Drain();
  // Drops all connections.
  void Stop() { io_.stop(); }

 private:
  Awaitable Serve(Socket socket);
  void Add(Session& session);
  void Remove(Session& session);
  void ScheduleSweep();

  SessionContext context_;
  std::function<void()> on_session_end_;
  std::atomic<std::size_t> load_ = 0;
  // Declared before io_, whose destruction ends the sessions that are left.
  std::vector<Session*> sessions_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<Executor> work_;
  boost::asio::steady_timer sweep_;
  bool sweeping_ = false;
  std::thread thread_;
};

}  // namespace weir::server
