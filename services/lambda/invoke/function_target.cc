// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/function_target.h"

#include <utility>

namespace weir::lambda {
namespace {

using consumers::TargetReply;
using runtimes::InvokeOutcome;

TargetReply::Kind KindOf(InvokeOutcome::Kind kind) {
  switch (kind) {
    case InvokeOutcome::Kind::kReturned:
      return TargetReply::Kind::kDone;
    case InvokeOutcome::Kind::kFunctionError:
      return TargetReply::Kind::kFailed;
    case InvokeOutcome::Kind::kThrottled:
      return TargetReply::Kind::kThrottled;
    case InvokeOutcome::Kind::kUnavailable:
      break;
  }
  return TargetReply::Kind::kUnavailable;
}

}  // namespace

void FunctionTarget::Call(consumers::TargetCall call, Done done) {
  const LambdaResult<FunctionRef> function = directory_.Resolve(call.arn, {}, {});
  if (!function.ok()) {
    done({.kind = TargetReply::Kind::kUnavailable, .payload = function.error().message});
    return;
  }
  invoker_.Invoke(function.value(),
                  {.request_id = std::move(call.request_id),
                   .payload = std::move(call.payload),
                   .client_context = {},
                   .invoked_arn = std::move(call.arn)},
                  [done = std::move(done)](InvokeOutcome outcome) {
                    done({.kind = KindOf(outcome.kind), .payload = std::move(outcome.payload)});
                  });
}

}  // namespace weir::lambda
