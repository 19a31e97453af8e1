// SPDX-License-Identifier: Apache-2.0
// How the process takes memory from the system and gives it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace weir {

// How many bytes must be freed at once to make a call of system::ReturnFreeMemory worthwhile. glibc
// keeps what is freed, and to look for whole free pages takes milliseconds in a large process.
inline constexpr std::size_t kWorthReturning = std::size_t{8} << 20U;

// To be called once, before there are other threads. `threads` is how many will serve requests.
// Makes a failed allocation cost only its request (core/memory_reserve.h). Fixes the C library's
// thresholds, which otherwise rise with what is freed, and the size of later threads' stacks. Keeps
// the process below the memory limit of its container, beyond which the kernel would end it without
// a word. Shortly before that, and before `most` bytes are resident, work that stores more is
// refused (MemoryReserve::Use::kGrowth).
void ConfigureMemory(unsigned threads, std::optional<std::uint64_t> most = std::nullopt);

// If work is refused because too much is resident, gives free memory back to the system, once a
// second at most. Takes milliseconds then, so no lock should be held; else hardly any time.
void RelieveMemory();

// Resident memory in bytes, and how much of it there may be; each 0 if that is not known.
struct MemoryUse {
  std::uint64_t resident = 0;
  std::uint64_t limit = 0;
};
MemoryUse ReadMemoryUse();

}  // namespace weir
