// SPDX-License-Identifier: Apache-2.0
// WaitingRoom: the connections that the workers have no place for.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>

#include "server/session.h"
#include "server/worker.h"

namespace weir::server {

// At the cap on connections, and while workers are held up, new connections wait here, on the
// accepting thread. It looks at the first bytes of each without taking them. A health check is
// answered at once, by a thread that does nothing else, so that it waits for no other request. The
// other connections get places at the workers as those become free; connections that have sent
// something come first.
//
// When the room is full, the connection that has waited longest is closed. If it has sent
// something, it gets a 503, after which SDKs try again. Only the accepting thread may use the room.
class WaitingRoom {
 public:
  static constexpr std::size_t kPlaces = 256;

  // `environment` is that of the workers, and must outlive the room. `on_request` is called when a
  // connection has sent something that is not a health check.
  WaitingRoom(const SessionEnvironment& environment, std::function<void()> on_request);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // Changes the number of connections that may wait, at least 1.
  void SetPlaces(std::size_t places) { places_ = places; }

  // Adds a connection, whose socket must be on the accepting thread's context.
  void Enter(Socket socket);
  // Removes and returns the connection whose turn it is; nullopt if there is none. With `silent`,
  // it may be one that has sent nothing.
  std::optional<Socket> TakeNext(bool silent);
  [[nodiscard]] bool empty() const { return guests_.empty(); }
  // Closes all connections that wait.
  void Clear() { guests_.clear(); }

 private:
  struct Guest {
    Socket socket;
    std::uint64_t number = 0;
    bool asked = false;  // has sent something
    std::optional<boost::asio::steady_timer> next_look = std::nullopt;
  };
  using Guests = std::list<Guest>;  // in the order in which they came

  // Answers health checks only.
  class HealthDesk;

  // Calls OnReadable once the connection has sent something or has ended.
  void AwaitInput(Guest& guest);
  // Calls OnReadable after a moment, for a connection that has sent too little to judge.
  void AwaitMore(Guest& guest);
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
