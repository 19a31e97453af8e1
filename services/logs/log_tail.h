// SPDX-License-Identifier: Apache-2.0
// LogTail: the lines of a log group as they come, for control requests.
//
//   request := …?since=<ms since 1970>&follow=<seconds>&cursor=<number>, in any order; none is
//              required. `since` leaves out earlier lines. `follow` lets the answer wait so long,
//              kLongestWait at most, for a line. `cursor` is that of the answer before.
//   answer  := the header x-weir-log-cursor, and for each line, in the order in which they came:
//              {"timestamp": ms since 1970, "stream": name, "message": text} LF
//              The text is without the newline that ends the events of functions.
//
// An answer has kMostLines lines at most; an empty one without `follow` means that there is no
// more.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "core/mutex.h"
#include "protocol/http.h"
#include "services/logs/log_store.h"

namespace weir::logs {

// One thread answers all requests that wait; it starts with the first of them. Thread-safe. `store`
// must outlive it, and have no other listener.
class LogTail {
 public:
  explicit LogTail(LogStore& store);
  ~LogTail();
  LogTail(const LogTail&) = delete;
  LogTail& operator=(const LogTail&) = delete;

  static constexpr std::chrono::seconds kLongestWait{20};
  static constexpr std::size_t kMostLines = 1000;
  // How many requests may wait at a time. A further one is answered with what there is.
  static constexpr std::size_t kMostWaiting = 100;
  static constexpr std::string_view kCursorHeader = "x-weir-log-cursor";

  // The method of the request must be GET or HEAD.
  void Handle(std::string_view group, const protocol::HttpRequest& request,
              protocol::HttpResponse& response);
  // Has all waiting requests answered, and those that come later at once.
  void Stop();

 private:
  struct Asked {
    std::string group;
    std::int64_t since = 0;
    std::uint64_t cursor = 0;
  };
  struct Waiting {
    Asked asked;
    std::chrono::steady_clock::time_point deadline;
    protocol::HttpResponse::Done done;
  };
  // The lines after the cursor, which moves past all that were looked at.
  [[nodiscard]] std::string ReadLines(Asked& asked) const;
  std::uint64_t Add(Waiting waiting);
  void Remove(std::uint64_t number);
  void Wake();
  void Run();
  // Answers the requests that have lines or whose time is up, or all if it is stopping. Returns the
  // earliest deadline of those left.
  std::chrono::steady_clock::time_point AnswerDue();

  LogStore& store_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::map<std::uint64_t, Waiting> waiting_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  bool woken_ WEIR_GUARDED_BY(mutex_) = false;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::logs
