// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/async_queue.h"

#include <algorithm>
#include <charconv>
#include <vector>

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
  const std::string digits = std::to_string(number);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> NumberOf(std::string_view key) {
  std::uint64_t number = 0;
  const char* const end = key.data() + key.size();
  const auto [stop, fault] = std::from_chars(key.data(), end, number);
  return fault == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

// The region in a function's ARN.
std::string_view RegionOf(std::string_view arn) {
  constexpr int kFieldsBefore = 3;  // arn:aws:lambda:
  for (int i = 0; i < kFieldsBefore; ++i) {
    arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  }
  return arn.substr(0, arn.find(':'));
}

}  // namespace

AsyncQueue::AsyncQueue(Parts parts)
    : parts_(std::move(parts)),
      timeline_(parts_.pool->timeline()),
      lane_(*parts_.pool),
      timer_(timeline_, [this] { lane_.Post([this] { Work(); }); }) {
  {
    const MutexLock lock(inbox_->mutex);
    inbox_->queue = this;
  }
  Restore();
  lane_.Post([this] { Work(); });
}

AsyncQueue::~AsyncQueue() {
  const MutexLock lock(inbox_->mutex);
  inbox_->queue = nullptr;
}

void AsyncQueue::Restore() {
  const MutexLock lock(mutex_);
  for (const storage::KeptRecords::Record& record : parts_.records->All(kRecordKind)) {
    const std::optional<Number> number = NumberOf(record.key);
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
    const std::optional<std::pair<Number, AsyncEvent>> next = TakeNext();
    if (!next.has_value()) {
      break;
    }
    Attempt(next->first, next->second);
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

std::optional<std::pair<AsyncQueue::Number, AsyncEvent>> AsyncQueue::TakeNext() {
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
  turn->second.ready.pop_front();
  ++turn->second.under_way;
  ++under_way_;
  return std::pair(number, events_.at(number));
}

void AsyncQueue::Attempt(Number number, const AsyncEvent& event) {
  const LambdaResult<FunctionRef> function =
      parts_.directory->Resolve(event.arn, "", RegionOf(event.arn));
  if (!function.ok()) {
    GiveUp(number, event, function.error().message);
    return;
  }
  const AsyncSettings settings = parts_.directory->AsyncSettingsOf(function.value());
  if (timeline_.clock().Now() - event.accepted >= settings.maximum_event_age) {
    GiveUp(number, event, "it is as old as an event may become");
    return;
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
                           const MutexLock lock(inbox->mutex);
                           if (AsyncQueue* const queue = inbox->queue) {
                             queue->lane_.Post([queue, number, ended = std::move(ended)] {
                               queue->Finish(number, ended);
                             });
                           }
                         });
}

void AsyncQueue::Finish(Number number, const Ended& ended) {
  {
    const MemoryReserve::Scope whole;
    AsyncEvent event;
    {
      const MutexLock lock(mutex_);
      event = events_.at(number);
    }
    if (ended.kind == Kind::kReturned) {
      Remove(number, false);
    } else if (ended.kind == Kind::kFunctionError) {
      ++event.failures;
      event.refusals = 0;
      if (event.failures > ended.settings.maximum_retry_attempts) {
        GiveUp(number, event, ended.text);
      } else {
        const Micros wait = event.failures == 1 ? kWaitAfterFirstError : kWaitAfterLaterErrors;
        TryAgain(number, std::move(event), wait, ended.settings);
      }
    } else {
      ++event.refusals;
      const Micros wait = WaitAfter(event.refusals);
      TryAgain(number, std::move(event), wait, ended.settings);
    }
  }
  Work();
}

void AsyncQueue::TryAgain(Number number, AsyncEvent event, Micros wait,
                          const AsyncSettings& settings) {
  event.due =
      std::min(timeline_.clock().Now() + wait, Micros(event.accepted + settings.maximum_event_age));
  parts_.records->Put(kRecordKind, KeyOf(number), RecordOf(event));
  const MutexLock lock(mutex_);
  --under_way_;
  --TurnOf(event.function).under_way;
  Insert(number, std::move(event));
}

void AsyncQueue::GiveUp(Number number, const AsyncEvent& event, std::string_view why) {
  parts_.report("The asynchronous invocation " + event.request_id + " of " + event.arn +
                " is given up: " + Printable(why));
  Remove(number, true);
}

void AsyncQueue::Remove(Number number, bool given_up) {
  {
    const MutexLock lock(mutex_);
    const auto found = events_.find(number);
    bytes_ -= found->second.size();
    --under_way_;
    Turn& turn = TurnOf(found->second.function);
    --turn.under_way;
    --turn.queued;
    --queued_;
    turn.given_up += given_up ? 1 : 0;
    given_up_ += given_up ? 1 : 0;
    events_.erase(found);
  }
  parts_.records->Remove(kRecordKind, KeyOf(number));
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
