// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weir {

// A random UUID, "8a1f1c6e-…", from the system's generator of random numbers: also good as a
// secret. Thread-safe.
std::string NewUuid();

}  // namespace weir
