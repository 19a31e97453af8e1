// SPDX-License-Identifier: Apache-2.0
// Why transactions are canceled:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/api_error.h"

namespace weir::operations {

// What an error is called among the reasons of a canceled transaction and in the answers of a batch
// of statements, e.g. "ConditionalCheckFailed".
std::string_view CancellationCode(ErrorCode code);

// TransactionCanceledException; `faults` has one entry for each action, with an error where it was
// refused. All failed conditions and conflicts are named, but of ValidationErrors only the first,
// and then nothing else (observed on AWS).
ApiError TransactionCanceled(std::span<const std::optional<ApiError>> faults);

}  // namespace weir::operations
