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
  static ThreadState& Current() { return *current_; }
  // Makes it the calling thread's.
  void Enter() { current_ = this; }

 private:
  static inline thread_local ThreadState* current_ = nullptr;
};

}  // namespace weir::server
