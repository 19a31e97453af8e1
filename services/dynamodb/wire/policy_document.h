// SPDX-License-Identifier: Apache-2.0
// Resource policies: JSON text inside a request.
#pragma once

#include <string_view>

#include "services/dynamodb/common/fields.h"

namespace weir::dynamodb {

// What GetResourcePolicy gives back for a document that was put: without blanks, members in a fixed
// order, lists of one as their element, names of accounts as their ARN (observed on AWS, October
// 2026). Or the first of the faults that need no IAM to be found.
PolicyDocument ReadPolicyDocument(std::string_view text);

}  // namespace weir::dynamodb
