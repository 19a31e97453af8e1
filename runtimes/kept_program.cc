// SPDX-License-Identifier: Apache-2.0
#include "runtimes/kept_program.h"

#include <signal.h>
#include <sys/wait.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <utility>

namespace weir::runtimes {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// How long a keeper may take to end what it keeps.
constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kLongestLine = 64;
// More than a pipe holds by default; what a program prints meanwhile can wait.
constexpr std::size_t kMostDrained = std::size_t{1} << 20U;

}  // namespace

KeptProgram::KeptProgram(asio::io_context& context, KeeperProcess keeper, Events& events)
    : events_(events),
      keeper_(keeper.id),
      control_(context),
      last_resort_(context),
      output_{.file = asio::posix::stream_descriptor(context, keeper.output.Release()),
              .source = InvocationLog::Source::kOutput},
      errors_{.file = asio::posix::stream_descriptor(context, keeper.errors.Release()),
              .source = InvocationLog::Source::kErrors} {
  control_.assign(asio::local::stream_protocol(), keeper.control.Release());
  output_.file.non_blocking(true);
  errors_.file.non_blocking(true);
}

void KeptProgram::Start(const KeeperOrder& order) {
  order_ = EncodeOrder(order);
  asio::async_write(control_, asio::buffer(order_),
                    [self = shared_from_this()](const error_code&, std::size_t) {
                      // If it fails, the keeper has ended, which ReadControl finds out.
                      self->order_ = {};
                    });
  ReadOutput(output_);
  ReadOutput(errors_);
  ReadControl();
}

void KeptProgram::Stop() {
  if (std::exchange(stopping_, true)) {
    return;
  }
  error_code ignored;
  control_.shutdown(asio::socket_base::shutdown_send, ignored);
  last_resort_.expires_after(kPatience);
  last_resort_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) {
      kill(self->keeper_, SIGKILL);
    }
  });
}

void KeptProgram::ReadOutput(Output& output) {
  output.file.async_read_some(
      asio::buffer(output.part),
      [self = shared_from_this(), &output](const error_code& error, std::size_t size) {
        if (!error && output.file.is_open()) {
          self->events_.OnOutput(output.source, {output.part.data(), size});
          self->ReadOutput(output);
        }
      });
}

void KeptProgram::Drain() {
  Drain(output_);
  Drain(errors_);
}

void KeptProgram::Drain(Output& output) {
  // Not `output.part`, into which another read is under way.
  std::array<char, kPart> part{};
  for (std::size_t drained = 0; drained < kMostDrained;) {
    error_code error;
    const std::size_t size = output.file.read_some(asio::buffer(part), error);
    if (error) {
      return;
    }
    events_.OnOutput(output.source, {part.data(), size});
    drained += size;
  }
}

void KeptProgram::ReadControl() {
  asio::async_read_until(control_, asio::dynamic_buffer(lines_, kLongestLine), '\n',
                         [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (error) {
                             self->End();
                             return;
                           }
                           const int before = self->state_.process;
                           self->state_.Read(std::string_view(self->lines_).substr(0, size - 1));
                           self->lines_.erase(0, size);
                           if (const int process = self->state_.process; process != before) {
                             self->events_.OnProcess(process);
                           }
                           self->ReadControl();
                         });
}

void KeptProgram::End() {
  last_resort_.cancel();
  Drain();
  error_code ignored;
  control_.close(ignored);
  output_.file.close(ignored);
  errors_.file.close(ignored);
  // The keeper has closed its side, so it is ending, and this takes no time.
  while (waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
  }
  events_.OnEnd(state_.end);
}

}  // namespace weir::runtimes
