// SPDX-License-Identifier: Apache-2.0
// WaitingTails: requests for a stream's next records that wait until there are some.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "core/result.h"
#include "protocol/http.h"
#include "services/dynamodb/streams/stream_tail.h"
#include "storage/change_log.h"
#include "stream/reader.h"

namespace weir::dynamodb {

// One thread, from the first that waits on, answers them all: writers only tell it that there is
// something to read. Thread-safe. `clock` must outlive it.
class WaitingTails {
 public:
  // How many wait at a time.
  static constexpr std::size_t kMost = 1000;

  explicit WaitingTails(const Clock& clock) : clock_(clock) {}
  ~WaitingTails();
  WaitingTails(const WaitingTails&) = delete;
  WaitingTails& operator=(const WaitingTails&) = delete;

  struct Request {
    stream::Reader reader;
    std::size_t limit = 0;
    std::chrono::steady_clock::time_point deadline;
    protocol::HttpResponse::Done done;
  };
  // Answers the request with the first page that has something to tell, or with the one without
  // records at the deadline. At once when more than kMost wait or all are told to end. Returns a
  // number for Remove.
  std::uint64_t Add(Request request);
  // Nobody waits for that one any more. Does nothing if it has been answered.
  void Remove(std::uint64_t number);

  // Answers all that wait, and from now on waits for nothing.
  void Stop();

 private:
  // What a writer that wakes somebody needs; lives as long as there may be one.
  struct Signal {
    void Wake(std::uint64_t number);
    Mutex mutex;
    ConditionVariable changed;
    std::vector<std::uint64_t> woken WEIR_GUARDED_BY(mutex);
    bool stopping WEIR_GUARDED_BY(mutex) = false;
  };
  struct Waiting {
    explicit Waiting(Request asked) : request(std::move(asked)) {}
    Request request;
    storage::LogWait wait;
    std::atomic<bool> removed{false};
  };

  using WaitingPtr = std::unique_ptr<Waiting>;

  void Run();
  // Waits until some are woken, one is due or all are to end; false for the last of these.
  bool AwaitWork(std::vector<std::uint64_t>& woken);
  [[nodiscard]] std::chrono::steady_clock::time_point NextDeadline();
  // Null when it has been answered. The thread alone takes out what waits, so it may look at one
  // without the lock, and one that it looks at counts among those that wait.
  Waiting* Find(std::uint64_t number);
  WaitingPtr Take(std::uint64_t number);
  // One that is due, or of all; null when there is none. After the second nobody waits any more.
  WaitingPtr TakeDue();
  WaitingPtr TakeOne();
  // There is no memory for its answer.
  void Fail(std::uint64_t number);
  // Answers it if there is something to tell; else it waits on.
  void Serve(std::uint64_t number);
  void AnswerNow(Request& request);

  const Clock& clock_;
  const std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  Mutex mutex_;
  std::map<std::uint64_t, WaitingPtr> waiting_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_ WEIR_GUARDED_BY(mutex_);
};

// The page as the answer to a request.
protocol::HttpResponse AnswerOf(const TailPage& page);
// Whether a page says something that a client should not wait for.
bool HasNews(const TailPage& page);

}  // namespace weir::dynamodb
