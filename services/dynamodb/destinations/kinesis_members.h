// SPDX-License-Identifier: Apache-2.0
// What the operations on Kinesis streaming destinations share.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"

namespace weir::dynamodb {

// KinesisDataStreamDestination. No answer contains one yet.
struct KinesisDataStreamDestination {
  std::string stream_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamArn", &KinesisDataStreamDestination::stream_arn});
  }
};

// The ValidationException that AWS answers for every fault of a destination; `reason` says which.
ApiError InvalidDestination(std::string_view reason);

}  // namespace weir::dynamodb
