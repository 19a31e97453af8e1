// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/concurrent_invoker.h"

#include <algorithm>
#include <utility>

#include "core/memory_reserve.h"
#include "core/text.h"

namespace weir::lambda {
namespace {

using runtimes::InvokeOutcome;
using std::chrono::steady_clock;
using Kind = InvokeOutcome::Kind;

}  // namespace

ConcurrentInvoker::ConcurrentInvoker(runtimes::FunctionHost& processes,
                                     runtimes::FunctionHost& endpoints, Timeline& timeline)
    : processes_(processes), endpoints_(endpoints), timeline_(timeline) {}

void ConcurrentInvoker::Invoke(const FunctionRef& function, runtimes::InvokeRequest request,
                               runtimes::FunctionHost::Done done) {
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  const std::string_view refused = state_->Begin(function);
  if (!refused.empty()) {
    done({Kind::kThrottled, std::string(refused), {}});
    return;
  }
  // Shared, for a std::function must be copyable.
  auto hold = std::make_shared<Timeline::Hold>(timeline_);
  runtimes::FunctionHost& host =
      function.spec->placement == runtimes::Placement::kEndpoint ? endpoints_ : processes_;
  host.Invoke(function.spec, std::move(request),
              [state = state_, hold = std::move(hold), name = function.spec->name,
               start = steady_clock::now(), done = std::move(done)](InvokeOutcome outcome) {
                const MemoryReserve::MustNotFail end;
                state->End(name, outcome,
                           std::chrono::duration_cast<std::chrono::microseconds>(
                               steady_clock::now() - start));
                done(std::move(outcome));
                hold->Release();
              });
}

std::string_view ConcurrentInvoker::State::Begin(const FunctionRef& function) {
  const MutexLock lock(mutex);
  FunctionCounts& of = CountsLocked(function.spec->name);
  const std::optional<int>& reserved = function.reserved_concurrency;
  const bool is_reserved =
      reserved.has_value() && of.under_way >= static_cast<std::size_t>(std::max(*reserved, 0));
  if (is_reserved || under_way >= kMostConcurrentInvocations) {
    ++of.throttles;
    return is_reserved ? kReservedConcurrencyReason : kConcurrencyReason;
  }
  ++of.under_way;
  ++under_way;
  return {};
}

void ConcurrentInvoker::State::End(const std::string& name, InvokeOutcome& outcome,
                                   std::chrono::microseconds time) {
  const MutexLock lock(mutex);
  FunctionCounts& of = CountsLocked(name);
  --of.under_way;
  --under_way;
  switch (outcome.kind) {
    case Kind::kThrottled:
      ++of.throttles;
      outcome.payload = kConcurrencyReason;
      return;
    case Kind::kUnavailable:
      ++of.unavailable;
      break;
    case Kind::kFunctionError:
      ++of.errors;
      [[fallthrough]];
    case Kind::kReturned:
      ++of.invocations;
      of.total_time += time;
      break;
  }
  if (outcome.kind != Kind::kReturned) {
    of.last_error = TruncateUtf8(outcome.payload, kLastErrorSize);
  }
}

FunctionCounts& ConcurrentInvoker::State::CountsLocked(const std::string& name) {
  const auto found = counts.find(name);
  if (found != counts.end()) {
    return found->second;
  }
  if (counts.size() >= kMostCounted) {
    // There are fewer invocations under way than functions counted.
    static_assert(kMostCounted > kMostConcurrentInvocations);
    counts.erase(std::find_if(counts.begin(), counts.end(),
                              [](const auto& entry) { return entry.second.under_way == 0; }));
  }
  return counts[name];
}

FunctionCounts ConcurrentInvoker::CountsOf(std::string_view name) const {
  const MutexLock lock(state_->mutex);
  const auto found = state_->counts.find(name);
  return found == state_->counts.end() ? FunctionCounts() : found->second;
}

std::size_t ConcurrentInvoker::under_way() const {
  const MutexLock lock(state_->mutex);
  return state_->under_way;
}

}  // namespace weir::lambda
