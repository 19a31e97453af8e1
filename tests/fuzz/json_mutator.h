// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace weir::fuzz {

// A change of the input of request_fuzz.cc that leaves it JSON: in one of its bodies a value is
// replaced, removed, repeated or moved. Empty if there is no body that is JSON. The same seed makes
// the same change.
std::string MutateRequests(std::string_view input, unsigned seed);

}  // namespace weir::fuzz
