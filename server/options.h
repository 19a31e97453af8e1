// SPDX-License-Identifier: Apache-2.0
// How the server listens, and what its connections may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/limits.h"

namespace weir::server {

// DynamoDB refuses a body of more than 16 MiB with 413, and a head (request line and headers
// together) of more than 16 KiB with 400.
inline constexpr std::size_t kMaxHeadBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxBodyBytes = limits::kRequestBodySize;

// The code of a function comes in the body of a request: 50 MB, which base64 makes a third longer,
// beside a few kilobytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::string_view kUploadPath = "/2015-03-31/functions";
inline constexpr std::size_t kMaxUploadBytes = std::size_t{70} << 20U;

// DynamoDB Local's port, which example code and tools expect.
inline constexpr std::uint16_t kDefaultPort = 8000;

struct ServerOptions {
  std::uint16_t port = kDefaultPort;  // 0: the kernel picks one
  // Numeric addresses. Empty: 127.0.0.1 and, where the machine has IPv6, ::1.
  std::vector<std::string> bind;
  unsigned threads = 1;  // each serves a share of the connections
  std::string log_level = "info";
  std::size_t max_connections = 1024;
  std::chrono::seconds idle_timeout{300};  // between two requests
  std::chrono::seconds read_timeout{30};   // from a request's first byte to its last
  std::chrono::seconds write_timeout{30};  // without the client taking a byte of an answer
  std::chrono::seconds drain_timeout{5};   // from SIGTERM or SIGINT to the end of the process
  bool exit_with_stdin = false;            // the end of standard input is like SIGTERM
  // Bytes that the bodies of all requests and answers under way may take.
  std::size_t max_body_memory = std::size_t{512} << 20U;
  // Called with the port, once it is known and before any request is read. May be empty.
  std::function<void(std::uint16_t port)> listening;
  // Returns what is printed after the ready line, for the port that is served. May be empty.
  std::function<std::string(std::uint16_t port)> banner;
};

}  // namespace weir::server
