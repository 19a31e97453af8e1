// SPDX-License-Identifier: Apache-2.0
// ThreadState: what each thread that serves connections has for itself.
#pragma once

#include <atomic>
#include <cstdint>

#include "server/request_id.h"
#include "server/response_writer.h"

namespace weir::server {

struct ThreadState {
  RequestIdSource request_ids{};
  DateHeader date{};
  // Odd while a request is carried out. Only the thread itself changes it.
  std::atomic<std::uint64_t> progress{0};

  // The state of the calling thread, which must have called Enter on one.
  static ThreadState& Current() { return *Pointer(); }
  // Makes this the state of the calling thread.
  void Enter() { Pointer() = this; }

 private:
  static ThreadState*& Pointer() {
    static thread_local ThreadState* current = nullptr;
    return current;
  }
};

}  // namespace weir::server
