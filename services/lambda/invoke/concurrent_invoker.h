// SPDX-License-Identifier: Apache-2.0
// ConcurrentInvoker: runs functions where they belong, within their concurrency, and counts.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/mutex.h"
#include "core/timeline.h"
#include "runtimes/function_host.h"
#include "services/lambda/function_directory.h"

namespace weir::lambda {

// The Reasons of TooManyRequestsException, one of which is the payload of a kThrottled outcome.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
inline constexpr std::string_view kReservedConcurrencyReason =
    "ReservedFunctionConcurrentInvocationLimitExceeded";
inline constexpr std::string_view kConcurrencyReason = "ConcurrentInvocationLimitExceeded";

// Invocations under way at a time, of all functions together, by the default quota of an account.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kMostConcurrentInvocations = 1000;

// What has happened to a function, all versions together, since the server started.
struct FunctionCounts {
  std::size_t under_way = 0;
  std::uint64_t invocations = 0;  // that ran to an end, well or not
  std::uint64_t errors = 0;       // of these, those that ended as kFunctionError
  std::uint64_t throttles = 0;
  std::uint64_t unavailable = 0;
  std::chrono::microseconds total_time{0};  // of all `invocations`, in real time
  // The start of the latest function error or text of kUnavailable; empty: none.
  std::string last_error;
};

// Thread-safe. Invocations may end after it is destroyed, but what it was made of must outlive
// them. While one is under way, it holds the timeline, until its `done` has returned: so a change
// of the clock waits for functions that are due.
class ConcurrentInvoker final : public Invoker {
 public:
  // `processes` runs functions with Placement::kProcess and kAttached, `endpoints` all others.
  ConcurrentInvoker(runtimes::FunctionHost& processes, runtimes::FunctionHost& endpoints,
                    Timeline& timeline);

  // Counts of so many functions are kept. Beyond, the counts of a function without invocations
  // under way are forgotten for those of a new one.
  static constexpr std::size_t kMostCounted = 2000;
  static constexpr std::size_t kLastErrorSize = 512;

  void Invoke(const FunctionRef& function, runtimes::InvokeRequest request,
              runtimes::FunctionHost::Done done) override;

  // All zero for a function that was never invoked.
  [[nodiscard]] FunctionCounts CountsOf(std::string_view name) const;
  [[nodiscard]] std::size_t under_way() const;

 private:
  // Shared with the invocations under way.
  struct State {
    // Counts a new invocation; or the throttle, if it is one too many. Returns the Reason of that,
    // else "".
    std::string_view Begin(const FunctionRef& function);
    void End(const std::string& name, runtimes::InvokeOutcome& outcome,
             std::chrono::microseconds time);
    FunctionCounts& CountsLocked(const std::string& name) WEIR_REQUIRES(mutex);

    mutable Mutex mutex;
    std::map<std::string, FunctionCounts, std::less<>> counts WEIR_GUARDED_BY(mutex);
    std::size_t under_way WEIR_GUARDED_BY(mutex) = 0;
  };

  runtimes::FunctionHost& processes_;
  runtimes::FunctionHost& endpoints_;
  Timeline& timeline_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace weir::lambda
