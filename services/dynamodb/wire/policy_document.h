// SPDX-License-Identifier: Apache-2.0
// Resource policies: JSON text inside a request.
#pragma once

#include <string_view>

#include "services/dynamodb/common/fields.h"

namespace weir::dynamodb {

// Reads the text of a policy that is put. The result has the text that GetResourcePolicy gives
// back: without blanks, members in a fixed order, lists of one element as that element, accounts as
// ARNs (observed on AWS, October 2026). Or it has the first fault that can be found without IAM.
PolicyDocument ReadPolicyDocument(std::string_view text);

}  // namespace weir::dynamodb
