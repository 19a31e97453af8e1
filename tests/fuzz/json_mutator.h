// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace weir::fuzz {

// Changes an input of request_fuzz.cc in such a way that its bodies stay JSON: in one of them a
// value is replaced, removed, repeated or moved. Returns the changed input, empty if no body is
// JSON. The same seed makes the same change.
std::string MutateRequests(std::string_view input, unsigned seed);

}  // namespace weir::fuzz
