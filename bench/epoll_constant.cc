// SPDX-License-Identifier: Apache-2.0
// The lower floor of bench/compare: a bare epoll loop on one thread that reads requests with a
// Content-Length and answers each with one constant, in one write. Its cost is the kernel's cost:
// no server that speaks HTTP over TCP can cost less on the same machine.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

// The answer that bench/beast_constant.cc gives, too.
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: Weir\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    "Content-Type: application/x-amz-json-1.0\r\n"
    "x-amzn-RequestId: 0000000000000000000000000PVV4KQNSO5AEMVJF66Q9ASUAAJG\r\n"
    "x-amz-crc32: 883897029\r\nContent-Length: 153\r\n\r\n"
    R"({"Item":{"pk":{"S":"key-000000000017"},"name":{"S":"a name of some length"},)"
    R"("count":{"N":"12345"},"active":{"BOOL":true},"note":{"S":"nothing in here"}}})";

constexpr std::size_t kChunk = std::size_t{64} * 1024;
// Far more than the loads' largest BatchWriteItem. A client that sends more is disconnected.
constexpr std::size_t kLongestRequest = std::size_t{4} * 1024 * 1024;

// The value of Content-Length in `head`, written as all clients of the benchmarks write it; 0 if it
// is missing.
std::size_t ContentLength(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  }
  return length;
}

// The length of the request that `input` begins with; nullopt if the request is incomplete.
std::optional<std::size_t> RequestLength(std::string_view input) {
  constexpr std::string_view kEndOfHead = "\r\n\r\n";
  const std::size_t end = input.find(kEndOfHead);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t length = end + kEndOfHead.size() + ContentLength(input.substr(0, end + 2));
  return length <= input.size() ? std::optional(length) : std::nullopt;
}

// Reads once from `socket` and answers the complete requests. `input` keeps the bytes of the next
// request. Returns false when the connection has ended.
bool ServeSocket(int socket, std::string& input) {
  static thread_local std::array<char, kChunk> chunk;
  const ssize_t received = recv(socket, chunk.data(), chunk.size(), 0);
  if (received <= 0) {
    return received < 0 && (errno == EAGAIN || errno == EINTR);
  }
  input.append(chunk.data(), static_cast<std::size_t>(received));
  while (const std::optional<std::size_t> length = RequestLength(input)) {
    input.erase(0, *length);
    if (send(socket, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(kAnswer.size())) {
      return false;
    }
  }
  return input.size() <= kLongestRequest;
}

bool Watch(int poller, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  return epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) == 0;
}

// Returns a listening socket on a free port of 127.0.0.1, and prints the port as Weir does. -1 on
// failure.
int Listen() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, generic, size) != 0 || listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    return -1;
  }
  std::printf("epoll ready on http://127.0.0.1:%d\n", int{ntohs(address.sin_port)});
  std::fflush(stdout);
  return listener;
}

void Accept(int poller, int listener, std::unordered_map<int, std::string>& inputs) {
  const int socket = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  if (socket < 0) {
    return;
  }
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (Watch(poller, socket)) {
    inputs[socket].clear();
  } else {
    close(socket);
  }
}

// Serves until the process is killed; returns only on failure.
int Serve() {
  const int listener = Listen();
  const int poller = epoll_create1(0);
  if (listener < 0 || poller < 0 || !Watch(poller, listener)) {
    std::perror("epoll_constant");
    return EXIT_FAILURE;
  }
  std::unordered_map<int, std::string> inputs;
  std::array<epoll_event, 256> events;
  while (true) {
    const int count = epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    if (count < 0 && errno != EINTR) {
      std::perror("epoll_wait");
      return EXIT_FAILURE;
    }
    for (int index = 0; index < count; ++index) {
      const int ready = events[static_cast<std::size_t>(index)].data.fd;
      if (ready == listener) {
        Accept(poller, listener, inputs);
      } else if (!ServeSocket(ready, inputs[ready])) {
        inputs.erase(ready);
        close(ready);
      }
    }
  }
}

}  // namespace

int main() {
  return Serve();
}
