// SPDX-License-Identifier: Apache-2.0
// PerThread: an object for each thread, in place of a thread_local one that has a destructor.
#pragma once

#include <pthread.h>

#include <memory>
#include <new>

namespace weir {

// The calling thread's T, which is made at the first call and destroyed when the thread ends.
// Throws std::bad_alloc if there is no memory for it. For a thread_local object with a destructor,
// glibc allocates a note of that destructor, and ends the process if there is no memory for the
// note.
template <class T>
T& PerThread() {
  static thread_local T* own = nullptr;
  if (own == nullptr) {
    static const pthread_key_t key = [] {
      pthread_key_t made{};
      if (::pthread_key_create(&made, [](void* object) { delete static_cast<T*>(object); }) != 0) {
        throw std::bad_alloc();
      }
      return made;
    }();
    auto made = std::make_unique<T>();
    if (::pthread_setspecific(key, made.get()) != 0) {
      throw std::bad_alloc();
    }
    own = made.release();
  }
  return *own;
}

}  // namespace weir
