// SPDX-License-Identifier: Apache-2.0
// Tells when standard input is at its end: when it is a pipe, once its other side is closed, which
// the system does for a process that ends, however it ends. So a server need not outlive the test
// run that started it, even one that was killed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

namespace weir::server {

// To be used on the context's thread.
class StdinWatch {
 public:
  // `on_end` is called once, on the context; what comes before the end is read and dropped.
  StdinWatch(boost::asio::io_context& context, std::function<void()> on_end);
  ~StdinWatch();
  StdinWatch(const StdinWatch&) = delete;
  StdinWatch& operator=(const StdinWatch&) = delete;

  // Throws std::system_error if standard input is closed, or if there is no memory.
  void Start();
  // Has the context forget the watch.
  void Stop();

 private:
  void Wait();
  // Reads what is there; whether that was the end.
  static bool ReachesEnd();

  boost::asio::posix::stream_descriptor input_;
  std::function<void()> on_end_;
};

}  // namespace weir::server
