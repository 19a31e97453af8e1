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

// The name of an error among the reasons of a canceled transaction, and in the answer of a batch of
// statements: "ConditionalCheckFailed", for example.
std::string_view CancellationCode(ErrorCode code);

// Which reasons a canceled transaction names if actions are invalid.
enum class InvalidActions : std::uint8_t { kFirstAlone, kAll };

// TransactionCanceledException. `faults` has one entry per action; nullopt if it was not refused.
// All failed conditions and conflicts are named as reasons. But if there are ValidationErrors, only
// the first of these is named, and nothing else. With kAll every error is named: ExecuteTransaction
// does that for statements that are invalid by themselves, before any is carried out (both observed
// on AWS; the latter as floci's pull request 3674 reports).
ApiError TransactionCanceled(std::span<const std::optional<ApiError>> faults,
                             InvalidActions invalid = InvalidActions::kFirstAlone);

}  // namespace weir::dynamodb
