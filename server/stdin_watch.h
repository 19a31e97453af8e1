// SPDX-License-Identifier: Apache-2.0
// Tells when standard input is at its end: when it is a pipe, once its other side is closed, which
// the system does for a process that ends, however it ends. So a server need not outlive the test
// run that started it, even one that was killed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

namespace weir::server {

// Waits on a thread of its own. Asio would make the pipe or terminal non-blocking for all processes
// that have it, and leave it so.
class StdinWatch {
 public:
  // `on_end` is called once, on the context, which must outlive the watch; what comes before the
  // end is read and dropped.
  StdinWatch(boost::asio::io_context& context, std::function<void()> on_end);
  ~StdinWatch();
  StdinWatch(const StdinWatch&) = delete;
  StdinWatch& operator=(const StdinWatch&) = delete;

  // Throws std::system_error if there is no thread.
  void Start();
  // `on_end` is not called after this. The thread may stay until the process ends.
  void Stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace weir::server
