// SPDX-License-Identifier: Apache-2.0
// An io_context, the connections it serves and the threads that do: mostly one.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "core/mutex.h"
#include "server/session.h"
#include "server/thread_state.h"

namespace weir::server {

// A connection stays with its worker. While one thread is enough, which is nearly always, nothing
// that belongs to a connection is shared between threads; a helping thread (StallWatch) serves
// other connections than the one that it is there for. Start, Adopt, Drain and Stop are for the
// thread that owns the worker; what the watch calls, for that.
class Worker {
 public:
  // `on_session_end` is called on a thread of the worker's whenever a connection has ended.
  Worker(const SessionEnvironment& environment, std::function<void()> on_session_end);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Stops and joins.
  ~Worker();

  void Start();
  // Sockets are accepted onto this and then adopted.
  [[nodiscard]] Executor executor() { return io_.get_executor(); }
  // Serves the connection. Throws when there is no memory for it; it is closed then.
  void Adopt(Socket socket);
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  // Ends idle connections now and the others after the answer they wait for.
  void Drain();
  // Drops all connections.
  void Stop() { io_.stop(); }

  // For the watch.
  struct Look {
    bool active = false;       // something happened since the last look, or is still under way
    bool all_stalled = false;  // every thread has been at one request since then
    std::size_t ended = 0;     // threads that are gone
    std::size_t threads = 0;   // those that are there
  };
  Look LookAtThreads();
  // False if the system has no thread to give.
  bool AddThread();
  // Whether all threads are stalled and no further one is to be had.
  void SetBlocked(bool blocked) { blocked_.store(blocked, std::memory_order_relaxed); }
  [[nodiscard]] bool blocked() const { return blocked_.load(std::memory_order_relaxed); }
  // Whether a request has held it up a moment ago.
  void SetTroubled(bool troubled) { troubled_.store(troubled, std::memory_order_relaxed); }
  [[nodiscard]] bool troubled() const { return troubled_.load(std::memory_order_relaxed); }

 private:
  struct Runner {
    ThreadState state;
    std::uint64_t seen = 0;  // the watch's: its progress at the last look
    std::atomic<bool> ended{false};
    std::thread thread;
  };
  struct LeaveLoop : std::exception {};  // thrown through the loop of the thread that is to end

  void RunLoop(Runner& runner);
  Awaitable Serve(Socket socket);
  void Add(Session& session);
  void Remove(Session& session);
  void ScheduleSweep() WEIR_REQUIRES(mutex_);
  void Sweep();

  SessionContext context_;
  std::function<void()> on_session_end_;
  std::atomic<std::size_t> load_ = 0;
  std::atomic<bool> blocked_{false};
  std::atomic<bool> troubled_{false};
  Mutex mutex_;
  // Declared before io_, whose destruction ends the sessions that are left.
  std::vector<Session*> sessions_ WEIR_GUARDED_BY(mutex_);
  bool sweeping_ WEIR_GUARDED_BY(mutex_) = false;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<Executor> work_;
  boost::asio::steady_timer sweep_ WEIR_GUARDED_BY(mutex_);
  // The watch's, once it has been started; never empty.
  std::list<std::unique_ptr<Runner>> runners_;
  bool one_leaves_ = false;  // the watch's: until it has left, no other is told to
};

}  // namespace weir::server
