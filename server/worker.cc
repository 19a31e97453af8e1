// SPDX-License-Identifier: Apache-2.0
#include "server/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/exception/diagnostic_information.hpp>
#include <exception>
#include <utility>

#include "server/access_log.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;

// How late a connection's deadline may be noticed.
constexpr std::chrono::milliseconds kSweepInterval{250};

// Tells Asio that one thread runs the context, which saves it most locking.
constexpr int kOneThread = 1;

}  // namespace

Worker::Worker(const ServerOptions& options, protocol::RequestHandler& handler,
               std::function<void()> on_session_end)
    : context_{.options = options, .handler = handler},
      on_session_end_(std::move(on_session_end)),
      io_(kOneThread),
      work_(io_.get_executor()),
      sweep_(io_) {}

Worker::~Worker() {
  Stop();
  if (thread_.joinable()) {
    thread_.join();
  }
  for (Session* session : sessions_) {
    session->Abandon();  // before io_ goes, which another thread might still post to
  }
}

void Worker::Start() {
  thread_ = std::thread([this] { io_.run(); });
}

void Worker::Adopt(Socket socket) {
  load_.fetch_add(1, std::memory_order_relaxed);
  asio::co_spawn(io_, Serve(std::move(socket)), [this](const std::exception_ptr& exception) {
    if (exception) {
      LogLostSession(boost::diagnostic_information(exception));
    }
    load_.fetch_sub(1, std::memory_order_relaxed);
    on_session_end_();
  });
}

void Worker::Drain() {
  asio::post(io_, [this] {
    context_.draining = true;
    for (Session* session : sessions_) {
      session->Drain();
    }
  });
}

Awaitable Worker::Serve(Socket socket) {
  // Ends the session's entry also when the context is destroyed with the coroutine suspended.
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
  session.index = sessions_.size();
  sessions_.push_back(&session);
  if (!sweeping_) {
    ScheduleSweep();
  }
}

void Worker::Remove(Session& session) {
  sessions_.back()->index = session.index;
  sessions_[session.index] = sessions_.back();
  sessions_.pop_back();
}

void Worker::ScheduleSweep() {
  sweeping_ = true;
  sweep_.expires_after(kSweepInterval);
  sweep_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (error || sessions_.empty()) {
      return;  // an idle server does not wake up
    }
    const SocketTime now = SocketNow();
    for (Session* session : sessions_) {
      session->CheckDeadline(now);
    }
    ScheduleSweep();
  });
}

}  // namespace weir::server
