// SPDX-License-Identifier: Apache-2.0
// RequestReader: reads HTTP/1 requests out of a stream of bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "protocol/http.h"

namespace weir::server {

// Parses one request after the other. It keeps its buffers, so that a request of usual size
// allocates nothing. Not thread-safe.
// The most bytes that a body may have: `usual`, or, if the target begins with `large_below`, which
// is in static storage and not empty, `large`.
struct BodyLimits {
  BodyLimits(std::size_t all) : usual(all) {}
  BodyLimits(std::size_t most, std::string_view below, std::size_t most_there)
      : usual(most), large_below(below), large(most_there) {}
  [[nodiscard]] std::size_t For(std::string_view target) const {
    return !large_below.empty() && target.starts_with(large_below) ? large : usual;
  }

  std::size_t usual;
  std::string_view large_below;
  std::size_t large = 0;
};

class RequestReader {
 public:
  enum class State {
    kBetween,   // nothing of the next request has come
    kHead,      // part of the request line and headers has come
    kBody,      // the request line and headers are complete, the body is not
    kComplete,  // `request()` may be read
    kRefused,   // `refusal()` says how to answer; what follows on the connection can't be parsed
  };

  RequestReader(std::size_t max_head_bytes, const BodyLimits& body_limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  ~RequestReader();

  // Parses as much of `input` as belongs to this request and returns how many bytes that was;
  // what is left must be the beginning of the next call's input. Not to be called once the
  // request is complete or refused.
  std::size_t Consume(std::string_view input);

  // Forgets the request, and expects the next one.
  void Reset();

  [[nodiscard]] State state() const { return state_; }

  // Valid until Reset(). A target in absolute form (RFC 9112 §3.2.2), which clients send to
  // proxies, is replaced by its path and query, and the Host header by its authority.
  [[nodiscard]] const protocol::HttpRequest& request() const;
  // Frees the body of a complete request.
  void DropBody();
  // How many bytes the body takes in memory so far.
  [[nodiscard]] std::size_t body_capacity() const;

  [[nodiscard]] unsigned refusal() const { return refusal_; }                // HTTP status
  [[nodiscard]] std::string_view refusal_reason() const { return reason_; }  // for the log

  [[nodiscard]] bool http_1_0() const;
  [[nodiscard]] bool keep_alive() const;  // only for a complete request
  // Whether the client waits for "100 Continue" before it sends the body (RFC 9110 §10.1.1).
  [[nodiscard]] bool expects_continue() const;

 private:
  class Parser;
  struct Store;

  std::size_t ConsumeHead(std::string_view input);
  std::size_t ConsumeBody(std::string_view input);
  void CheckHead();
  void RouteAbsoluteTarget();
  void Refuse(unsigned status, std::string_view reason);

  const std::size_t max_head_bytes_;
  const BodyLimits body_limits_;
  State state_ = State::kBetween;
  unsigned refusal_ = 0;
  std::string_view reason_;  // static storage
  std::size_t head_bytes_ = 0;
  std::unique_ptr<Store> store_;
};

}  // namespace weir::server
