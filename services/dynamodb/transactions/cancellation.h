// SPDX-License-Identifier: Apache-2.0
// Why transactions are canceled:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/api_error.h"

namespace weir::dynamodb {

// What an error is called among the reasons of a canceled transaction and in the answers of a batch
// of statements, e.g. "ConditionalCheckFailed".
std::string_view CancellationCode(ErrorCode code);

// Which reasons a canceled transaction names when actions are invalid.
enum class InvalidActions : std::uint8_t { kFirstAlone, kAll };

// TransactionCanceledException; `faults` has one entry for each action, with an error where it was
// refused. All failed conditions and conflicts are named, but of ValidationErrors only the first,
// and then nothing else. ExecuteTransaction names each statement that is invalid by itself, before
// any is carried out (both observed on AWS; the latter as floci's pull request 3674 tells).
ApiError TransactionCanceled(std::span<const std::optional<ApiError>> faults,
                             InvalidActions invalid = InvalidActions::kFirstAlone);

}  // namespace weir::dynamodb
