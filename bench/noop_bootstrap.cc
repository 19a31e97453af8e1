// SPDX-License-Identifier: Apache-2.0
// A custom runtime that answers each invocation with null and does nothing else: what
// bench/triggers.py measures deliveries with. It speaks just enough HTTP for the Runtime API of a
// server beside it.
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

int Connect(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  addrinfo* found = nullptr;
  if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), nullptr,
                  &found) != 0) {
    return -1;
  }
  const int file = socket(found->ai_family, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const bool connected = connect(file, found->ai_addr, found->ai_addrlen) == 0;
  freeaddrinfo(found);
  return connected ? file : -1;
}

// The value of a header, whose name is given in lower case, in a head.
std::string HeaderOf(const std::string& head, std::string_view name) {
  std::string lower = head;
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const std::size_t at = lower.find("\r\n" + std::string(name) + ":");
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

class Api {
 public:
  explicit Api(int file) : file_(file) {}

  // Sends a request and reads the whole answer; returns its head.
  std::string Call(const std::string& request) {
    if (write(file_, request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
      std::exit(1);
    }
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      Read();
    }
    std::string head = buffer_.substr(0, end + 2);
    const std::size_t whole =
        end + 4 + std::strtoul(HeaderOf(head, "content-length").c_str(), nullptr, 10);
    while (buffer_.size() < whole) {
      Read();
    }
    buffer_.erase(0, whole);
    return head;
  }

 private:
  void Read() {
    char bytes[1 << 16];
    const ssize_t size = read(file_, bytes, sizeof bytes);
    if (size <= 0) {
      std::exit(0);
    }
    buffer_.append(bytes, static_cast<std::size_t>(size));
  }

  const int file_;
  std::string buffer_;
};

}  // namespace

int main() {
  const char* const address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  const int file = address == nullptr ? -1 : Connect(address);
  if (file < 0) {
    return 1;
  }
  const std::string base = "/2018-06-01/runtime/invocation/";
  const std::string host = std::string(" HTTP/1.1\r\nHost: ") + address + "\r\n";
  Api api(file);
  while (true) {
    const std::string head = api.Call("GET " + base + "next" + host + "\r\n");
    const std::string id = HeaderOf(head, "lambda-runtime-aws-request-id");
    api.Call("POST " + base + id + "/response" + host + "Content-Length: 4\r\n\r\nnull");
  }
}
