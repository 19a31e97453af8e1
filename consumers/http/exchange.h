// SPDX-License-Identifier: Apache-2.0
// Exchange: one call, from the look-up of the name to the end of the answer.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consumers/http/connection.h"
#include "consumers/http/http_call.h"
#include "consumers/http/http_url.h"
#include "consumers/http/name_resolver.h"
#include "consumers/http/tls_trust.h"

namespace weir::consumers {

// What the exchanges of a client share.
struct ExchangeParts {
  boost::asio::io_context& io;
  NameResolver& names;
  ConnectionPool& pool;
  TlsTrust& trust;
};

// To be used on the io_context's thread alone.
class Exchange {
 public:
  // `call` must be without faults (CheckCall), and `url` be its URL. `parts` must outlive it.
  Exchange(const ExchangeParts& parts, HttpCall call, HttpUrl url);

  // Carries the call out, once. The exchange must outlive the coroutine.
  boost::asio::awaitable<void> Run();
  // Has Run end soon, with kStopping.
  void Stop();
  // What Run has found. A fault if Run ended with an exception: there was no memory.
  [[nodiscard]] HttpResult TakeResult();

 private:
  using Fault = std::optional<HttpFault>;
  using TimePoint = std::chrono::steady_clock::time_point;
  using Addresses = std::vector<boost::asio::ip::address>;

  // Sets connection_ to one that is open.
  boost::asio::awaitable<Fault> Connect();
  // The addresses of the host that may be connected to.
  boost::asio::awaitable<Result<Addresses, HttpFault>> Resolve(TimePoint deadline);
  boost::asio::awaitable<Fault> ConnectTo(const Addresses& addresses, TimePoint deadline);
  boost::asio::awaitable<Fault> AgreeOnTls(TimePoint deadline);
  // Sends the request on connection_ and reads the answer.
  boost::asio::awaitable<HttpResult> Talk();
  template <class Stream>
  boost::asio::awaitable<HttpResult> TalkOver(Stream& stream);

  void MakeRequest();
  // Whether the request may be sent again, after it failed on a connection that had been kept.
  [[nodiscard]] bool MayRepeat(const HttpFault& fault) const;
  [[nodiscard]] HttpFault MakeFault(HttpFault::Kind kind, std::string text) const;
  // What an error of the connection means.
  [[nodiscard]] HttpFault Explain(const boost::system::error_code& error) const;

  const ExchangeParts parts_;
  HttpCall call_;
  const HttpUrl url_;
  TimePoint deadline_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  std::shared_ptr<NameResolver::LookingUp> looking_up_;
  ConnectionPtr connection_;
  bool sent_ = false;
  bool answer_began_ = false;
  bool stopped_ = false;
  std::optional<HttpResult> result_;
};

}  // namespace weir::consumers
