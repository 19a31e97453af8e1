// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/http_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <exception>
#include <list>
#include <new>
#include <thread>
#include <utility>

#include "consumers/http/connection.h"
#include "consumers/http/exchange.h"
#include "consumers/http/name_resolver.h"
#include "consumers/http/tls_trust.h"
#include "core/memory_reserve.h"
#include "core/mutex.h"

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
using Kind = HttpFault::Kind;

HttpFault NoMemory() {
  return {.kind = Kind::kOverloaded, .text = {}};
}

HttpFault Stopping() {
  return {.kind = Kind::kStopping, .text = "the server stops"};
}

}  // namespace

// What waits and what runs belongs to the thread; what bounds them, to a mutex.
class HttpClient::Loop {
 public:
  explicit Loop(HttpClientOptions options)
      : options_(std::move(options)),
        work_(io_.get_executor()),
        names_(io_),
        pool_(io_, ConnectionPool::Limits{}),
        trust_(options_.ca_file),
        thread_([this] { Run(); }) {}
  ~Loop() { Stop(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Send(HttpCall call, HttpUrl url, Done done);
  void Stop();

 private:
  struct Call {
    Call(const ExchangeParts& parts, HttpCall http_call, HttpUrl url, Done when_done)
        : size(http_call.body.size()),
          exchange(parts, std::move(http_call), std::move(url)),
          done(std::move(when_done)) {}
    const std::size_t size;
    Exchange exchange;
    Done done;
  };
  using CallPtr = std::unique_ptr<Call>;

  void Run();
  void RunContext();
  // Counts a call in; the fault if there are too many.
  Result<void, HttpFault> Admit(CallPtr& call);
  // The following run on the thread.
  void Begin(CallPtr call);
  void StartNext();
  void End(std::list<CallPtr>::iterator running);
  void Finish(Call& call, HttpResult result);
  void StopAll();

  const HttpClientOptions options_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  NameResolver names_;
  ConnectionPool pool_;
  TlsTrust trust_;
  std::deque<CallPtr> waiting_;
  std::list<CallPtr> running_;
  bool starting_ = false;
  bool stopped_ = false;

  Mutex mutex_;
  std::size_t calls_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all members above
};

void HttpClient::Loop::Run() {
  const MemoryReserve::MustNotFail loop;  // Asio ends the process if an allocation of its own fails
  RunContext();
  StopAll();
  io_.restart();
  RunContext();  // until the last call has ended
}

void HttpClient::Loop::RunContext() {
  // A call that gets no memory ends by itself. If the context gets none, it goes on where it was.
  for (bool ended = false; !ended;) {
    try {
      io_.run();
      ended = true;
    } catch (const std::bad_alloc&) {
      ended = false;
    }
  }
}

void HttpClient::Loop::Send(HttpCall call, HttpUrl url, Done done) {
  CallPtr admitted = std::make_unique<Call>(ExchangeParts{io_, names_, pool_, trust_},
                                            std::move(call), std::move(url), std::move(done));
  if (Result<void, HttpFault> admission = Admit(admitted); !admission.ok()) {
    admitted->done(std::move(admission).error());
  }
}

Result<void, HttpFault> HttpClient::Loop::Admit(CallPtr& call) {
  const MutexLock lock(mutex_);
  if (stopping_) {
    return Stopping();
  }
  if (calls_ >= options_.most_calls || bytes_ + call->size > options_.most_bytes) {
    return HttpFault{.kind = Kind::kOverloaded, .text = "too many calls are under way"};
  }
  const std::size_t size = call->size;
  // With the lock held, so that no call comes after Stop.
  asio::post(io_, [this, owned = std::move(call)]() mutable { Begin(std::move(owned)); });
  ++calls_;
  bytes_ += size;
  return {};
}

void HttpClient::Loop::Stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) {
    io_.stop();  // Run does the rest
    thread_.join();
  }
}

void HttpClient::Loop::Begin(CallPtr call) {
  Call& begun = *call;
  if (stopped_) {
    Finish(begun, Stopping());
    return;
  }
  try {
    waiting_.push_back(std::move(call));
  } catch (const std::bad_alloc&) {
    Finish(begun, NoMemory());
    return;
  }
  StartNext();
}

void HttpClient::Loop::StartNext() {
  // A call may end before co_spawn returns. Then the loop below goes on, instead of one within it.
  if (std::exchange(starting_, true)) {
    return;
  }
  while (!waiting_.empty() && running_.size() < options_.most_running) {
    std::list<CallPtr> one;
    try {
      one.push_back(nullptr);
    } catch (const std::bad_alloc&) {
      const CallPtr lost = std::move(waiting_.front());
      waiting_.pop_front();
      Finish(*lost, NoMemory());
      continue;
    }
    one.front() = std::move(waiting_.front());
    waiting_.pop_front();
    running_.splice(running_.end(), one);
    const auto running = std::prev(running_.end());
    try {
      asio::co_spawn(io_, (*running)->exchange.Run(),
                     [this, running](const std::exception_ptr&) { End(running); });
    } catch (const std::bad_alloc&) {
      End(running);
    }
  }
  starting_ = false;
}

void HttpClient::Loop::End(std::list<CallPtr>::iterator running) {
  const CallPtr ended = std::move(*running);
  running_.erase(running);
  Finish(*ended, ended->exchange.TakeResult());
  StartNext();
}

void HttpClient::Loop::Finish(Call& call, HttpResult result) {
  {
    const MutexLock lock(mutex_);
    --calls_;
    bytes_ -= call.size;
  }
  call.done(std::move(result));
}

void HttpClient::Loop::StopAll() {
  stopped_ = true;
  work_.reset();
  pool_.Close();
  for (const CallPtr& call : running_) {
    call->exchange.Stop();
  }
  while (!waiting_.empty()) {
    const CallPtr left = std::move(waiting_.front());
    waiting_.pop_front();
    Finish(*left, Stopping());
  }
}

HttpClient::HttpClient(HttpClientOptions options)
    : loop_(std::make_unique<Loop>(std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::Send(HttpCall call, Done done) {
  if (Result<void, HttpFault> checked = CheckCall(call); !checked.ok()) {
    done(std::move(checked).error());
    return;
  }
  Result<HttpUrl, UrlFault> url = ParseHttpUrl(call.url);
  if (!url.ok()) {
    done(HttpFault{.kind = Kind::kBadCall, .text = "the URL cannot be used: " + url.error().text});
    return;
  }
  loop_->Send(std::move(call), std::move(url).value(), std::move(done));
}

void HttpClient::Stop() {
  loop_->Stop();
}

}  // namespace weir::consumers
