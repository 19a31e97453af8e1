// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/exchange.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <tuple>
#include <utility>
#include <variant>

#include "consumers/http/address_rules.h"

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Kind = HttpFault::Kind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Parser = http::response_parser<http::string_body>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr unsigned kHttp11 = 11;
constexpr unsigned kFirstFinalStatus = 200;
// How many interim answers (1xx) may come before the answer.
constexpr int kMostInterim = 8;

Micros RealTime() {
  return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
}

bool IsTooLarge(const error_code& error) {
  return error == http::error::body_limit || error == http::error::header_limit ||
         error == http::error::buffer_overflow;
}

bool IsCutOff(const error_code& error) {
  return error == http::error::end_of_stream || error == http::error::partial_message ||
         error.category() != http::make_error_code(http::error::end_of_stream).category();
}

HttpReply ReplyFrom(Parser& parser) {
  http::response<http::string_body> response = parser.release();
  HttpReply reply;
  reply.status = response.result_int();
  for (const auto& field : response) {
    reply.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  reply.body = std::move(response.body());
  return reply;
}

}  // namespace

Exchange::Exchange(const ExchangeParts& parts, HttpCall call, HttpUrl url)
    : parts_(parts), call_(std::move(call)), url_(std::move(url)) {}

asio::awaitable<void> Exchange::Run() {
  deadline_ = steady_clock::now() + call_.timeouts.total;
  MakeRequest();
  connection_ = parts_.pool.Take(url_.Origin());
  if (connection_ != nullptr) {
    HttpResult result = co_await Talk();
    if (result.ok() || !MayRepeat(result.error())) {
      result_ = std::move(result);
      co_return;
    }
  }
  Fault fault = co_await Connect();
  if (fault.has_value()) {
    result_ = *std::move(fault);
    co_return;
  }
  result_ = co_await Talk();
}

void Exchange::Stop() {
  stopped_ = true;
  if (looking_up_ != nullptr) {
    looking_up_->answered.cancel();
  }
  if (connection_ != nullptr) {
    connection_->tcp().close();  // what is under way on it ends, and what is begun fails
  }
}

HttpResult Exchange::TakeResult() {
  if (!result_.has_value()) {
    return MakeFault(Kind::kOverloaded, "there is no memory for the call");
  }
  return *std::move(result_);
}

void Exchange::MakeRequest() {
  if (call_.signing_key.has_value()) {
    HttpHeaders to_sign = call_.headers;
    to_sign.push_back({"Host", url_.HostHeader()});
    const HttpHeaders signature = SignatureHeaders({.method = call_.method,
                                                    .path = url_.path,
                                                    .query = url_.query,
                                                    .headers = to_sign,
                                                    .body = call_.body},
                                                   *call_.signing_key, RealTime());
    call_.headers.insert(call_.headers.end(), signature.begin(), signature.end());
  }
  request_.version(kHttp11);
  request_.method_string(call_.method);
  request_.target(url_.Target());
  request_.set(http::field::host, url_.HostHeader());
  request_.set(http::field::user_agent, "weir");
  for (const HttpHeader& header : call_.headers) {
    if (http::string_to_field(header.name) == http::field::user_agent) {
      request_.set(http::field::user_agent, header.value);
    } else {
      request_.insert(header.name, header.value);
    }
  }
  request_.body() = std::move(call_.body);
  request_.prepare_payload();
}

bool Exchange::MayRepeat(const HttpFault& fault) const {
  return fault.kind == Kind::kCutOff && !answer_began_ &&
         (call_.repeatable || IsIdempotent(call_.method));
}

HttpFault Exchange::MakeFault(Kind kind, std::string text) const {
  if (stopped_) {
    return {.kind = Kind::kStopping, .text = "the server stops", .sent = sent_};
  }
  return {.kind = kind, .text = std::move(text), .sent = sent_};
}

HttpFault Exchange::Explain(const error_code& error) const {
  if (error == beast::error::timeout) {
    return MakeFault(Kind::kTimedOut, url_.Origin() + " has not answered in time");
  }
  if (IsTooLarge(error)) {
    return MakeFault(Kind::kTooLarge, "the answer of " + url_.Origin() + " is too large");
  }
  if (IsCutOff(error)) {
    return MakeFault(Kind::kCutOff,
                     "the connection to " + url_.Origin() + " broke: " + error.message());
  }
  return MakeFault(Kind::kBadAnswer,
                   "the answer of " + url_.Origin() + " is not HTTP: " + error.message());
}

asio::awaitable<Exchange::Fault> Exchange::Connect() {
  const TimePoint deadline = std::min(deadline_, steady_clock::now() + call_.timeouts.connect);
  Result<Addresses, HttpFault> addresses = co_await Resolve(deadline);
  if (!addresses.ok()) {
    co_return std::move(addresses).error();
  }
  Fault fault = co_await ConnectTo(addresses.value(), deadline);
  if (!fault.has_value() && url_.secure) {
    fault = co_await AgreeOnTls(deadline);
  }
  co_return fault;
}

asio::awaitable<Result<Exchange::Addresses, HttpFault>> Exchange::Resolve(TimePoint deadline) {
  looking_up_ = parts_.names.Start(url_.host, deadline);
  if (!looking_up_->result.has_value()) {
    co_await looking_up_->answered.async_wait(kAwait);
  }
  const auto looked_up = std::exchange(looking_up_, nullptr);
  looked_up->cancelled = true;
  if (stopped_ || !looked_up->result.has_value()) {
    co_return MakeFault(Kind::kTimedOut, "cannot look up " + url_.host + " in time");
  }
  if (const auto* const error = std::get_if<LookupError>(&*looked_up->result)) {
    co_return MakeFault(Kind::kUnknownName, "cannot look up " + url_.host + ": " + error->text);
  }
  auto addresses = std::get<Addresses>(*std::move(looked_up->result));
  std::erase_if(addresses, IsRefusedAddress);
  if (addresses.empty()) {
    co_return MakeFault(Kind::kRefusedAddress,
                        url_.host + " is a link-local address, which Weir never connects to");
  }
  co_return addresses;
}

// Each of the addresses has its share of the time, since one of them may be silent.
asio::awaitable<Exchange::Fault> Exchange::ConnectTo(const Addresses& addresses,
                                                     TimePoint deadline) {
  asio::ssl::context* tls = nullptr;
  if (url_.secure) {
    Result<asio::ssl::context*, TlsFault> context = parts_.trust.Context();
    if (!context.ok()) {
      co_return MakeFault(Kind::kTlsRefused, context.error().text);
    }
    tls = context.value();
  }
  error_code error;
  for (std::size_t i = 0; i < addresses.size() && !stopped_; ++i) {
    connection_ = std::make_unique<Connection>(parts_.io, tls);
    const auto left = deadline - steady_clock::now();
    connection_->tcp().expires_after(left / static_cast<int>(addresses.size() - i));
    const asio::ip::tcp::endpoint endpoint(addresses[i], url_.port);
    std::tie(error) = co_await connection_->tcp().async_connect(endpoint, kAwait);
    if (!error) {
      co_return std::nullopt;
    }
  }
  connection_.reset();
  if (error == beast::error::timeout) {
    co_return MakeFault(Kind::kTimedOut, "cannot connect to " + url_.Origin() + " in time");
  }
  co_return MakeFault(Kind::kCannotConnect,
                      "cannot connect to " + url_.Origin() + ": " + error.message());
}

asio::awaitable<Exchange::Fault> Exchange::AgreeOnTls(TimePoint deadline) {
  TlsStream& stream = *connection_->tls();
  if (!ExpectHost(stream, url_.host)) {
    co_return MakeFault(Kind::kOverloaded, "there is no memory for the call");
  }
  connection_->tcp().expires_at(deadline);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (!error) {
    co_return std::nullopt;
  }
  if (error == beast::error::timeout) {
    co_return MakeFault(Kind::kTimedOut, url_.Origin() + " has not answered in time");
  }
  co_return MakeFault(Kind::kTlsRefused,
                      "no TLS with " + url_.Origin() + ": " + ExplainHandshake(stream, error));
}

asio::awaitable<HttpResult> Exchange::Talk() {
  connection_->tcp().expires_at(deadline_);
  HttpResult result = co_await connection_->With([this](auto& stream) { return TalkOver(stream); });
  if (connection_ != nullptr && result.ok()) {
    parts_.pool.Keep(url_.Origin(), std::move(connection_));
  }
  connection_.reset();
  co_return result;
}

template <class Stream>
asio::awaitable<HttpResult> Exchange::TalkOver(Stream& stream) {
  sent_ = true;
  const auto [write_error, written] = co_await http::async_write(stream, request_, kAwait);
  if (write_error == beast::error::timeout) {
    co_return Explain(write_error);
  }
  // A server that refuses a large request may answer before it has read it all, and close. So there
  // may be an answer although the request could not be sent whole.
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  for (int interim = 0; interim <= kMostInterim; ++interim) {
    parser.emplace();
    parser->header_limit(call_.limits.head);
    parser->body_limit(call_.limits.body);
    parser->skip(request_.method() == http::verb::head);
    const auto [error, size] = co_await http::async_read_header(stream, buffer, *parser, kAwait);
    answer_began_ = answer_began_ || parser->got_some();
    if (error) {
      co_return Explain(write_error && !answer_began_ ? write_error : error);
    }
    if (parser->get().result_int() >= kFirstFinalStatus) {
      break;
    }
  }
  if (parser->get().result_int() < kFirstFinalStatus) {
    co_return MakeFault(Kind::kBadAnswer, "the answer of " + url_.Origin() + " does not begin");
  }
  const auto [error, size] = co_await http::async_read(stream, buffer, *parser, kAwait);
  if (error) {
    co_return Explain(error);
  }
  if (write_error || !parser->keep_alive() || buffer.size() != 0) {
    connection_.reset();
  }
  co_return ReplyFrom(*parser);
}

}  // namespace weir::consumers
