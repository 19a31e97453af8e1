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
  // The first header of that name (any case); empty when absent.
  [[nodiscard]] virtual std::string_view header(std::string_view name) const = 0;

  // "/_weir/health" of the target "/_weir/health?x=y".
  [[nodiscard]] std::string_view path() const { return target().substr(0, target().find('?')); }
  // "x=y" of that target; empty where there is none.
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
  // Set for an answer that takes longer than the connection's thread should: then nothing else of
  // the response counts. It is called once, hands the work on, and `done` is called once with the
  // answer, on any thread. What it returns, if anything, is called when the client leaves before
  // that: the work may end then, and `done` is of no more use.
  using Done = std::function<void(HttpResponse)>;
  using Cancel = std::function<void()>;
  std::function<Cancel(Done done)> later;
};

// Answers one request at a time per call; called from several threads at once. Never throws for
// any input; an unexpected exception is the session's to turn into a 500.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  virtual void Handle(const HttpRequest& request, HttpResponse& response) = 0;
  // Makes `response` the answer to a request that was refused before, or while, it was carried out,
  // in the form in which clients expect errors: by default `{"__type":"…","message":"…"}`.
  virtual void WriteError(const ApiError& error, HttpResponse& response);
  // The server is about to end: answers that wait for something to happen are made now.
  virtual void Drain() {}
};

}  // namespace weir::protocol
