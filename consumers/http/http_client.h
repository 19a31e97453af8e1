// SPDX-License-Identifier: Apache-2.0
// HttpClient: makes HTTP requests, over HTTP/1.1, with or without TLS.
//
// One thread carries all calls out. Connections are kept for the next request to the same server.
// When a server closes a kept connection before it has sent a byte of an answer, the request is
// sent once more, on a new connection, if it does no harm that the server gets it twice
// (HttpCall::repeatable). Nothing else is tried twice, and redirects are answers like others.
//
// Proxies (HTTP_PROXY) are not used. Link-local addresses are refused: see address_rules.h.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "consumers/http/http_call.h"

namespace weir::consumers {

struct HttpClientOptions {
  // The certificates of trusted authorities: see FindCaFile in tls_trust.h. Without a file there is
  // no https.
  std::string ca_file = {};
  // The calls under way; more wait until one of these has ended.
  std::size_t most_running = 256;
  // The calls under way and those that wait, and the size of their bodies in all.
  std::size_t most_calls = 2'000;
  std::size_t most_bytes = std::size_t{256} << 20U;
};

// Thread-safe.
class HttpClient {
 public:
  // Starts the thread.
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Takes the result, on the client's thread, or, for a call that is refused at once, on the
  // caller's. Must neither wait nor throw.
  using Done = std::function<void(HttpResult)>;
  // Makes a call, and calls `done` once, perhaps before this returns. Never waits. May
  // throw std::bad_alloc; then `done` is not called.
  void Send(HttpCall call, Done done);

  // Ends all calls, as kStopping, and later ones, too. When it returns, `done` of each earlier call
  // has returned. Not to be called by `done`, nor by two threads at once.
  void Stop();

 private:
  class Loop;
  const std::unique_ptr<Loop> loop_;
};

}  // namespace weir::consumers
