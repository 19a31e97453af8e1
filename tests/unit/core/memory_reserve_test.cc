// SPDX-License-Identifier: Apache-2.0
#include "core/memory_reserve.h"

#include <catch2/catch.hpp>
#include <memory>
#include <new>

namespace weir {
namespace {

bool CanAllocate() {
  try {
    return std::make_unique<int>(1) != nullptr;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// What is seen while memory is short, when not even a test's own words can be stored.
struct Seen {
  bool is_short = false;
  bool may_fail = true;
  bool must_not = false;
  bool nested = true;
};

TEST_CASE("While memory is short only what must not fail is served", "[core][memory]") {
  MemoryReserve::Install();
  CHECK(CanAllocate());
  Seen seen;
  MemoryReserve::Release();
  seen.is_short = MemoryReserve::Short();
  seen.may_fail = CanAllocate();
  {
    const MemoryReserve::MustNotFail guard;
    seen.must_not = CanAllocate() && !MemoryReserve::Short();
    const MemoryReserve::MayFail inner;
    seen.nested = CanAllocate();
  }
  const bool ready = MemoryReserve::Ready();
  CHECK(seen.is_short);
  CHECK_FALSE(seen.may_fail);
  CHECK(seen.must_not);
  CHECK_FALSE(seen.nested);
  CHECK(ready);
  CHECK_FALSE(MemoryReserve::Short());
  CHECK(CanAllocate());
}

TEST_CASE("A scope puts the reserve by that it needs", "[core][memory]") {
  MemoryReserve::Install();
  bool began = false;
  MemoryReserve::Release();
  {
    const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
    began = CanAllocate();
    MemoryReserve::Release();
    const MemoryReserve::Scope part;  // one with the scope around it, which began
    began = began && CanAllocate();
  }
  CHECK(MemoryReserve::Ready());
  CHECK(began);
}

}  // namespace
}  // namespace weir
