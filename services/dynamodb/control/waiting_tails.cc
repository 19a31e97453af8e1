// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/waiting_tails.h"

#include <algorithm>
#include <new>
#include <utility>

#include "control/control.h"
#include "core/memory_reserve.h"
#include "services/dynamodb/wire/error_body.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {
namespace {

using std::chrono::steady_clock;

// The answer when there is no memory for another one; it takes none itself.
protocol::HttpResponse NoMemory() {
  protocol::HttpResponse answer;
  answer.status = 500;
  return answer;
}

}  // namespace

protocol::HttpResponse AnswerOf(const TailPage& page) {
  protocol::HttpResponse answer;
  answer.content_type = control::kControlContentType;
  AppendJson(page, answer.body);
  return answer;
}

protocol::HttpResponse AnswerOf(const Result<TailPage>& page) {
  if (page.ok()) {
    return AnswerOf(page.value());
  }
  protocol::HttpResponse answer;
  answer.content_type = control::kControlContentType;
  WriteError(page.error(), answer);
  return answer;
}

bool HasNews(const TailPage& page) {
  return !page.records.empty() || page.records_lost || page.finished;
}

WaitingTails::~WaitingTails() {
  Stop();
  std::thread thread;
  {
    const MutexLock lock(mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) {
    thread.join();
  }
}

std::uint64_t WaitingTails::Add(Request request) {
  std::uint64_t number = 0;
  {
    const MutexLock lock(mutex_);
    if (!stopped_ && waiting_.size() < kMost) {
      if (!thread_.joinable()) {
        thread_ = std::thread([this] { Run(); });
      }
      number = ++next_number_;
      waiting_.emplace(number, std::make_unique<Waiting>(std::move(request)));
    }
  }
  if (number == 0) {
    AnswerNow(request);
  } else {
    signal_->Wake(number);
  }
  return number;
}

void WaitingTails::Remove(std::uint64_t number) {
  // The thread may be using the request without the lock, so this only marks it, and the thread
  // takes it out.
  {
    const MutexLock lock(mutex_);
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) {
      return;
    }
    found->second->removed = true;
  }
  signal_->Wake(number);
}

void WaitingTails::Stop() {
  const MutexLock lock(signal_->mutex);
  signal_->stopping = true;
  signal_->changed.NotifyOne();
}

void WaitingTails::Signal::Wake(std::uint64_t number) {
  const MutexLock lock(mutex);
  woken.push_back(number);
  changed.NotifyOne();
}

void WaitingTails::Run() {
  const MemoryReserve::MustNotFail loop;
  std::vector<std::uint64_t> woken;
  while (AwaitWork(woken)) {
    for (const std::uint64_t number : woken) {
      try {
        Serve(number);
      } catch (const std::bad_alloc&) {
        Fail(number);
      }
    }
    for (WaitingPtr due = TakeDue(); due != nullptr; due = TakeDue()) {
      AnswerNow(due->request);
    }
  }
  for (WaitingPtr left = TakeOne(); left != nullptr; left = TakeOne()) {
    AnswerNow(left->request);
  }
}

void WaitingTails::Fail(std::uint64_t number) {
  if (Find(number) != nullptr) {
    Take(number)->request.done(NoMemory());
  }
}

bool WaitingTails::AwaitWork(std::vector<std::uint64_t>& woken) {
  const steady_clock::time_point deadline = NextDeadline();
  Signal& signal = *signal_;
  const MutexLock lock(signal.mutex);
  while (!signal.stopping && signal.woken.empty() && steady_clock::now() < deadline) {
    if (deadline == steady_clock::time_point::max()) {
      signal.changed.Wait(signal.mutex);
    } else {
      signal.changed.WaitUntil(signal.mutex, deadline);
    }
  }
  woken = std::exchange(signal.woken, {});
  return !signal.stopping;
}

steady_clock::time_point WaitingTails::NextDeadline() {
  const MutexLock lock(mutex_);
  auto next = steady_clock::time_point::max();
  for (const auto& [number, waiting] : waiting_) {
    next = std::min(next, waiting->request.deadline);
  }
  return next;
}

WaitingTails::Waiting* WaitingTails::Find(std::uint64_t number) {
  const MutexLock lock(mutex_);
  const auto found = waiting_.find(number);
  return found == waiting_.end() ? nullptr : found->second.get();
}

WaitingTails::WaitingPtr WaitingTails::Take(std::uint64_t number) {
  const MutexLock lock(mutex_);
  return std::move(waiting_.extract(number).mapped());
}

WaitingTails::WaitingPtr WaitingTails::TakeDue() {
  const steady_clock::time_point now = steady_clock::now();
  const MutexLock lock(mutex_);
  const auto due = std::find_if(waiting_.begin(), waiting_.end(), [now](const auto& entry) {
    return entry.second->request.deadline <= now;
  });
  return due == waiting_.end() ? nullptr : std::move(waiting_.extract(due).mapped());
}

WaitingTails::WaitingPtr WaitingTails::TakeOne() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  return waiting_.empty() ? nullptr : std::move(waiting_.extract(waiting_.begin()).mapped());
}

void WaitingTails::Serve(std::uint64_t number) {
  Waiting* const waiting = Find(number);
  if (waiting == nullptr) {
    return;
  }
  if (waiting->removed) {
    (void)Take(number);
    return;
  }
  Request& request = waiting->request;
  std::optional<protocol::HttpResponse> answer;
  {
    const MemoryReserve::MayFail here;
    const Result<TailPage> page = ReadTail(request.reader, request.limit, clock_.Now());
    if (!page.ok() || HasNews(page.value())) {
      answer = AnswerOf(page);
    }
  }
  if (answer.has_value()) {
    Take(number)->request.done(*std::move(answer));
    return;
  }
  waiting->wait = request.reader.WakeAfter([signal = signal_, number] { signal->Wake(number); });
}

void WaitingTails::AnswerNow(Request& request) {
  protocol::HttpResponse answer;
  try {
    const MemoryReserve::MayFail here;
    answer = AnswerOf(ReadTail(request.reader, request.limit, clock_.Now()));
  } catch (const std::bad_alloc&) {
    answer = NoMemory();
  }
  request.done(std::move(answer));
}

}  // namespace weir::dynamodb
