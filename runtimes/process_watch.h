// SPDX-License-Identifier: Apache-2.0
// ProcessWatch: looks how much memory the programs of functions take, and how many threads they
// have, with all that they have started.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>

#include "core/mutex.h"

namespace weir::runtimes {

// One thread looks at all programs at once; it sleeps while there are none. A look is one pass over
// the system's processes, however many programs are watched. What processes share counts for each
// of them, as the system does not say otherwise at a bearable cost. Sees nothing on systems that do
// not tell (core/system.h). Thread-safe.
class ProcessWatch {
 public:
  // How long after a look the next one comes, if a program is busy, and if none is.
  static constexpr std::chrono::milliseconds kInterval{100};
  static constexpr std::chrono::milliseconds kIdleInterval{1000};

  struct Use {
    std::uint64_t memory = 0;   // resident, in bytes
    std::uint64_t threads = 0;  // of which each process has at least one
  };
  using Exceeded = std::function<void(const Use&)>;

  ProcessWatch();
  ~ProcessWatch();
  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;

  // Watches `program`, which a keeper (runtimes/keeper.h) starts, with all that the keeper
  // will end with it. Calls `exceeded` on the watch's thread at each look that finds more than
  // `limit`.
  void Add(int program, const Use& limit, Exceeded exceeded);
  // The program is busy from now on. Does nothing if it is already, or is not watched.
  void Begin(int program);
  // It is idle again. Returns the most memory that was seen since Begin; 0 if nothing was.
  std::uint64_t End(int program);
  // Ends the watch of it. `exceeded` may still be under way.
  void Remove(int program);

 private:
  using Clock = std::chrono::steady_clock;
  struct Watched {
    Use limit;
    Exceeded exceeded;
    bool busy = false;
    std::uint64_t most = 0;  // since it is busy
  };
  void Run();
  void Look();
  // Has the next look be then, or earlier.
  void LookBy(Clock::time_point time) WEIR_REQUIRES(mutex_);

  Mutex mutex_;
  ConditionVariable changed_;
  std::map<int, Watched> watched_ WEIR_GUARDED_BY(mutex_);
  Clock::time_point next_look_ WEIR_GUARDED_BY(mutex_) = Clock::time_point::max();
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all members above
};

}  // namespace weir::runtimes
