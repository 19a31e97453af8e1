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

// One thread answers them all; it starts when the first request has to wait. Writers only wake the
// thread when there is something to read. Thread-safe. `clock` must outlive it.
class WaitingTails {
 public:
  // How many requests may wait at a time.
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
  // Answers the request with the first page that HasNews, with an error, or with the page that
  // there is at the deadline; at once if kMost requests wait already, or after Stop. Returns a
  // number for Remove.
  std::uint64_t Add(Request request);
  // Drops a request that nobody waits for any more. Does nothing if it has been answered.
  void Remove(std::uint64_t number);

  // Has all waiting requests answered, and those that come later at once.
  void Stop();

 private:
  // What a writer needs to wake the thread. Shared with the writers, so it may outlive this object.
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
  // Waits until a request is woken, a deadline has come, or Stop is called; false for Stop. `woken`
  // gets the numbers of the requests that are woken.
  bool AwaitWork(std::vector<std::uint64_t>& woken);
  [[nodiscard]] std::chrono::steady_clock::time_point NextDeadline();
  // The waiting request with that number; nullptr if it has been answered. Only the thread takes
  // requests out of waiting_, so it may use this one without the lock, while the request still
  // counts as waiting.
  Waiting* Find(std::uint64_t number);
  // Takes out the waiting request with that number, which must be there.
  WaitingPtr Take(std::uint64_t number);
  // Takes out a request whose deadline has come; nullptr if there is none.
  WaitingPtr TakeDue();
  // Takes out any request; nullptr if there is none. From then on no new request waits.
  WaitingPtr TakeOne();
  // Answers the request, if it still waits, when there is no memory for a page.
  void Fail(std::uint64_t number);
  // Answers the request if its page HasNews or fails, drops it if it was removed; else it waits on.
  void Serve(std::uint64_t number);
  // Answers the request with what there is to read now.
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
protocol::HttpResponse AnswerOf(const Result<TailPage>& page);
// Whether a page has something that a client should get at once: records, a gap or the end.
bool HasNews(const TailPage& page);

}  // namespace weir::dynamodb
