// SPDX-License-Identifier: Apache-2.0
// The programs that run Python and Node functions. They speak the Runtime API at
// AWS_LAMBDA_RUNTIME_API, find the handler named by _HANDLER beneath LAMBDA_TASK_ROOT, and answer,
// log and fail as AWS's own runtimes do. They need the interpreter and its standard library alone.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once

#include <string_view>

namespace weir::runtimes {

// For Python 3.8 and later: `python3 bootstrap.py`. The text of runtimes/code/bootstrap.py.
[[nodiscard]] std::string_view PythonBootstrap();

// For Node 16 and later: `node bootstrap.mjs`. The text of runtimes/code/bootstrap.mjs.
[[nodiscard]] std::string_view NodeBootstrap();

}  // namespace weir::runtimes
