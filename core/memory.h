// SPDX-License-Identifier: Apache-2.0
// How the process takes memory of the system and gives it back.
#pragma once

#include <cstddef>

namespace weir {

// How much has to be freed at once that it is worth to look for whole pages: glibc keeps what is
// freed for itself, and looking takes milliseconds in a large process.
inline constexpr std::size_t kWorthReturning = std::size_t{8} << 20U;

// To be called once, before there are other threads than this one. Makes a failed allocation
// something that costs its request (core/memory_reserve.h), fixes the C library's thresholds, which
// otherwise rise with what is freed, and has the process stay below the memory limit of its
// container, whose kernel would end it without a word.
void ConfigureMemory(unsigned threads);

// What is allocated, as far as the C library tells; else 0.
std::size_t AllocatedBytes();
// What was freed and is kept for later, likewise.
std::size_t FreeBytes();

// Gives back what whole pages were freed of. Does nothing where the C library does so by itself.
void ReturnFreeMemory();

}  // namespace weir
