// SPDX-License-Identifier: Apache-2.0
// Memory that goes back to the system.
#pragma once

#include <cstddef>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace weir {

// How much has to be freed at once that it is worth to look for whole pages: glibc keeps what is
// freed for itself, and looking takes milliseconds in a large process.
inline constexpr std::size_t kWorthReturning = std::size_t{8} << 20U;

// What is allocated, as far as the C library tells; else 0.
inline std::size_t AllocatedBytes() {
#if defined(__GLIBC__)
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

// Gives back what whole pages were freed of. Does nothing where the C library does so by itself.
inline void ReturnFreeMemory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace weir
