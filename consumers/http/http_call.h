// SPDX-License-Identifier: Apache-2.0
// An HTTP request that Weir makes, and what comes of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "consumers/http/http_header.h"
#include "consumers/http/sigv4.h"
#include "core/result.h"

namespace weir::consumers {

// How long a call may take, on real time, from when it leaves the client's queue.
struct HttpTimeouts {
  // To look the name up, to connect and to agree on TLS.
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds total{30'000};
};

// How much of an answer is read.
struct HttpReplyLimits {
  std::uint32_t head = 64 * 1024;  // bytes of status line and headers
  std::uint64_t body = std::uint64_t{8} << 20U;
};

struct HttpCall {
  std::string method = "GET";
  std::string url;  // http or https
  // Without those that the client writes itself: Host, Content-Length, Connection,
  // Transfer-Encoding, Expect, Upgrade, and those of the signature.
  HttpHeaders headers;
  std::string body;
  HttpTimeouts timeouts;
  HttpReplyLimits limits;
  // Whether it does no harm if the server gets the request twice. GET, HEAD, OPTIONS, PUT and
  // DELETE never do: https://www.rfc-editor.org/rfc/rfc9110#name-idempotent-methods
  bool repeatable = false;
  std::optional<SigningKey> signing_key;
};

struct HttpReply {
  unsigned status = 0;
  HttpHeaders headers;  // as they came
  std::string body;

  // The value of the first header of that name, in whatever case; nullptr if there is none.
  [[nodiscard]] const std::string* Header(std::string_view name) const;
};

// Why there is no answer.
struct HttpFault {
  enum class Kind : std::uint8_t {
    kBadCall,         // the URL, the method or a header is not one that can be sent
    kOverloaded,      // too many calls wait already, or there is no memory for another one
    kUnknownName,     // the host name has no address, or no name server answers
    kRefusedAddress,  // the host has only addresses that Weir never connects to
    kCannotConnect,
    kTlsRefused,  // the server's certificate is not trusted, or there is no agreement on TLS
    kTimedOut,
    kTooLarge,   // the answer is larger than the call's limits
    kBadAnswer,  // the answer is not HTTP
    kCutOff,     // the connection broke
    kStopping,   // the client stops
  };
  Kind kind;
  std::string text;   // a sentence for people, without a full stop
  bool sent = false;  // whether the server may have got the request, or a part of it
};

using HttpResult = Result<HttpReply, HttpFault>;

// Whether the method is one that may be sent again: see HttpCall::repeatable.
[[nodiscard]] bool IsIdempotent(std::string_view method);

// Checks the method and the headers: nothing in them can end a line of the request.
[[nodiscard]] Result<void, HttpFault> CheckCall(const HttpCall& call);

}  // namespace weir::consumers
