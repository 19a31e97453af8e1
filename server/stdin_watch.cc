// SPDX-License-Identifier: Apache-2.0
#include "server/stdin_watch.h"

#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <utility>

namespace weir::server {

StdinWatch::StdinWatch(boost::asio::io_context& context, std::function<void()> on_end)
    : input_(context), on_end_(std::move(on_end)) {}

StdinWatch::~StdinWatch() {
  Stop();
}

void StdinWatch::Start() {
  input_.assign(STDIN_FILENO);
  Wait();
}

void StdinWatch::Stop() {
  if (input_.is_open()) {
    input_.release();  // the descriptor itself is not ours to close
  }
}

void StdinWatch::Wait() {
  using Input = boost::asio::posix::stream_descriptor;
  // Waits instead of reading: a read by Asio would make the pipe or terminal non-blocking for all
  // processes that have it. A wait fails for a file, which can always be read.
  input_.async_wait(Input::wait_read, [this](const boost::system::error_code& error) {
    if (error == boost::asio::error::operation_aborted) {
      return;
    }
    if (ReachesEnd()) {
      Stop();
      on_end_();
    } else {
      Wait();
    }
  });
}

bool StdinWatch::ReachesEnd() {
  std::array<char, 4096> dropped{};
  const ssize_t count = read(STDIN_FILENO, dropped.data(), dropped.size());
  return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace weir::server
