// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/time.h>
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
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/memory_reserve.h"
#include "server/access_log.h"
#include "server/listener.h"
#include "server/stall_watch.h"
#include "server/stdin_watch.h"
#include "server/waiting_room.h"
#include "server/worker.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::deferred);

// The time between attempts to accept while the process is out of file descriptors or memory.
constexpr std::chrono::milliseconds kAcceptPause{100};
// How often the server looks for places for the connections in the waiting room, if no session ends
// meanwhile.
constexpr std::chrono::milliseconds kRoomPause{500};

// How many file descriptors are not connections: standard streams, listeners, and so on. Each
// worker's epoll, event and timer descriptors come on top.
constexpr std::size_t kOtherFiles = 64;
// Connections below which it makes no sense to serve.
constexpr std::size_t kFewestConnections = 2;

// A process that a signal ended exits with this plus the signal's number, by the convention of
// shells and Docker.
constexpr int kSignalExitBase = 128;

// Connections are cut this long before the end of the drain timeout, so that threads have time to
// end. At its end the process ends, whatever they are doing.
constexpr std::chrono::milliseconds kLastMoment{250};

// Raises the soft limit on open files, usually 1024, which may be too low for the cap on
// connections. Returns false if it cannot be raised far enough.
bool RaiseFileLimit(const ServerOptions& options) {
  const rlim_t wanted =
      options.max_connections + WaitingRoom::kPlaces + kOtherFiles + rlim_t{4} * options.threads;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
    return true;
  }
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted;
}

// How many files can be opened now, up to `enough`.
std::size_t FreeFiles(std::size_t enough) {
  std::vector<int> opened;
  while (opened.size() < enough) {
    const int file = dup(STDERR_FILENO);
    if (file < 0) {
      break;
    }
    opened.push_back(file);
  }
  for (const int file : opened) {
    close(file);
  }
  return opened.size();
}

// The URL at which a client on this machine reaches a listener.
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

// Has the process end with 0 after `from_now`, even if its threads then still carry out a request,
// wait for a lock or free memory. Nothing has to be saved then but for requests that are carried
// out still: what was answered was written to the data folder before that.
void EndAt(std::chrono::milliseconds from_now) {
  std::signal(SIGALRM, [](int) { _exit(0); });
  itimerval timer{};
  timer.it_value.tv_sec = from_now.count() / 1000;
  timer.it_value.tv_usec = static_cast<suseconds_t>(from_now.count() % 1000 * 1000);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

// Accepts on the calling thread, which serves no connections, so that signals and new connections
// are attended to however busy the workers are.
class Server {
 public:
  Server(const ServerOptions& options, protocol::RequestHandler& handler)
      : options_(options),
        handler_(handler),
        bodies_(options.max_body_memory),
        environment_{options_, handler_, bodies_, watch_},
        room_(environment_, [this] { FillPlaces(); }) {}
  ~Server() { watch_.Stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int Run(std::string_view version);

 private:
  void StartWorkers();
  // Lowers the cap on connections to what there are files for; false if that is too few.
  bool FitFiles();
  Awaitable AcceptLoop(Acceptor& acceptor);
  // Accepts the connections that wait in the kernel's queue.
  Error AcceptWaiting(Acceptor& acceptor);
  // Whether a worker can take one more connection.
  [[nodiscard]] bool HasPlace() const;
  // Whether no worker has been held up lately. If one has, new connections go to the waiting room,
  // which finds out whether they are health checks, so that those do not go to a worker.
  [[nodiscard]] bool IsCalm() const;
  void EnterRoom(Socket socket);
  // Has the worker serve the socket, which must be on the worker's context.
  void Adopt(Socket socket, Worker& worker);
  // Gives connections in the waiting room the places that are free at the workers.
  void FillPlaces();
  // Calls FillPlaces from time to time, and when place_free_ is cancelled.
  void LookForPlaces();
  Worker& LeastLoaded();
  void OnSessionEnd();
  void AwaitEnd();
  // Ends the server; once it was called, a second signal ends the process. `why` is for the log.
  void Drain(const std::string& why);

  const ServerOptions& options_;
  protocol::RequestHandler& handler_;
  BodyBudget bodies_;
  StallWatch watch_;
  SessionEnvironment environment_;
  asio::io_context io_{1};
  std::vector<Acceptor> acceptors_;
  asio::steady_timer place_free_{io_};
  asio::steady_timer drain_deadline_{io_};
  asio::signal_set signals_{io_};
  StdinWatch stdin_{io_, [this] { Drain("at the end of standard input"); }};
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> draining_ = false;
  std::size_t max_connections_ = options_.max_connections;  // lowered if there are too few files
  bool cap_logged_ = false;
  WaitingRoom room_;
  std::vector<std::unique_ptr<Worker>> workers_;  // last: their threads use the members above
};

int Server::Run(std::string_view version) {
  auto listening = Listen(io_, options_);
  if (const auto* error = std::get_if<ListenError>(&listening)) {
    std::fprintf(stderr, "weir: %s\n", error->text.c_str());
    return 1;
  }
  acceptors_ = std::move(*std::get_if<0>(&listening));
  const bool enough_files = RaiseFileLimit(options_);
  // Neither a reader of our log that leaves (SIGPIPE) nor a terminal that closes (SIGHUP) must end
  // the process. The other two signals have no meaning here.
  for (const int number : {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2}) {
    std::signal(number, SIG_IGN);
  }
  if (options_.listening) {
    options_.listening(acceptors_.front().local_endpoint().port());
  }
  AwaitEnd();
  StartWorkers();
  if (!enough_files && !FitFiles()) {
    std::fprintf(stderr, "weir: the limit on open files (ulimit -n) leaves none for connections\n");
    return 1;
  }
  for (Acceptor& acceptor : acceptors_) {
    asio::co_spawn(io_, AcceptLoop(acceptor), asio::detached);
    spdlog::debug("listening on {}", Url(acceptor));
  }
  LookForPlaces();
  std::printf("weir %.*s ready on %s\n", static_cast<int>(version.size()), version.data(),
              Url(acceptors_.front()).c_str());
  if (options_.banner) {
    std::fputs(options_.banner(acceptors_.front().local_endpoint().port()).c_str(), stdout);
  }
  std::fflush(stdout);
  const MemoryReserve::MustNotFail loop;
  for (bool running = true; running;) {
    try {
      io_.run();
      running = false;
    } catch (const std::exception&) {  // no memory for a connection or a timer
      LogLostSession();
      std::this_thread::sleep_for(kAcceptPause);
    }
  }
  watch_.Stop();
  workers_.clear();
  return 0;
}

bool Server::FitFiles() {
  // Files for the health checks that are answered at the cap, and for the context that serves them.
  constexpr std::size_t kSpare = 8;
  const std::size_t free = FreeFiles(max_connections_ + WaitingRoom::kPlaces + kSpare);
  const std::size_t for_room = std::min(WaitingRoom::kPlaces, free / 4);
  if (for_room == 0 || free < for_room + kSpare + kFewestConnections) {
    return false;
  }
  room_.SetPlaces(for_room);
  max_connections_ = std::min(max_connections_, free - for_room - kSpare);
  spdlog::warn("the limit on open files (ulimit -n) leaves room for {} connections",
               max_connections_);
  return true;
}

void Server::StartWorkers() {
  std::vector<Worker*> watched;
  for (unsigned i = 0; i < options_.threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(environment_, [this] { OnSessionEnd(); }));
    workers_.back()->Start();
    watched.push_back(workers_.back().get());
  }
  watch_.Start(std::move(watched));
}

Awaitable Server::AcceptLoop(Acceptor& acceptor) {
  while (acceptor.is_open()) {
    bool pauses = !MemoryReserve::Ready();  // there may be memory later, when connections end
    try {
      auto [error] = co_await acceptor.async_wait(Acceptor::wait_read, kToken);
      if (!error) {
        error = AcceptWaiting(acceptor);
      }
      if (error && error != asio::error::would_block && acceptor.is_open()) {
        spdlog::warn("cannot accept a connection: {}", error.message());
        pauses = true;
      }
    } catch (const std::exception&) {  // no memory for a connection, which is lost
      LogLostSession();
      pauses = true;
    }
    if (pauses) {
      // Sleeps instead of setting a timer, for which there may be no memory either.
      std::this_thread::sleep_for(kAcceptPause);
    }
  }
}

Error Server::AcceptWaiting(Acceptor& acceptor) {
  while (acceptor.is_open() && MemoryReserve::Ready()) {
    Worker* const worker = room_.empty() && HasPlace() && IsCalm() ? &LeastLoaded() : nullptr;
    Error error;
    Socket socket =
        acceptor.accept(worker == nullptr ? io_.get_executor() : worker->executor(), error);
    if (error == asio::error::connection_aborted) {
      continue;  // the client left before it was accepted
    }
    if (error) {
      return error;
    }
    Error ignored;  // if the connection is already closed, reading from it will fail
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    if (worker != nullptr) {
      Adopt(std::move(socket), *worker);
    } else {
      EnterRoom(std::move(socket));
    }
  }
  return {};
}

bool Server::IsCalm() const {
  return std::none_of(workers_.begin(), workers_.end(),
                      [](const auto& worker) { return worker->troubled(); });
}

void Server::EnterRoom(Socket socket) {
  if (!HasPlace() && !std::exchange(cap_logged_, true)) {
    spdlog::warn("{} connections are open, of {} (--max-connections); more wait",
                 connections_.load(), max_connections_);
  }
  room_.Enter(std::move(socket));
  place_free_.cancel();  // has LookForPlaces look now, and in kRoomPause again
}

bool Server::HasPlace() const {
  return connections_ < max_connections_ &&
         std::any_of(workers_.begin(), workers_.end(),
                     [](const auto& worker) { return !worker->blocked(); });
}

void Server::Adopt(Socket socket, Worker& worker) {
  ++connections_;
  try {
    worker.Adopt(std::move(socket));
  } catch (...) {
    --connections_;
    throw;
  }
}

void Server::FillPlaces() {
  // Connections that have sent nothing yet get a place only while IsCalm(), as they may be health
  // checks.
  while (HasPlace()) {
    std::optional<Socket> next = room_.TakeNext(IsCalm());
    if (!next.has_value()) {
      return;
    }
    Worker& worker = LeastLoaded();
    Adopt(MoveTo(worker.executor(), *std::move(next)), worker);
  }
}

void Server::LookForPlaces() {
  place_free_.expires_after(room_.empty() ? std::chrono::hours(1) : kRoomPause);
  place_free_.async_wait([this](const Error&) {
    if (!draining_) {
      LookForPlaces();
      FillPlaces();
    }
  });
}

Worker& Server::LeastLoaded() {
  const auto key = [](const auto& worker) { return std::pair(worker->blocked(), worker->load()); };
  return **std::min_element(
      workers_.begin(), workers_.end(),
      [&](const auto& left, const auto& right) { return key(left) < key(right); });
}

void Server::OnSessionEnd() {
  const std::size_t before = connections_.fetch_sub(1);
  if (before < max_connections_ && !draining_) {
    return;
  }
  asio::post(io_, [this] {
    place_free_.cancel();
    if (draining_ && connections_ == 0) {
      io_.stop();
    }
  });
}

void Server::AwaitEnd() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](const Error& error, int signal) {
    if (!error) {
      Drain("on signal " + std::to_string(signal));
    }
  });
  if (options_.exit_with_stdin) {
    stdin_.Start();
  }
}

void Server::Drain(const std::string& why) {
  if (draining_.exchange(true)) {
    return;  // a signal and the end of standard input at once
  }
  EndAt(options_.drain_timeout);
  stdin_.Stop();
  // Not the default action: the kernel ignores that for process 1, which Weir is in a container.
  signals_.clear();
  for (const int number : {SIGINT, SIGTERM}) {
    std::signal(number, [](int caught) { _exit(kSignalExitBase + caught); });
  }
  spdlog::info("ending {}: {} connections are open", why, connections_.load());
  for (Acceptor& acceptor : acceptors_) {
    Error ignored;
    acceptor.close(ignored);
  }
  room_.Clear();
  place_free_.cancel();
  for (const auto& worker : workers_) {
    worker->Drain();
  }
  handler_.Drain();
  if (connections_ == 0) {
    io_.stop();
    return;
  }
  drain_deadline_.expires_after(options_.drain_timeout - kLastMoment);
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
