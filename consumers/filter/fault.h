// SPDX-License-Identifier: Apache-2.0
// Why a filter pattern is refused.
#pragma once

#include <string>

namespace weir::consumers {

// For people and the log: the API answers the same text whatever the fault is. The texts are those
// of AWS's own engine (https://github.com/aws/event-ruler) where it refuses the same thing.
struct FilterFault {
  std::string text;
};

}  // namespace weir::consumers
