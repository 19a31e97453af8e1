// SPDX-License-Identifier: Apache-2.0
// MemoryReserve: memory for what must not fail half-way.
//
// A request that cannot have the memory it needs fails by std::bad_alloc, wherever that happens,
// and leaves everything as it was. That is easily said of what only looks or computes. Two things
// are another matter: a change of several trees, lists and counts that belong together, and what
// happens inside a library that ends the process if it cannot allocate (Asio). For these a reserve
// is put by at the start, of which their allocations are served when there is no memory else.
//
// Serves operator new of the whole program. Thread-safe.
#pragma once

#include <cstddef>

namespace weir {

class MemoryReserve {
 public:
  // Whether operator new is served here. Sanitizers have their own, with which nothing of this has
  // an effect.
#if defined(WEIR_SERVES_NEW)
  static constexpr bool kServes = true;
#else
  static constexpr bool kServes = false;
#endif

  // What the changes of one scope may take: a transaction on tables with many indexes, all of whose
  // nodes a snapshot shares, needs the most.
  static constexpr std::size_t kBytes = std::size_t{32} << 20U;

  // Puts the reserve by, for the whole process. Without it nothing here has an effect. Before there
  // are other threads.
  static void Install();

  // Whether there is enough for what must not fail. Where there is not, the caller should begin
  // nothing of that kind.
  static bool Ready();

  // Gives address space for the stacks of threads back to the system, which was put by for that,
  // until the next call of Ready that finds some.
  static void ReleaseStacks();

  // What becomes of the calling thread's allocations when there is no memory, until the guard ends,
  // whatever a guard around it says.
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

  // They fail. So they do without a guard.
  struct MayFail : Guard {
    MayFail() : Guard(Rule::kMayFail) {}
  };

  // They take of the reserve. For a thread, in which what may fail says so itself.
  struct MustNotFail : Guard {
    MustNotFail() : Guard(Rule::kMustNotFail) {}
  };

  enum class Use { kAny, kGrowth };

  // They take of the reserve, and there is enough: the constructor throws std::bad_alloc if there
  // is not. What is there to store more (kGrowth) may not use up the last of it, without which
  // nothing could be deleted. Scopes within one another are one.
  struct Scope : Guard {
    explicit Scope(Use use = Use::kAny) : Guard(Begin(use)) {}

   private:
    static Rule Begin(Use use);
  };
};

}  // namespace weir
