// SPDX-License-Identifier: Apache-2.0
#include "core/memory_reserve.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "tests/unit/support/no_more_memory.h"

namespace weir {
namespace {

using testing::NoMoreMemory;
using testing::OperatorNewIsOurs;

// More than the process can get: its limit is what it has when a NoMoreMemory is made.
constexpr std::size_t kTooMuch = std::size_t{8} << 20U;

struct Free {
  void operator()(void* block) const { ::operator delete(block); }
};
using Block = std::unique_ptr<void, Free>;

// Calls the function, which compilers must not leave out, as they may a `new` without a use.
Block Allocate(std::size_t size) {
  return Block(::operator new(size));
}

bool CanAllocate(std::size_t size) {
  try {
    return Allocate(size) != nullptr;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

TEST_CASE("Without memory only what must not fail is served", "[core][memory]") {
  if (!OperatorNewIsOurs()) {
    return;
  }
  MemoryReserve::Install();
  CHECK(CanAllocate(kTooMuch));
  const NoMoreMemory none;
  CHECK_FALSE(CanAllocate(kTooMuch));
  {
    const MemoryReserve::MustNotFail guard;
    CHECK(CanAllocate(kTooMuch));
    const MemoryReserve::MayFail inner;
    CHECK_FALSE(CanAllocate(kTooMuch));
  }
  CHECK_FALSE(CanAllocate(kTooMuch));
  CHECK(MemoryReserve::Ready());
}

TEST_CASE("What the reserve gives is memory like any other", "[core][memory]") {
  if (!OperatorNewIsOurs()) {
    return;
  }
  MemoryReserve::Install();
  const NoMoreMemory none;
  const MemoryReserve::MustNotFail guard;
  // Sizes around those of the reserve's cells. One after the other they take more than the reserve
  // could hold at once.
  for (const std::size_t size :
       {std::size_t{239}, std::size_t{240}, std::size_t{241}, std::size_t{255}, std::size_t{256},
        std::size_t{257}, std::size_t{1} << 20U, kTooMuch}) {
    for (int i = 0; i < 40; ++i) {
      const std::string one(std::max(size, kTooMuch), 'a');
      const std::string other(size, 'b');
      CHECK((one.front() == 'a' && one.back() == 'a'));
      CHECK((other.front() == 'b' && other.back() == 'b'));
    }
  }
}

TEST_CASE("A scope does not begin without a reserve", "[core][memory]") {
  if (!OperatorNewIsOurs()) {
    return;
  }
  MemoryReserve::Install();
  // What earlier tests have freed would do instead of a reserve.
  std::vector<Block> freed;
  freed.reserve(1000);
  const NoMoreMemory none;
  constexpr std::size_t kFreed = std::size_t{128} << 10U;
  while (freed.size() < freed.capacity() && CanAllocate(kFreed)) {
    freed.push_back(Allocate(kFreed));
  }
  std::vector<Block> taken;
  {
    const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
    taken.push_back(Allocate(3 * kTooMuch + 1));
  }
  // Less than a quarter is left. That is reserved for work that stores nothing.
  CHECK_THROWS_AS(MemoryReserve::Scope(MemoryReserve::Use::kGrowth), std::bad_alloc);
  CHECK(MemoryReserve::Ready());
  {
    const MemoryReserve::Scope whole;
    const MemoryReserve::Scope part(MemoryReserve::Use::kGrowth);  // allowed within another scope
    taken.push_back(Allocate(kTooMuch - (1 << 20)));
  }
  CHECK_FALSE(MemoryReserve::Ready());
  CHECK_THROWS_AS(MemoryReserve::Scope(), std::bad_alloc);
  taken.clear();
  CHECK(MemoryReserve::Ready());
}

}  // namespace
}  // namespace weir
