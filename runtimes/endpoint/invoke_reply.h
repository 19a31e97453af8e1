// SPDX-License-Identifier: Apache-2.0
// What the answer of an endpoint says of how an invocation ended.
#pragma once

#include <string>
#include <string_view>

#include "consumers/http/http_call.h"
#include "runtimes/function_host.h"
#include "runtimes/function_spec.h"

namespace weir::runtimes {

// Whether it is the URL of a Runtime Interface Emulator, which has but one function, runs one
// invocation at a time, and marks errors by their form alone.
[[nodiscard]] bool IsEmulator(std::string_view url);

// `request_id` is that of the invocation. `result` is moved from.
[[nodiscard]] InvokeOutcome OutcomeOf(const FunctionSpec& function, const std::string& request_id,
                                      consumers::HttpResult result);

}  // namespace weir::runtimes
