// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/name_lookup.h"

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace weir::consumers {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
namespace ip = boost::asio::ip;

// How long the first of the name servers may take before the next one is asked.
constexpr int kServerMilliseconds = 500;

// How soon a look-up that is cancelled ends.
constexpr milliseconds kCancelInterval{100};

ip::address AddressIn(const sockaddr& address) {
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6(bytes, v6.sin6_scope_id);
  }
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return ip::address_v4(ntohl(v4.sin_addr.s_addr));
}

bool IsSet(const std::atomic<bool>* flag) {
  return flag != nullptr && *flag;
}

// One look-up. c-ares calls back while it is told that its sockets are ready, or when it is
// cancelled.
class Query {
 public:
  Query() {
    ares_options options{};
    options.timeout = kServerMilliseconds;
    options.tries = 2;
    status_ = ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  }
  ~Query() {
    if (channel_ != nullptr) {
      ares_destroy(channel_);
    }
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // `family`: AF_INET, AF_INET6, or AF_UNSPEC for both. Once.
  void Run(const std::string& name, int family, milliseconds timeout,
           const std::atomic<bool>* cancelled) {
    if (status_ != ARES_SUCCESS) {
      return;
    }
    ares_addrinfo_hints hints{};
    hints.ai_family = family;
    ares_getaddrinfo(
        channel_, name.c_str(), nullptr, &hints,
        [](void* query, int status, int /*timeouts*/, ares_addrinfo* found) {
          static_cast<Query*>(query)->Take(status, found);
        },
        this);
    const auto deadline = Clock::now() + timeout;
    while (!done_ && Clock::now() < deadline && !IsSet(cancelled)) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      AwaitSockets(cancelled == nullptr ? left : std::min(left, kCancelInterval));
    }
    ares_cancel(channel_);  // has it call back if it has not yet
  }

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::vector<ip::address>& addresses() { return addresses_; }

 private:
  void Take(int status, ares_addrinfo* found) {
    done_ = true;
    status_ = status;
    if (found != nullptr) {
      for (const ares_addrinfo_node* node = found->nodes; node != nullptr; node = node->ai_next) {
        addresses_.push_back(AddressIn(*node->ai_addr));
      }
      ares_freeaddrinfo(found);
    }
  }

  // Waits until a socket of the query is ready, or until it wants to give up one of its servers.
  void AwaitSockets(milliseconds at_most) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto wanted = static_cast<unsigned>(
        ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size())));
    std::vector<pollfd> polled;
    for (unsigned i = 0; i < sockets.size(); ++i) {
      const bool reads = ARES_GETSOCK_READABLE(wanted, i) != 0;
      const bool writes = ARES_GETSOCK_WRITABLE(wanted, i) != 0;
      if (reads || writes) {
        const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
        polled.push_back(
            {.fd = sockets.at(i), .events = static_cast<std::int16_t>(events), .revents = 0});
      }
    }
    timeval longest{.tv_sec = at_most.count() / 1000, .tv_usec = at_most.count() % 1000 * 1000};
    timeval next{};
    const timeval* const wait = ares_timeout(channel_, &longest, &next);
    poll(polled.data(), polled.size(),
         static_cast<int>(wait->tv_sec * 1000 + wait->tv_usec / 1000) + 1);
    for (const pollfd& socket : polled) {
      ares_process_fd(channel_, (socket.revents & ~POLLOUT) != 0 ? socket.fd : ARES_SOCKET_BAD,
                      (socket.revents & POLLOUT) != 0 ? socket.fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // for what has timed out
  }

  ares_channel channel_ = nullptr;
  int status_ = ARES_SUCCESS;
  bool done_ = false;
  std::vector<ip::address> addresses_;
};

}  // namespace

LookupResult LookUp(const std::string& name, milliseconds timeout,
                    const std::atomic<bool>* cancelled) {
  // By one thread, as the library asks for.
  [[maybe_unused]] static const int initialized = ares_library_init(ARES_LIB_INIT_ALL);
  const auto deadline = Clock::now() + timeout;
  int status = ARES_SUCCESS;
  // A name server whose answer for IPv6 is wrong may have a right one for IPv4.
  for (const int family : {AF_UNSPEC, AF_INET}) {
    Query query;
    query.Run(name, family, std::chrono::ceil<milliseconds>(deadline - Clock::now()), cancelled);
    if (query.status() == ARES_SUCCESS && !query.addresses().empty()) {
      return std::move(query.addresses());
    }
    status = query.status();
    if (status == ARES_ENOTFOUND || Clock::now() >= deadline || IsSet(cancelled)) {
      break;
    }
  }
  if (status == ARES_ECANCELLED) {
    return LookupError{"no name server has answered in time"};
  }
  return LookupError{status == ARES_SUCCESS ? "it has no address" : ares_strerror(status)};
}

}  // namespace weir::consumers
