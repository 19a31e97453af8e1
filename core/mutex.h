// SPDX-License-Identifier: Apache-2.0
// Mutexes that clang's thread safety analysis understands (the standard ones carry no attributes).
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

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
  // For std::condition_variable, by code that holds the lock.
  std::mutex& native() { return mutex_; }

 private:
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
