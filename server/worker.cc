// SPDX-License-Identifier: Apache-2.0
#include "server/worker.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <system_error>
#include <utility>

#include "core/memory_reserve.h"
#include "server/access_log.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;

// How much later than a connection's deadline the worker may notice that it has passed.
constexpr std::chrono::milliseconds kSweepInterval{250};

// Tells Asio that one thread runs the context, which saves most locking. More threads may still run
// it; but then an idle thread is not woken for work that one thread can do.
constexpr int kOneThread = 1;

}  // namespace

Worker::Worker(const SessionEnvironment& environment, std::function<void()> on_session_end)
    : context_{.environment = environment},
      on_session_end_(std::move(on_session_end)),
      io_(kOneThread),
      work_(io_.get_executor()),
      sweep_(io_) {}

Worker::~Worker() {
  Stop();
  for (const auto& runner : runners_) {
    runner->thread.join();
  }
  // Abandons all sessions before io_ is destroyed, since a thread that makes a deferred answer
  // might still post to it. The tasks own their sessions, which remove themselves from the list
  // when they are destroyed, so the tasks are destroyed only after the list has been read.
  std::vector<std::function<void()>> waiting;
  {
    const MutexLock lock(mutex_);
    for (Session* session : sessions_) {
      waiting.push_back(session->Abandon());
    }
  }
}

void Worker::Start() {
  AddThread();
  if (runners_.empty()) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  }
}

bool Worker::AddThread() {
  try {
    Runner& runner = *runners_.emplace_back(std::make_unique<Runner>());
    runner.thread = std::thread([this, &runner] { RunLoop(runner); });
    return true;
  } catch (const std::exception& exception) {
    LogNoThread(exception.what());
    std::erase_if(runners_, [](const auto& runner) { return !runner->thread.joinable(); });
    return false;
  }
}

void Worker::RunLoop(Runner& runner) {
  const MemoryReserve::MustNotFail loop;  // Asio ends the process if an allocation of its own fails
  runner.state.Enter();
  for (bool running = true; running;) {
    try {
      io_.run();
      running = false;  // stopped
    } catch (const LeaveLoop&) {
      running = false;
    } catch (...) {
      // A connection is lost, as not even the reserve had memory for it. The others go on.
      LogLostSession();
    }
  }
  runner.ended = true;
}

Worker::Look Worker::LookAtThreads() {
  Look look;
  std::size_t free = 0;
  for (auto entry = runners_.begin(); entry != runners_.end();) {
    Runner& runner = **entry;
    if (runner.ended) {
      runner.thread.join();
      entry = runners_.erase(entry);
      one_leaves_ = false;
      ++look.ended;
      continue;
    }
    const std::uint64_t now = runner.state.progress.load();
    const bool busy = now % 2 == 1;
    look.active = look.active || busy || now != runner.seen;
    free += busy && now == runner.seen ? 0 : 1;
    runner.seen = now;
    ++entry;
  }
  if (free < runners_.size() && runners_.size() > 1) {
    asio::post(io_, [] {});  // wakes a helper that is idle, which new work alone does not
  }
  look.threads = runners_.size();
  look.all_stalled = free == 0 && !runners_.empty();
  if (runners_.size() > 1) {
    look.active = true;
    if (free > 1 && !std::exchange(one_leaves_, true)) {
      asio::post(io_, [] { throw LeaveLoop(); });
    }
  }
  return look;
}

void Worker::Adopt(Socket socket) {
  load_.fetch_add(1, std::memory_order_relaxed);
  const auto on_end = [this](const std::exception_ptr& exception) {
    load_.fetch_sub(1, std::memory_order_relaxed);
    on_session_end_();
    if (exception) {
      LogLostSession(exception);
    }
  };
  try {
    const MemoryReserve::Scope whole;
    asio::co_spawn(io_, Serve(std::move(socket)), on_end);
  } catch (...) {
    load_.fetch_sub(1, std::memory_order_relaxed);
    throw;
  }
}

void Worker::Drain() {
  context_.draining = true;
  asio::post(io_, [this] { Sweep(); });
}

Awaitable Worker::Serve(Socket socket) {
  // Removes the session from the list, also when the context is destroyed while the coroutine is
  // suspended.
  struct Entry {
    Worker& worker;
    Session session;
    explicit Entry(Worker& owner, Socket&& socket)
        : worker(owner), session(std::move(socket), owner.context_) {
      worker.Add(session);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { worker.Remove(session); }
  };
  Entry entry(*this, std::move(socket));
  co_await entry.session.Run();
}

void Worker::Add(Session& session) {
  const MutexLock lock(mutex_);
  session.index = sessions_.size();
  sessions_.push_back(&session);
  if (!sweeping_) {
    ScheduleSweep();
  }
}

void Worker::Remove(Session& session) {
  const MutexLock lock(mutex_);
  sessions_.back()->index = session.index;
  sessions_[session.index] = sessions_.back();
  sessions_.pop_back();
}

void Worker::ScheduleSweep() {
  sweeping_ = true;
  sweep_.expires_after(kSweepInterval);
  sweep_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      Sweep();
    }
  });
}

void Worker::Sweep() {
  const SocketTime now = SocketNow();
  const MutexLock lock(mutex_);
  sweeping_ = false;
  for (Session* session : sessions_) {
    session->Check(now);
  }
  if (!sessions_.empty()) {  // else an idle server would wake up again and again
    ScheduleSweep();
  }
}

}  // namespace weir::server
