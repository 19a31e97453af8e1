// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "core/memory_reserve.h"

namespace weir::testing {

// While there is one, the process gets no more memory than it has; what it has freed it can use
// again. Has no effect on a sanitizer's operator new (OperatorNewIsOurs).
class NoMoreMemory {
 public:
  NoMoreMemory() {
    REQUIRE(getrlimit(RLIMIT_DATA, &before_) == 0);
    rlimit none = before_;
    none.rlim_cur = 1;
    REQUIRE(setrlimit(RLIMIT_DATA, &none) == 0);
  }
  ~NoMoreMemory() { setrlimit(RLIMIT_DATA, &before_); }
  NoMoreMemory(const NoMoreMemory&) = delete;
  NoMoreMemory& operator=(const NoMoreMemory&) = delete;

 private:
  rlimit before_{};
};

// Whether allocations can be made to fail in this build. If not, there is nothing to test.
inline bool OperatorNewIsOurs() {
  if (!MemoryReserve::kServes) {
    WARN("operator new is a sanitizer's");
  }
  return MemoryReserve::kServes;
}

}  // namespace weir::testing
