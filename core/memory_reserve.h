// SPDX-License-Identifier: Apache-2.0
// MemoryReserve: memory for what must not fail half-way.
//
// A request that cannot get the memory it needs fails with std::bad_alloc, wherever that happens,
// and must leave everything as it was. Code that only looks or computes does so anyway. Two kinds
// of code do not: a change of several trees, lists and counts that belong together, and a library
// that ends the process if it cannot allocate (Asio). For these a reserve is set aside at the
// start. It serves their allocations when there is no other memory.
//
// It takes the place of the whole program's operator new. Thread-safe.
#pragma once

#include <cstddef>

namespace weir {

class MemoryReserve {
 public:
  // Whether operator new is ours. Sanitizers have their own; with that, nothing in this file has an
  // effect.
#if defined(WEIR_SERVES_NEW)
  static constexpr bool kServes = true;
#else
  static constexpr bool kServes = false;
#endif

  // The size of the reserve, which is the most that the changes of one Scope may take. A
  // transaction on tables with many indexes needs the most, if a snapshot shares all their nodes.
  static constexpr std::size_t kBytes = std::size_t{32} << 20U;

  // Sets the reserve aside, for the whole process. Without that call nothing here has an effect. To
  // be called before there are other threads.
  static void Install();

  // Has no work begin that stores more while `is_short` returns true, although there may be memory
  // for it, so that there is some for reads. It is called often. To be called before there are
  // other threads.
  static void RefuseGrowthWhile(bool (*is_short)());

  // Whether there is enough memory for work that must not fail. If not, the caller should begin no
  // such work. Also sets aside again what was released, as far as there is memory for it.
  static bool Ready();

  // Gives address space that is set aside for the stacks of threads back to the system, so that
  // threads can be started. A later call of Ready sets it aside again.
  static void ReleaseStacks();

  // A guard says what becomes of the calling thread's allocations when there is no memory. It holds
  // until it is destroyed, whatever a guard around it says.
  enum class Rule { kMayFail, kMustNotFail, kWhole };
  class Guard {
   public:
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   protected:
    explicit Guard(Rule rule);

   private:
    const Rule before_;
  };

  // Allocations fail, as they do without a guard.
  struct MayFail : Guard {
    MayFail() : Guard(Rule::kMayFail) {}
  };

  // Allocations take from the reserve, as long as that lasts. For a whole thread, for example: code
  // in it that may fail says so with MayFail.
  struct MustNotFail : Guard {
    MustNotFail() : Guard(Rule::kMustNotFail) {}
  };

  enum class Use { kAny, kGrowth };

  // Allocations take from the reserve, and there is enough: if not, the constructor throws
  // std::bad_alloc. Work that stores more (kGrowth) must leave a part of the reserve, without which
  // nothing could be deleted. A Scope within another one belongs to that one, and does not throw.
  struct Scope : Guard {
    explicit Scope(Use use = Use::kAny) : Guard(Begin(use)) {}

   private:
    static Rule Begin(Use use);
  };
};

}  // namespace weir
