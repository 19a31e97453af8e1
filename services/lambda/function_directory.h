// SPDX-License-Identifier: Apache-2.0
// What the parts of the Lambda service ask each other about functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtimes/function_host.h"
#include "runtimes/function_spec.h"
#include "services/lambda/errors.h"

namespace weir::lambda {

// A function as a caller named it.
struct FunctionRef {
  runtimes::FunctionSpecPtr spec;  // of the version that the qualifier leads to
  // The function's ARN, with the qualifier (version or alias) if one was given.
  std::string arn;
  std::string qualifier;                    // as given; empty: none
  std::optional<int> reserved_concurrency;  // of the function, all versions together
};

// The settings of asynchronous invocations.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
struct AsyncSettings {
  int maximum_retry_attempts = 2;
  std::chrono::seconds maximum_event_age{21'600};
};

// Knows the functions. Thread-safe.
class FunctionDirectory {
 public:
  virtual ~FunctionDirectory() = default;
  // Finds a function by its name, partial ARN ("000000000000:function:orders") or ARN, any of which
  // may end with ":qualifier", and by the qualifier of the query, if that is not empty. `region` is
  // that of the request: names without one are of that region, and an ARN of another region leads
  // only to a function that was created there, or that runs at an endpoint. Empty: an ARN of any
  // region leads to its function. Fails as Invoke does: ResourceNotFoundException `Function not
  // found: <arn>[:<qualifier>]`, InvalidParameterValueException and ValidationException for names
  // that are none.
  [[nodiscard]] virtual LambdaResult<FunctionRef> Resolve(std::string_view function,
                                                          std::string_view qualifier,
                                                          std::string_view region) const = 0;
  [[nodiscard]] virtual AsyncSettings AsyncSettingsOf(const FunctionRef& function) const = 0;
};

// Runs functions, within their reserved concurrency. Thread-safe.
class Invoker {
 public:
  virtual ~Invoker() = default;
  // Calls `done` once, on any thread. An invocation beyond the reserved concurrency ends as
  // kThrottled. Never waits.
  virtual void Invoke(const FunctionRef& function, runtimes::InvokeRequest request,
                      runtimes::FunctionHost::Done done) = 0;
};

}  // namespace weir::lambda
