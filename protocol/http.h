// SPDX-License-Identifier: Apache-2.0
// An HTTP exchange as the protocol sees it: no sockets, no Beast.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api_error.h"

namespace weir::protocol {

// Views into one request; valid until its answer is made.
class HttpRequest {
 public:
  virtual ~HttpRequest() = default;
  [[nodiscard]] virtual std::string_view method() const = 0;  // "POST"
  [[nodiscard]] virtual std::string_view target() const = 0;  // path and query, e.g. "/?a=b"
  [[nodiscard]] virtual std::string_view body() const = 0;    // after transfer coding
  // The first header with that name, in any case; empty if it is missing.
  [[nodiscard]] virtual std::string_view header(std::string_view name) const = 0;

  // "/_weir/health" of the target "/_weir/health?x=y".
  [[nodiscard]] std::string_view path() const { return target().substr(0, target().find('?')); }
  // "x=y" of the target "/_weir/health?x=y"; empty if there is no query.
  [[nodiscard]] std::string_view query() const {
    const std::size_t question = target().find('?');
    return question == std::string_view::npos ? std::string_view() : target().substr(question + 1);
  }
};

// `application/json` of the Content-Type `application/json; charset=utf-8`.
std::string_view MediaType(std::string_view content_type);

// What the session sends back. It adds the framing (Content-Length, Date, Connection, Server) and
// `x-amz-crc32` over `body`.
struct HttpResponse {
  unsigned status = 200;
  std::string_view content_type = "application/x-amz-json-1.0";   // static storage
  std::string request_id;                                         // x-amzn-RequestId
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in static storage
  std::string body;
  bool closes = false;  // the connection ends with this answer
  // Set if the answer takes longer than the connection's thread may spend; all other members are
  // then ignored. The session calls `later` once; it starts the work and returns. `done` must be
  // called once with the answer, on any thread. If the client leaves before that, the session calls
  // the returned Cancel, unless it is empty: the work may then stop, without calling `done`.
  using Done = std::function<void(HttpResponse)>;
  using Cancel = std::function<void()>;
  std::function<Cancel(Done done)> later;
};

// Each call answers one request; several threads call at once. Throws for no input. If it throws
// after all, the session answers 500.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  virtual void Handle(const HttpRequest& request, HttpResponse& response) = 0;
  // Makes `response` an error, in the form in which clients expect it: by default
  // `{"__type":"…","message":"…"}`. The session uses it for requests that it cannot carry out.
  virtual void WriteError(const ApiError& error, HttpResponse& response);
  // Called when the server is about to end. Answers that wait for something must be made now.
  virtual void Drain() {}
};

}  // namespace weir::protocol
