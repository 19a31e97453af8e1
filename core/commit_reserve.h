// SPDX-License-Identifier: Apache-2.0
// CommitReserve: memory for what must not fail half-way.
//
// A request that cannot have the memory it needs fails by std::bad_alloc, wherever that happens,
// and leaves everything as it was. That is easily said of what only looks or computes. A change of
// several trees, lists and counts that belong together is another matter: it is made within a
// Scope, which begins only when there is memory kept for it, and within which an allocation that
// fails is tried again with that.
#pragma once

#include <cstddef>

namespace weir {

class CommitReserve {
 public:
  // What the changes of one scope may take: a transaction on tables with many indexes, all of whose
  // nodes a snapshot shares, needs the most.
  static constexpr std::size_t kBytes = std::size_t{32} << 20U;

  // Puts the reserve by, for the whole process. Without it a Scope does nothing.
  static void Install();

  // Gives the reserve back to the system, for what else must not fail; the next Scope puts one by.
  static void Release();

  class Scope {
   public:
    // Throws std::bad_alloc if there is no reserve and none to be had.
    Scope();
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };
};

}  // namespace weir
