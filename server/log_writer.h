// SPDX-License-Identifier: Apache-2.0
// LogWriter: writes lines to a file, such as a pipe, that another process may not be reading.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include "core/mutex.h"

namespace weir::server {

// Write never waits: a thread of the writer's hands the lines to the file. While the file takes
// nothing (a pipe that nobody reads), lines are kept up to a bound, and further ones are dropped
// and counted. The count is written once the file has taken the lines that were kept. Thread-safe.
class LogWriter {
 public:
  // How many bytes of lines may wait. A longer line may wait, too, if no other does.
  static constexpr std::size_t kMostWaiting = std::size_t{4} << 20U;

  // `file` is a descriptor that must stay open, also after the writer is destroyed.
  explicit LogWriter(int file);
  // Waits like Flush, then drops the lines that are left.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // `line` ends with a line break.
  void Write(std::string line);
  // Waits until all lines are written, but for no more than a quarter of a second.
  void Flush();

 private:
  // Outlives the writer while the file holds the thread up.
  struct Queue {
    Mutex mutex;
    ConditionVariable changed;
    std::deque<std::string> lines WEIR_GUARDED_BY(mutex);
    std::size_t bytes WEIR_GUARDED_BY(mutex) = 0;    // of the lines
    std::size_t dropped WEIR_GUARDED_BY(mutex) = 0;  // lines, not reported yet
    bool writing WEIR_GUARDED_BY(mutex) = false;
    bool ending WEIR_GUARDED_BY(mutex) = false;
  };
  static void Run(Queue& queue, int file);
  // Waits for the next text to write; empty when there is none left and the writer ends.
  static std::string Take(Queue& queue);

  const std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
  std::thread thread_;
};

}  // namespace weir::server
