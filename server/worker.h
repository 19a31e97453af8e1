// SPDX-License-Identifier: Apache-2.0
// Worker: an io_context, the connections it serves, and the threads that run it, mostly one.
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
// that belongs to a connection is shared between threads. A helper (StallWatch) serves other
// connections than the one whose request is long. Only the thread that owns the worker calls Start,
// Adopt, Drain and Stop; only the watch calls the functions that are marked so.
class Worker {
 public:
  // `on_session_end` is called on a thread of the worker's whenever a connection has ended.
  Worker(const SessionEnvironment& environment, std::function<void()> on_session_end);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Stops and joins.
  ~Worker();

  // Throws std::system_error if the system has no thread to give.
  void Start();
  // Sockets must be on this to be adopted.
  [[nodiscard]] Executor executor() { return io_.get_executor(); }
  // Serves the connection. Throws if there is no memory for that, and then closes it.
  void Adopt(Socket socket);
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  // Ends idle connections now, and the others after the answer they wait for.
  void Drain();
  // Serves no connection any more. They are closed when the worker is destroyed.
  void Stop() { io_.stop(); }

  // The rest of the public part is for the watch; any thread may call blocked() and troubled().
  struct Look {
    bool active = false;       // a request was under way since the last look, or there are helpers
    bool all_stalled = false;  // every thread is still at the request it was at then
    std::size_t ended = 0;     // threads that have ended since then
    std::size_t threads = 0;   // threads that run now
  };
  Look LookAtThreads();
  // False if the system has no thread to give.
  bool AddThread();
  // Whether all threads are stalled and there is no further helper.
  void SetBlocked(bool blocked) { blocked_.store(blocked, std::memory_order_relaxed); }
  [[nodiscard]] bool blocked() const { return blocked_.load(std::memory_order_relaxed); }
  // Whether a long request holds the worker up, or did a moment ago.
  void SetTroubled(bool troubled) { troubled_.store(troubled, std::memory_order_relaxed); }
  [[nodiscard]] bool troubled() const { return troubled_.load(std::memory_order_relaxed); }

 private:
  struct Runner {
    ThreadState state;
    std::uint64_t seen = 0;  // the state's progress at the watch's last look
    std::atomic<bool> ended{false};
    std::thread thread;
  };
  struct LeaveLoop : std::exception {};  // thrown in a thread's loop to end the thread

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
  // Declared before io_, since the destruction of io_ ends the sessions that are left.
  std::vector<Session*> sessions_ WEIR_GUARDED_BY(mutex_);
  bool sweeping_ WEIR_GUARDED_BY(mutex_) = false;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<Executor> work_;
  boost::asio::steady_timer sweep_ WEIR_GUARDED_BY(mutex_);
  // Used by the watch only, once that has been started. Never empty from then on.
  std::list<std::unique_ptr<Runner>> runners_;
  bool one_leaves_ = false;  // used by the watch only: a thread was told to end and has not yet
};

}  // namespace weir::server
