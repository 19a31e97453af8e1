// SPDX-License-Identifier: Apache-2.0
// The operations that run functions.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
#pragma once

#include "protocol/rest_routes.h"
#include "services/lambda/function_directory.h"
#include "services/lambda/invoke/async_queue.h"

namespace weir::lambda {

// Adds Invoke, InvokeAsync and InvokeWithResponseStream. What they are given must outlive the
// routes.
void AddInvokeRoutes(protocol::RestRoutes& routes, const FunctionDirectory& directory,
                     Invoker& invoker, AsyncQueue& queue);

}  // namespace weir::lambda
