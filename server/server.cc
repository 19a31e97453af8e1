// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "server/listener.h"
#include "server/worker.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::deferred);

// Between attempts to accept when the process is out of file descriptors or memory.
constexpr std::chrono::milliseconds kAcceptPause{100};

// Files that are not connections: standard streams, listeners, and each worker's epoll, event and
// timer descriptors.
constexpr std::size_t kOtherFiles = 64;

// By shells' and Docker's convention for a process that a signal ended.
constexpr int kSignalExitBase = 128;

// The usual soft limit of 1024 open files would be hit below the cap on connections.
void RaiseFileLimit(const ServerOptions& options) {
  const rlim_t wanted = options.max_connections + kOtherFiles + rlim_t{4} * options.threads;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
    return;
  }
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted) {
    spdlog::warn("the limit of {} open files is too low for {} connections", limit.rlim_cur,
                 options.max_connections);
  }
}

// Where a client on this machine reaches a listener.
std::string Url(const Acceptor& acceptor) {
  const auto endpoint = acceptor.local_endpoint();
  asio::ip::address address = endpoint.address();
  if (address.is_unspecified()) {
    address = address.is_v4() ? asio::ip::address(asio::ip::address_v4::loopback())
                              : asio::ip::address(asio::ip::address_v6::loopback());
  }
  const std::string host = address.is_v4() ? address.to_string() : "[" + address.to_string() + "]";
  return "http://" + host + ":" + std::to_string(endpoint.port());
}

// Accepts on the calling thread, which does nothing else, so that signals and new connections are
// seen to however busy the workers are.
class Server {
 public:
  Server(const ServerOptions& options, protocol::RequestHandler& handler)
      : options_(options), handler_(handler) {}

  int Run(std::string_view version);

 private:
  Awaitable AcceptLoop(Acceptor& acceptor);
  // Accepts what waits, up to the cap.
  Error AcceptWaiting(Acceptor& acceptor);
  Worker& LeastLoaded();
  void OnSessionEnd();
  void AwaitSignal();
  void Drain(int signal);

  const ServerOptions& options_;
  protocol::RequestHandler& handler_;
  asio::io_context io_{1};
  std::vector<Acceptor> acceptors_;
  asio::steady_timer slot_free_{io_};  // cancelled when the cap is no longer reached
  asio::steady_timer drain_deadline_{io_};
  asio::signal_set signals_{io_};
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> draining_ = false;
  bool cap_logged_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;  // their threads use what is above
};

int Server::Run(std::string_view version) {
  auto listening = Listen(io_, options_);
  if (const auto* error = std::get_if<ListenError>(&listening)) {
    std::fprintf(stderr, "weir: %s\n", error->text.c_str());
    return 1;
  }
  acceptors_ = std::move(*std::get_if<0>(&listening));
  RaiseFileLimit(options_);
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our log that leaves must not end us
  AwaitSignal();
  for (unsigned i = 0; i < options_.threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(options_, handler_, [this] { OnSessionEnd(); }));
    workers_.back()->Start();
  }
  for (Acceptor& acceptor : acceptors_) {
    asio::co_spawn(io_, AcceptLoop(acceptor), asio::detached);
    spdlog::debug("listening on {}", Url(acceptor));
  }
  std::printf("weir %.*s ready on %s\n", static_cast<int>(version.size()), version.data(),
              Url(acceptors_.front()).c_str());
  std::fflush(stdout);
  io_.run();
  workers_.clear();
  return 0;
}

Awaitable Server::AcceptLoop(Acceptor& acceptor) {
  for (;;) {
    auto [error] = co_await acceptor.async_wait(Acceptor::wait_read, kToken);
    if (error) {
      co_return;  // closed by Drain()
    }
    error = AcceptWaiting(acceptor);
    if (error && error != asio::error::would_block) {
      spdlog::warn("cannot accept a connection: {}", error.message());
      asio::steady_timer pause(io_, kAcceptPause);
      co_await pause.async_wait(kToken);
    }
    while (connections_ >= options_.max_connections && acceptor.is_open()) {
      if (!std::exchange(cap_logged_, true)) {
        spdlog::warn("{} connections are open, which is the limit (--max-connections); more wait",
                     options_.max_connections);
      }
      co_await slot_free_.async_wait(kToken);
    }
  }
}

Error Server::AcceptWaiting(Acceptor& acceptor) {
  while (connections_ < options_.max_connections && acceptor.is_open()) {
    Worker& worker = LeastLoaded();
    Error error;
    Socket socket = acceptor.accept(worker.executor(), error);
    if (error == asio::error::connection_aborted) {
      continue;  // the client left before it was accepted
    }
    if (error) {
      return error;
    }
    Error ignored;  // a connection that is already gone says so when it is read
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    ++connections_;
    worker.Adopt(std::move(socket));
  }
  return {};
}

Worker& Server::LeastLoaded() {
  return **std::min_element(
      workers_.begin(), workers_.end(),
      [](const auto& left, const auto& right) { return left->load() < right->load(); });
}

void Server::OnSessionEnd() {
  const std::size_t before = connections_.fetch_sub(1);
  if (before < options_.max_connections && !draining_) {
    return;
  }
  asio::post(io_, [this] {
    slot_free_.cancel();
    if (draining_ && connections_ == 0) {
      io_.stop();
    }
  });
}

void Server::AwaitSignal() {
  slot_free_.expires_at(asio::steady_timer::time_point::max());
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](const Error& error, int signal) {
    if (!error) {
      Drain(signal);
    }
  });
}

void Server::Drain(int signal) {
  // Not the default action: the kernel ignores that for process 1, which we are in a container.
  signals_.clear();
  for (const int number : {SIGINT, SIGTERM}) {
    std::signal(number, [](int caught) { _exit(kSignalExitBase + caught); });
  }
  draining_ = true;
  spdlog::info("ending on signal {}: {} connections are open", signal, connections_.load());
  for (Acceptor& acceptor : acceptors_) {
    Error ignored;
    acceptor.close(ignored);
  }
  slot_free_.cancel();
  for (const auto& worker : workers_) {
    worker->Drain();
  }
  handler_.Drain();
  if (connections_ == 0) {
    io_.stop();
    return;
  }
  drain_deadline_.expires_after(options_.drain_timeout);
  drain_deadline_.async_wait([this](const Error& error) {
    if (!error) {
      spdlog::warn("{} connections are cut after {} s of draining", connections_.load(),
                   options_.drain_timeout.count());
      io_.stop();
    }
  });
}

}  // namespace

int Serve(const ServerOptions& options, std::string_view version,
          protocol::RequestHandler& handler) {
  return Server(options, handler).Run(version);
}

}  // namespace weir::server
