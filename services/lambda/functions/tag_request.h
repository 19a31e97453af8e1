// SPDX-License-Identifier: Apache-2.0
// The tags that a request gives.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
#pragma once

#include <cstddef>
#include <optional>

#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/member_reader.h"

namespace weir::lambda {

inline constexpr std::size_t kMostTags = 50;

// Reads the member Tags. Checks the form of each; the caller checks how many a resource then has.
std::optional<Tags> ReadTags(MemberReader& members);
LambdaStatus CheckTagCount(const Tags& tags);

}  // namespace weir::lambda
