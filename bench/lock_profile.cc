// SPDX-License-Identifier: Apache-2.0
// Counts how often Weir's locks are taken, measures the time they cost, and prints both to stderr
// when the process ends.
//
// Linked into a special build of Weir (weir_locks), where ld's --wrap redirects all calls of
// pthread_mutex_*, pthread_rwlock_* and pthread_cond_* to here; the binary is static, so no call
// escapes. A lock is identified by the place in the code that takes it. Each thread counts for
// itself, so counting makes no thread wait for another. The output has one line per place and kind
// of lock:
//
//   lock ADDRESS KIND TAKEN WAITED WAIT HELD     (WAIT and HELD in nanoseconds)
//
// The line before them, `lock_profile ADDRESS`, has the address of the symbol lock_profile in
// memory. With its address in the file it gives the offset of all the others.
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// NOLINTBEGIN(bugprone-reserved-identifier): the names that ld's --wrap gives
extern "C" {
int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t* mutex);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_unlock(pthread_rwlock_t* lock);
int __real_pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int __real_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                  clockid_t clock, const timespec* until);
void lock_profile();
}

namespace {

enum class Kind : std::uint8_t { kMutex, kShared, kExclusive };
constexpr const char* kKindNames[] = {"mutex", "shared", "exclusive"};

std::int64_t Now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

// A place in the code that takes locks of one kind, and what they cost.
struct Site {
  std::uintptr_t address = 0;
  Kind kind = Kind::kMutex;
  std::uint64_t taken = 0;
  std::uint64_t waited = 0;
  std::int64_t wait = 0;
  std::int64_t held = 0;

  void Add(const Site& other) {
    taken += other.taken;
    waited += other.waited;
    wait += other.wait;
    held += other.held;
  }
};

// A fixed hash table: Weir takes locks in some dozens of places.
class Sites {
 public:
  Site& At(std::uintptr_t address, Kind kind) {
    std::size_t index = (address + static_cast<std::size_t>(kind)) * 0x9E3779B97F4A7C15U % kSize;
    for (std::size_t seen = 0; sites_[index].address != 0; ++seen) {
      if (sites_[index].address == address && sites_[index].kind == kind) {
        return sites_[index];
      }
      if (seen == kSize) {
        std::abort();  // the table is full
      }
      index = (index + 1) % kSize;
    }
    sites_[index].address = address;
    sites_[index].kind = kind;
    return sites_[index];
  }
  auto begin() const { return sites_.begin(); }
  auto end() const { return sites_.end(); }

 private:
  static constexpr std::size_t kSize = 1021;
  std::array<Site, kSize> sites_{};
};

// The counts of one thread. Never freed, since the output needs those of ended threads, too.
struct Thread {
  struct Held {
    const void* lock = nullptr;
    Site* site = nullptr;
    std::int64_t since = 0;
  };

  void Begin(const void* lock, Site& site) {
    if (depth < stack.size()) {
      stack[depth++] = {lock, &site, Now()};
    }
  }
  // Notes that `lock` is released. Returns the site that took it; nullptr if that was not recorded
  // because the thread held too many other locks.
  Site* End(const void* lock) {
    for (std::size_t i = depth; i-- > 0;) {
      if (stack[i].lock == lock) {
        const Held held = stack[i];
        std::copy(stack.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  stack.begin() + static_cast<std::ptrdiff_t>(depth),
                  stack.begin() + static_cast<std::ptrdiff_t>(i));
        --depth;
        const std::int64_t time = Now() - held.since;
        held.site->held += time;
        return held.site;
      }
    }
    return nullptr;
  }

  Sites sites;
  std::array<Held, 64> stack{};
  std::size_t depth = 0;
  Thread* next = nullptr;
};

std::atomic<Thread*> threads{nullptr};

Thread& Mine() {
  thread_local Thread* const mine = [] {
    auto* thread = new Thread;
    thread->next = threads.load();
    while (!threads.compare_exchange_weak(thread->next, thread)) {
    }
    return thread;
  }();
  return *mine;
}

template <class Lock>
int Take(Lock* lock, Kind kind, void* caller, int (*try_lock)(Lock*), int (*real_lock)(Lock*)) {
  Thread& mine = Mine();
  Site& site = mine.sites.At(reinterpret_cast<std::uintptr_t>(caller), kind);
  ++site.taken;
  if (try_lock(lock) != 0) {
    const std::int64_t began = Now();
    if (const int error = real_lock(lock); error != 0) {
      return error;
    }
    const std::int64_t time = Now() - began;
    ++site.waited;
    site.wait += time;
  }
  mine.Begin(lock, site);
  return 0;
}

// A thread that waits for a condition does not hold the mutex, so that time does not count.
template <class Wait>
int WaitWithout(pthread_mutex_t* mutex, Wait wait) {
  Thread& mine = Mine();
  Site* const site = mine.End(mutex);
  const int result = wait();
  if (site != nullptr) {
    mine.Begin(mutex, *site);
  }
  return result;
}

}  // namespace

extern "C" {

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  return Take(mutex, Kind::kMutex, __builtin_return_address(0), pthread_mutex_trylock,
              __real_pthread_mutex_lock);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  Mine().End(mutex);
  return __real_pthread_mutex_unlock(mutex);
}

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  return Take(lock, Kind::kShared, __builtin_return_address(0), pthread_rwlock_tryrdlock,
              __real_pthread_rwlock_rdlock);
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  return Take(lock, Kind::kExclusive, __builtin_return_address(0), pthread_rwlock_trywrlock,
              __real_pthread_rwlock_wrlock);
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  Mine().End(lock);
  return __real_pthread_rwlock_unlock(lock);
}

int __wrap_pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return WaitWithout(mutex, [&] { return __real_pthread_cond_wait(condition, mutex); });
}

int __wrap_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                  clockid_t clock, const timespec* until) {
  return WaitWithout(mutex,
                     [&] { return __real_pthread_cond_clockwait(condition, mutex, clock, until); });
}

// Runs when all of Weir's threads have ended.
__attribute__((destructor)) void lock_profile() {
  auto* all = new Sites;
  for (const Thread* thread = threads.load(); thread != nullptr; thread = thread->next) {
    for (const Site& site : thread->sites) {
      if (site.taken > 0) {
        all->At(site.address, site.kind).Add(site);
      }
    }
  }
  std::fprintf(stderr, "lock_profile %zx\n", reinterpret_cast<std::uintptr_t>(&lock_profile));
  for (const Site& site : *all) {
    if (site.taken > 0) {
      std::fprintf(stderr, "lock %zx %s %ju %ju %jd %jd\n", site.address,
                   kKindNames[static_cast<std::size_t>(site.kind)], site.taken, site.waited,
                   site.wait, site.held);
    }
  }
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
