// SPDX-License-Identifier: Apache-2.0
// Mutexes that clang's thread safety analysis understands (the standard ones carry no attributes).
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define WEIR_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define WEIR_THREAD_ATTRIBUTE(x)
#endif

#define WEIR_CAPABILITY(name) WEIR_THREAD_ATTRIBUTE(capability(name))
#define WEIR_SCOPED_CAPABILITY WEIR_THREAD_ATTRIBUTE(scoped_lockable)
#define WEIR_GUARDED_BY(mutex) WEIR_THREAD_ATTRIBUTE(guarded_by(mutex))
#define WEIR_REQUIRES(...) WEIR_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define WEIR_REQUIRES_SHARED(...) WEIR_THREAD_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define WEIR_ACQUIRE(...) WEIR_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define WEIR_ACQUIRE_SHARED(...) WEIR_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define WEIR_RELEASE(...) WEIR_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define WEIR_EXCLUDES(...) WEIR_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define WEIR_NO_THREAD_SAFETY_ANALYSIS WEIR_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace weir {

class WEIR_CAPABILITY("mutex") Mutex {
 public:
  void Lock() WEIR_ACQUIRE() { mutex_.lock(); }
  void Unlock() WEIR_RELEASE() { mutex_.unlock(); }

 private:
  friend class ConditionVariable;
  std::mutex mutex_;
};

class WEIR_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) WEIR_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() WEIR_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// std::condition_variable for a Mutex, which is released during a wait and held again after it.
class ConditionVariable {
 public:
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

  void Wait(Mutex& mutex) WEIR_REQUIRES(mutex) {
    Lend(mutex, [this](auto& lock) { condition_.wait(lock); });
  }
  template <class Duration>
  void WaitFor(Mutex& mutex, Duration duration) WEIR_REQUIRES(mutex) {
    Lend(mutex, [&](auto& lock) { condition_.wait_for(lock, duration); });
  }
  template <class Time>
  void WaitUntil(Mutex& mutex, Time time) WEIR_REQUIRES(mutex) {
    Lend(mutex, [&](auto& lock) { condition_.wait_until(lock, time); });
  }

 private:
  // Lends the held mutex to a std::unique_lock, which `wait` needs, and takes it back.
  template <class Wait>
  static void Lend(Mutex& mutex, const Wait& wait) WEIR_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    wait(lock);
    lock.release();
  }

  std::condition_variable condition_;
};

class WEIR_CAPABILITY("shared mutex") SharedMutex {
 public:
  void Lock() WEIR_ACQUIRE() { mutex_.lock(); }
  void Unlock() WEIR_RELEASE() { mutex_.unlock(); }
  void LockShared() WEIR_ACQUIRE_SHARED() { mutex_.lock_shared(); }
  void UnlockShared() WEIR_RELEASE() { mutex_.unlock_shared(); }

 private:
  std::shared_mutex mutex_;
};

class WEIR_SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) WEIR_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~WriterLock() WEIR_RELEASE() { mutex_.Unlock(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class WEIR_SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) WEIR_ACQUIRE_SHARED(mutex) : mutex_(mutex) {
    mutex_.LockShared();
  }
  ~ReaderLock() WEIR_RELEASE() { mutex_.UnlockShared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  SharedMutex& mutex_;
};

}  // namespace weir
