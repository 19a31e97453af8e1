// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/async_queue.h"

#include <algorithm>
#include <vector>

#include "core/digits.h"
#include "core/memory_reserve.h"
#include "core/text.h"
#include "services/lambda/invoke/concurrent_invoker.h"

namespace weir::lambda {
namespace {

using runtimes::InvokeOutcome;
using Kind = InvokeOutcome::Kind;

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
constexpr Micros kWaitAfterFirstError = std::chrono::minutes(1);
constexpr Micros kWaitAfterLaterErrors = std::chrono::minutes(2);
constexpr Micros kFirstWait = std::chrono::seconds(1);
constexpr Micros kLongestWait = std::chrono::minutes(5);
constexpr std::size_t kReasonSize = 512;

// The wait after the `refusals`-th attempt in a row at which nothing ran.
Micros WaitAfter(int refusals) {
  Micros wait = kFirstWait;
  for (int i = 1; i < refusals && wait < kLongestWait; ++i) {
    wait *= 2;
  }
  return std::min(wait, kLongestWait);
}

// The key of a record: records are in the order of their keys.
std::string KeyOf(std::uint64_t number) {
  constexpr std::size_t kDigits = 20;
  return PaddedDecimal(number, kDigits);
}

}  // namespace

AsyncQueue::AsyncQueue(Parts parts)
    : parts_(std::move(parts)),
      timeline_(parts_.pool->timeline()),
      timer_(timeline_, [inbox = inbox_] { inbox->Post([](AsyncQueue& queue) { queue.Work(); }); }),
      lane_(*parts_.pool) {
  {
    const MutexLock lock(inbox_->mutex);
    inbox_->queue = this;
  }
  Restore();
  const MutexLock lock(mutex_);
  if (!events_.empty()) {
    parts_.pool->Start();
    lane_.Post([this] { Work(); });
  }
}

AsyncQueue::~AsyncQueue() {
  const MutexLock lock(inbox_->mutex);
  inbox_->queue = nullptr;
}

void AsyncQueue::Inbox::Post(std::function<void(AsyncQueue&)> task) {
  const MutexLock lock(mutex);
  if (queue != nullptr) {
    queue->lane_.Post([to = queue, task = std::move(task)] { task(*to); });
  }
}

void AsyncQueue::Restore() {
  const MutexLock lock(mutex_);
  for (const storage::KeptRecords::Record& record : parts_.records->All(kRecordKind)) {
    const std::optional<Number> number = ReadDecimal(record.key);
    std::optional<AsyncEvent> event = ReadEvent(record.value);
    if (!number.has_value() || !event.has_value()) {
      parts_.records->Remove(kRecordKind, record.key);
      parts_.report("The record " + Printable(record.key) +
                    " of an asynchronous invocation makes no sense; it is given up");
      continue;
    }
    next_number_ = std::max(next_number_, *number + 1);
    Count(*event);
    Insert(*number, *std::move(event));
  }
}

LambdaStatus AsyncQueue::Add(const FunctionRef& function, runtimes::InvokeRequest request) {
  AsyncEvent event;
  event.request_id = std::move(request.request_id);
  event.function = function.spec->name;
  event.arn = function.arn;
  event.payload = std::move(request.payload);
  event.accepted = timeline_.clock().Now();
  event.due = event.accepted;
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  parts_.pool->Start();
  Number number = 0;
  {
    const MutexLock lock(mutex_);
    if (queued_ >= kMostEvents || bytes_ + event.size() > kMostBytes) {
      return LambdaError{LambdaErrorCode::kTooManyRequests, "Rate Exceeded.",
                         "FunctionInvocationRateLimitExceeded"};
    }
    number = next_number_++;
    Count(event);
  }
  parts_.records->Put(kRecordKind, KeyOf(number), RecordOf(event));
  {
    const MutexLock lock(mutex_);
    Insert(number, std::move(event));
  }
  lane_.Post([this] { Work(); });
  return {};
}

AsyncQueue::Turn& AsyncQueue::TurnOf(const std::string& function) {
  const auto found = turns_.find(function);
  if (found != turns_.end()) {
    return found->second;
  }
  if (turns_.size() >= kMostTurns) {
    const auto idle = std::find_if(turns_.begin(), turns_.end(),
                                   [](const auto& entry) { return entry.second.queued == 0; });
    if (idle != turns_.end()) {
      turns_.erase(idle);
    }
  }
  return turns_[function];
}

void AsyncQueue::Count(const AsyncEvent& event) {
  bytes_ += event.size();
  ++queued_;
  ++TurnOf(event.function).queued;
}

void AsyncQueue::Insert(Number number, AsyncEvent event) {
  if (event.due > timeline_.clock().Now()) {
    waiting_.emplace(event.due, number);
  } else {
    TurnOf(event.function).ready.push_back(number);
  }
  events_.insert_or_assign(number, std::move(event));
}

void AsyncQueue::Work() {
  while (true) {
    const MemoryReserve::Scope whole;
    const std::optional<std::pair<Number, AsyncEvent>> next = Next();
    if (!next.has_value()) {
      break;
    }
    const auto& [number, event] = *next;
    const std::optional<std::string> hopeless = Attempt(number, event);
    if (hopeless.has_value()) {
      ReportGivenUp(event, *hopeless);
      parts_.records->Remove(kRecordKind, KeyOf(number));
    }
    const MutexLock lock(mutex_);
    Begin(event);
    if (hopeless.has_value()) {
      End(number, true);
    }
  }
  const MutexLock lock(mutex_);
  if (!waiting_.empty()) {
    timer_.Set(waiting_.begin()->first);
  }
}

void AsyncQueue::TakeDue() {
  const Micros now = timeline_.clock().Now();
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const Number number = waiting_.begin()->second;
    TurnOf(events_.at(number).function).ready.push_back(number);
    waiting_.erase(waiting_.begin());
  }
}

std::optional<std::pair<AsyncQueue::Number, AsyncEvent>> AsyncQueue::Next() {
  const MutexLock lock(mutex_);
  TakeDue();
  if (under_way_ >= kMostUnderWay) {
    return std::nullopt;
  }
  const auto may_run = [](const Turns::value_type& entry) {
    return !entry.second.ready.empty() && entry.second.under_way < kMostUnderWayOfFunction;
  };
  // The functions take turns: the one after the last, in the order of their names.
  const auto after_last = turns_.upper_bound(last_turn_);
  auto turn = std::find_if(after_last, turns_.end(), may_run);
  if (turn == turns_.end()) {
    turn = std::find_if(turns_.begin(), after_last, may_run);
    if (turn == after_last) {
      return std::nullopt;
    }
  }
  last_turn_ = turn->first;
  const Number number = turn->second.ready.front();
  return std::pair(number, events_.at(number));
}

std::optional<std::string> AsyncQueue::Attempt(Number number, const AsyncEvent& event) {
  const LambdaResult<FunctionRef> function = parts_.directory->Resolve(event.arn, "", "");
  if (!function.ok()) {
    return function.error().message;
  }
  const AsyncSettings settings = parts_.directory->AsyncSettingsOf(function.value());
  if (timeline_.clock().Now() - event.accepted >= settings.maximum_event_age) {
    return "it is as old as an event may become";
  }
  parts_.invoker->Invoke(function.value(),
                         {.request_id = event.request_id,
                          .payload = event.payload,
                          .client_context = {},
                          .invoked_arn = event.arn},
                         [inbox = inbox_, number, settings](const InvokeOutcome& outcome) {
                           const MemoryReserve::MustNotFail end;
                           Ended ended{outcome.kind, {}, settings};
                           if (outcome.kind != Kind::kReturned) {
                             ended.text = TruncateUtf8(outcome.payload, kReasonSize);
                           }
                           inbox->Post([number, ended = std::move(ended)](AsyncQueue& queue) {
                             queue.Finish(number, ended);
                           });
                           // A task of its own: the event must not be counted again if this one is
                           // run again.
                           inbox->Post([](AsyncQueue& queue) { queue.Work(); });
                         });
  return std::nullopt;
}

void AsyncQueue::Finish(Number number, const Ended& ended) {
  const MemoryReserve::Scope whole;
  AsyncEvent event;
  {
    const MutexLock lock(mutex_);
    const auto found = events_.find(number);
    if (found == events_.end()) {
      return;
    }
    event = found->second;
  }
  if (ended.kind == Kind::kThrottled || ended.kind == Kind::kUnavailable) {
    ++event.refusals;
    const Micros wait = WaitAfter(event.refusals);
    TryAgain(number, std::move(event), wait, ended.settings);
    return;
  }
  const bool failed = ended.kind == Kind::kFunctionError;
  if (failed && event.failures < ended.settings.maximum_retry_attempts) {
    ++event.failures;
    event.refusals = 0;
    const Micros wait = event.failures == 1 ? kWaitAfterFirstError : kWaitAfterLaterErrors;
    TryAgain(number, std::move(event), wait, ended.settings);
    return;
  }
  if (failed) {
    ReportGivenUp(event, ended.text);
  }
  parts_.records->Remove(kRecordKind, KeyOf(number));
  const MutexLock lock(mutex_);
  End(number, failed);
}

void AsyncQueue::TryAgain(Number number, AsyncEvent event, Micros wait,
                          const AsyncSettings& settings) {
  event.due =
      std::min(timeline_.clock().Now() + wait, Micros(event.accepted + settings.maximum_event_age));
  parts_.records->Put(kRecordKind, KeyOf(number), RecordOf(event));
  const MutexLock lock(mutex_);
  Turn& turn = TurnOf(event.function);
  Insert(number, std::move(event));
  --under_way_;
  --turn.under_way;
}

void AsyncQueue::ReportGivenUp(const AsyncEvent& event, std::string_view why) {
  parts_.report("The asynchronous invocation " + event.request_id + " of " + event.arn +
                " is given up: " + Printable(why));
}

void AsyncQueue::Begin(const AsyncEvent& event) {
  Turn& turn = TurnOf(event.function);
  turn.ready.pop_front();
  ++turn.under_way;
  ++under_way_;
}

void AsyncQueue::End(Number number, bool given_up) {
  const auto found = events_.find(number);
  Turn& turn = TurnOf(found->second.function);
  bytes_ -= found->second.size();
  --under_way_;
  --turn.under_way;
  --turn.queued;
  --queued_;
  turn.given_up += given_up ? 1 : 0;
  given_up_ += given_up ? 1 : 0;
  events_.erase(found);
}

AsyncQueue::Counts AsyncQueue::CountsOf(std::string_view function) const {
  const MutexLock lock(mutex_);
  const auto found = turns_.find(function);
  return found == turns_.end() ? Counts() : Counts{found->second.queued, found->second.given_up};
}

AsyncQueue::Counts AsyncQueue::counts() const {
  const MutexLock lock(mutex_);
  return {queued_, given_up_};
}

}  // namespace weir::lambda
