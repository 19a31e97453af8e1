// SPDX-License-Identifier: Apache-2.0
// WaitingRoom: the connections that there is no place for at the workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>

#include "server/session.h"
#include "server/worker.h"

namespace weir::server {

// At the cap on connections, and while all workers are blocked, further ones wait here, on the
// accepting thread, which looks at the first bytes of each without taking them: a health check is
// answered at once, by a thread that does nothing else, so that it waits behind nobody. The others
// get a place as one becomes free, those first that have asked for something.
//
// When the room is full the one that has waited longest has to go: with a 503, which SDKs try
// again, if it has asked for something. For the accepting thread alone.
class WaitingRoom {
 public:
  static constexpr std::size_t kPlaces = 256;

  // `environment` as for workers. `on_request` is called when somebody has asked for something that
  // is no health check.
  WaitingRoom(const SessionEnvironment& environment, std::function<void()> on_request);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // There are files for no more than so many. At least 1.
  void SetPlaces(std::size_t places) { places_ = places; }

  // `socket` is on the accepting thread's context.
  void Enter(Socket socket);
  // Takes out the one whose turn it is, if there is one; `silent`: also one that has sent nothing.
  std::optional<Socket> TakeNext(bool silent);
  [[nodiscard]] bool empty() const { return guests_.empty(); }
  // Sends everybody away.
  void Clear() { guests_.clear(); }

 private:
  struct Guest {
    Socket socket;
    std::uint64_t number = 0;
    bool asked = false;  // has sent something
  };
  using Guests = std::list<Guest>;  // in the order in which they came

  // Answers nothing but health checks.
  class HealthDesk;

  void AwaitInput(Guest& guest);
  void OnReadable(std::uint64_t number);
  void SendAway(Guests::iterator guest);

  const SessionEnvironment& environment_;
  const std::function<void()> on_request_;
  std::size_t places_ = kPlaces;
  Guests guests_;
  std::uint64_t latest_ = 0;
  std::unique_ptr<HealthDesk> desk_;  // from the first health check on
};

}  // namespace weir::server
