// SPDX-License-Identifier: Apache-2.0
// A library to preload into Weir (LD_PRELOAD). It makes memory scarce without using it up: one in
// so many allocations fails, wherever in the code it is made.
//
// WEIR_SCARCE names a file that the test and the process share. It holds a Control.
#include <fcntl.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" {
// The C library's own functions, by the names that it gives them for programs that replace malloc.
// NOLINTBEGIN(bugprone-reserved-identifier): its names
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace {

struct Control {
  std::atomic<std::uint64_t> one_in;  // 0: no allocation fails
  std::atomic<std::uint64_t> failed;
};

Control* control = nullptr;
std::atomic<std::uint64_t> allocations{0};

// A pseudorandom number for each allocation (Splitmix64).
std::uint64_t Lot() {
  std::uint64_t lot = allocations.fetch_add(1) * 0x9E3779B97F4A7C15ULL;
  lot = (lot ^ (lot >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  lot = (lot ^ (lot >> 27U)) * 0x94D049BB133111EBULL;
  return lot ^ (lot >> 31U);
}

bool Fails() {
  if (control == nullptr) {
    return false;
  }
  const std::uint64_t one_in = control->one_in;
  if (one_in == 0 || Lot() % one_in != 0) {
    return false;
  }
  ++control->failed;
  errno = ENOMEM;
  return true;
}

__attribute__((constructor)) void Open() {
  const char* const path = std::getenv("WEIR_SCARCE");
  const int file = path == nullptr ? -1 : open(path, O_RDWR);
  void* const shared =
      file < 0 ? MAP_FAILED
               : mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  control = shared == MAP_FAILED ? nullptr : static_cast<Control*>(shared);
}

}  // namespace

extern "C" {

void* malloc(size_t size) {
  return Fails() ? nullptr : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return Fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
  return Fails() ? nullptr : __libc_realloc(block, size);
}
}
