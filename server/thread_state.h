// SPDX-License-Identifier: Apache-2.0
// What each thread that serves connections has for itself.
#pragma once

#include <atomic>
#include <cstdint>

#include "server/request_id.h"
#include "server/response_writer.h"

namespace weir::server {

struct ThreadState {
  RequestIdSource request_ids{};
  DateHeader date{};
  // Odd while a request is carried out; changed by nobody but the thread itself.
  std::atomic<std::uint64_t> progress{0};

  // That of the calling thread, which must be one that serves connections.
  static ThreadState& Current() { return *Pointer(); }
  // Makes it the calling thread's.
  void Enter() { Pointer() = this; }

 private:
  static ThreadState*& Pointer() {
    static thread_local ThreadState* current = nullptr;
    return current;
  }
};

}  // namespace weir::server
