// SPDX-License-Identifier: Apache-2.0
// MemoryWatch: looks how much memory programs and what they have started take, while it is asked
// to.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>

#include "core/mutex.h"

namespace weir::runtimes {

// One thread looks at all of them every kInterval; it sleeps while there are none. What processes
// share counts for each of them, as the system does not say otherwise at a bearable cost. Sees
// nothing on systems that do not tell (core/system.h). Thread-safe.
class MemoryWatch {
 public:
  static constexpr std::chrono::milliseconds kInterval{100};

  MemoryWatch();
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  // Watches `program` and all that descends from it. Calls `exceeded` on the watch's thread at each
  // look that finds more than `limit` bytes.
  void Add(int program, std::uint64_t limit, std::function<void()> exceeded);
  // Ends it, and returns the most that was seen, in bytes; 0 if nothing was. `exceeded` may still
  // be under way.
  std::uint64_t Remove(int program);

 private:
  struct Watched {
    std::uint64_t limit = 0;
    std::uint64_t most = 0;
    std::function<void()> exceeded;
  };
  void Run();
  void Look();

  Mutex mutex_;
  ConditionVariable changed_;
  std::map<int, Watched> watched_ WEIR_GUARDED_BY(mutex_);
  bool sleeping_ WEIR_GUARDED_BY(mutex_) = false;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all members above
};

}  // namespace weir::runtimes
