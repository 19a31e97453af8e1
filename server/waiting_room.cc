// SPDX-License-Identifier: Apache-2.0
#include "server/waiting_room.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "control/control_path.h"
#include "core/api_error.h"
#include "server/request_id.h"
#include "server/response_writer.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;

// How long the connection of a health check may stay. It is meant for one request.
constexpr std::chrono::seconds kDeskTimeout{5};

constexpr std::size_t kPeekedBytes = 64;
// How often to look for the rest of what may become a health check. It comes in one piece, mostly.
constexpr std::chrono::milliseconds kNextLook{50};
// How many health checks may be answered at a time.
constexpr std::size_t kMostProbes = 64;

// The next bytes of a socket, which stay unread, in `buffer`. Empty if none have come yet; nullopt
// if the connection has ended.
std::optional<std::string_view> Peek(Socket& socket, std::array<char, kPeekedBytes>& buffer) {
  const ssize_t size =
      recv(socket.native_handle(), buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return std::string_view();
  }
  return size <= 0 ? std::nullopt
                   : std::optional(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
}

constexpr std::array<std::string_view, 2> kProbes = {"GET /_weir/health", "HEAD /_weir/health"};

// The text after the empty lines that may stand before a request (RFC 9112 §2.2).
std::string_view WithoutEmptyLines(std::string_view start) {
  return start.substr(std::min(start.find_first_not_of("\r\n"), start.size()));
}

bool IsHealthCheck(std::string_view start) {
  start = WithoutEmptyLines(start);
  return std::any_of(kProbes.begin(), kProbes.end(), [start](std::string_view probe) {
    // With a query it may be one that takes longer, which a worker answers.
    return start.starts_with(probe) && start.size() > probe.size() && start[probe.size()] == ' ';
  });
}

// Whether too little has come to say whether it is a health check.
bool MayBecomeHealthCheck(std::string_view start) {
  if (start.size() >= kPeekedBytes) {
    return false;
  }
  start = WithoutEmptyLines(start);
  return std::any_of(kProbes.begin(), kProbes.end(), [start](std::string_view probe) {
    return start.size() <= probe.size() && probe.starts_with(start);
  });
}

// The whole answer, with its head, to a request that there is no place for.
std::string Overload(protocol::RequestHandler& handler) {
  protocol::HttpResponse response;
  handler.WriteError(MakeError(ErrorCode::kServiceUnavailable,
                               "More clients want a connection than --max-connections lets in"),
                     response);
  RequestIdSource().Append(response.request_id);
  DateHeader date;
  std::string answer;
  AppendHead(answer, response, {.keep_alive = false}, date.Now());
  return answer + response.body;
}

}  // namespace

class WaitingRoom::HealthDesk final : public protocol::RequestHandler {
 public:
  explicit HealthDesk(const SessionEnvironment& environment)
      : options_(environment.options),
        next_(environment.handler),
        environment_{options_, *this, environment.bodies, environment.watch},
        worker_(environment_, [] {}) {
    options_.idle_timeout = kDeskTimeout;
    options_.read_timeout = kDeskTimeout;
    options_.write_timeout = kDeskTimeout;
    worker_.Start();
  }

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    if (request.target() == control::kHealthPath) {
      next_.Handle(request, response);
      response.closes = true;  // others need the place
    } else {                   // a further request of the same connection
      next_.WriteError(
          MakeError(ErrorCode::kServiceUnavailable, "This connection is for health checks"),
          response);
    }
  }

  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }

  // Whether there is no room for one more.
  [[nodiscard]] bool full() const { return worker_.load() >= kMostProbes; }
  void Adopt(Socket socket) { worker_.Adopt(MoveTo(worker_.executor(), std::move(socket))); }

 private:
  ServerOptions options_;
  protocol::RequestHandler& next_;
  SessionEnvironment environment_;
  Worker worker_;
};

WaitingRoom::WaitingRoom(const SessionEnvironment& environment, std::function<void()> on_request)
    : environment_(environment), on_request_(std::move(on_request)) {}

WaitingRoom::~WaitingRoom() = default;

void WaitingRoom::Enter(Socket socket) {
  if (guests_.size() >= places_) {
    SendAway(guests_.begin());
  }
  AwaitInput(guests_.emplace_back(Guest{.socket = std::move(socket), .number = ++latest_}));
}

void WaitingRoom::AwaitInput(Guest& guest) {
  guest.socket.async_wait(Socket::wait_read,
                          [this, number = guest.number](const boost::system::error_code& error) {
                            if (!error) {
                              OnReadable(number);
                            }
                          });
}

void WaitingRoom::AwaitMore(Guest& guest) {
  // Not by wait_read: as the bytes that came stay unread, that would be done at once, for ever.
  guest.next_look.emplace(guest.socket.get_executor(), kNextLook);
  guest.next_look->async_wait(
      [this, number = guest.number](const boost::system::error_code& error) {
        if (!error) {
          OnReadable(number);
        }
      });
}

void WaitingRoom::OnReadable(std::uint64_t number) {
  const auto guest = std::find_if(guests_.begin(), guests_.end(),
                                  [&](const Guest& one) { return one.number == number; });
  if (guest == guests_.end()) {
    return;
  }
  std::array<char, kPeekedBytes> buffer{};
  const std::optional<std::string_view> start = Peek(guest->socket, buffer);
  if (!start.has_value()) {
    guests_.erase(guest);
    return;
  }
  if (MayBecomeHealthCheck(*start)) {
    start->empty() ? AwaitInput(*guest) : AwaitMore(*guest);
    return;
  }
  guest->asked = true;
  if (!IsHealthCheck(*start)) {
    on_request_();
    return;
  }
  if (desk_ == nullptr) {
    desk_ = std::make_unique<HealthDesk>(environment_);
  }
  if (desk_->full()) {
    SendAway(guest);
    return;
  }
  desk_->Adopt(std::move(guest->socket));
  guests_.erase(guest);
}

std::optional<Socket> WaitingRoom::TakeNext(bool silent) {
  const auto asked =
      std::find_if(guests_.begin(), guests_.end(), [](const Guest& one) { return one.asked; });
  const auto next = asked == guests_.end() && silent ? guests_.begin() : asked;
  if (next == guests_.end()) {
    return std::nullopt;
  }
  Socket socket = std::move(next->socket);
  guests_.erase(next);
  return socket;
}

void WaitingRoom::SendAway(Guests::iterator guest) {
  if (guest->asked) {
    boost::system::error_code ignored;
    // Reads first: unread bytes would make the kernel send a reset, which can destroy the answer.
    std::array<char, 4096> sent{};
    guest->socket.read_some(asio::buffer(sent), ignored);
    guest->socket.write_some(asio::buffer(Overload(environment_.handler)), ignored);
    guest->socket.shutdown(Socket::shutdown_send, ignored);
  }
  guests_.erase(guest);
}

}  // namespace weir::server
