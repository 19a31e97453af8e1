// SPDX-License-Identifier: Apache-2.0
// LogWriter: lines for a file that somebody else reads, or does not.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include "core/mutex.h"

namespace weir::server {

// Writing a line never waits: a thread hands the lines to the file. When that takes nothing (a pipe
// that nobody reads) lines are kept up to a bound, and what comes then is dropped and counted; the
// count is written as soon as the file takes something again. Thread-safe.
class LogWriter {
 public:
  // Bytes that wait. A longer line waits by itself.
  static constexpr std::size_t kMostWaiting = std::size_t{4} << 20U;

  // `file` is a descriptor that stays open, also after the writer.
  explicit LogWriter(int file);
  // Gives the lines that wait a moment, then drops them.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // `line` ends with a line break.
  void Write(std::string line);
  // Waits until all is written, for a moment at most.
  void Flush();

 private:
  // Outlives the writer while its thread is held up by the file.
  struct Queue {
    Mutex mutex;
    ConditionVariable changed;
    std::deque<std::string> lines WEIR_GUARDED_BY(mutex);
    std::size_t bytes WEIR_GUARDED_BY(mutex) = 0;    // of the lines
    std::size_t dropped WEIR_GUARDED_BY(mutex) = 0;  // since it was told
    bool writing WEIR_GUARDED_BY(mutex) = false;
    bool ending WEIR_GUARDED_BY(mutex) = false;
  };
  static void Run(Queue& queue, int file);
  // The next text to write; empty when there is none and the writer ends.
  static std::string Take(Queue& queue);

  const std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
  std::thread thread_;
};

}  // namespace weir::server
