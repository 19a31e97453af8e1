// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weir::runtimes {

// 32 hex digits from the system's generator of random numbers, in lower case.
std::string RandomHex();

}  // namespace weir::runtimes
