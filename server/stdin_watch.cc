// SPDX-License-Identifier: Apache-2.0
#include "server/stdin_watch.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "core/memory_reserve.h"
#include "core/mutex.h"

namespace weir::server {
namespace {

// The time between two looks at a terminal that is another process's to read.
constexpr std::chrono::milliseconds kPause{500};

// Whether standard input is a terminal at which another process is in the foreground. Reading from
// it would stop this one.
bool IsOthersTerminal() {
  return isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) != getpgrp();
}

// Waits until there is something to read, and reads it; whether that was the end.
bool ReachesEnd() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (poll(&input, 1, -1) < 0) {
    return errno != EINTR;
  }
  if ((input.revents & POLLIN) == 0) {
    return true;  // the other side is gone
  }
  if (IsOthersTerminal()) {
    std::this_thread::sleep_for(kPause);
    return false;
  }
  std::array<char, 4096> dropped{};
  const ssize_t count = read(STDIN_FILENO, dropped.data(), dropped.size());
  return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace

// What the thread and the watch share, and what the thread keeps when the watch is gone: it can't
// be woken from its wait.
class StdinWatch::State {
 public:
  State(boost::asio::io_context& context, std::function<void()> on_end)
      : context_(context), on_end_(std::move(on_end)) {}

  void Stop() {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  void Report() {
    const MutexLock lock(mutex_);
    if (!stopped_) {
      const MemoryReserve::MustNotFail end;
      boost::asio::post(context_, on_end_);
    }
  }

 private:
  Mutex mutex_;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  boost::asio::io_context& context_;  // there while the watch is not stopped
  const std::function<void()> on_end_;
};

StdinWatch::StdinWatch(boost::asio::io_context& context, std::function<void()> on_end)
    : state_(std::make_shared<State>(context, std::move(on_end))) {}

StdinWatch::~StdinWatch() {
  Stop();
}

void StdinWatch::Start() {
  std::thread([state = state_] {
    while (!ReachesEnd()) {
    }
    state->Report();
  }).detach();
}

void StdinWatch::Stop() {
  state_->Stop();
}

}  // namespace weir::server
