// SPDX-License-Identifier: Apache-2.0
#include "server/request_reader.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cassert>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// A body's memory is freed after the request if it is more than this, so that an idle connection
// takes little.
constexpr std::size_t kKeptBodyBytes = std::size_t{256} * 1024;

// The shortest end of a chunked body.
constexpr std::string_view kEndOfChunks = "0\r\n\r\n";

std::string_view View(beast::string_view text) {
  return {text.data(), text.size()};
}

struct Piece {
  std::size_t begin = 0;
  std::size_t size = 0;
};

struct Field {
  Piece name;
  Piece value;
};

// A request as far as it is read. All texts of its head are in one string, at the positions that
// the Pieces have.
class Request final : public protocol::HttpRequest {
 public:
  [[nodiscard]] std::string_view method() const override { return At(method_); }
  [[nodiscard]] std::string_view target() const override { return At(target_); }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    for (const Field& field : fields_) {
      if (field.name.size == name.size() && beast::iequals(At(field.name), name)) {
        return At(field.value);
      }
    }
    return {};
  }
  [[nodiscard]] std::size_t Count(std::string_view name) const {
    std::size_t count = 0;
    for (const Field& field : fields_) {
      count += beast::iequals(At(field.name), name) ? 1 : 0;
    }
    return count;
  }

  void SetLine(std::string_view method, std::string_view target) {
    method_ = Keep(method);
    target_ = Keep(target);
  }
  void AddField(std::string_view name, std::string_view value) {
    fields_.push_back(Field{.name = Keep(name), .value = Keep(value)});
  }
  void AddBody(std::string_view piece) { body_ += piece; }
  void DropBody() { body_ = std::string(); }
  [[nodiscard]] std::size_t body_capacity() const { return body_.capacity(); }

  // Replaces the target, and sets the Host header to `host`, whatever the client sent as Host.
  void SetTarget(std::string_view target, std::string_view host) {
    const std::string kept_target(target);
    const std::string kept_host(host);
    target_ = Keep(kept_target);
    for (Field& field : fields_) {
      if (beast::iequals(At(field.name), "Host")) {
        field.value = Keep(kept_host);
        return;
      }
    }
    AddField("Host", kept_host);
  }

  void Clear() {
    text_.clear();
    fields_.clear();
    body_.clear();
    if (body_.capacity() > kKeptBodyBytes) {
      body_ = std::string();
    }
  }

 private:
  [[nodiscard]] std::string_view At(Piece piece) const {
    return std::string_view(text_).substr(piece.begin, piece.size);
  }
  Piece Keep(std::string_view text) {
    const Piece piece{.begin = text_.size(), .size = text.size()};
    text_ += text;
    return piece;
  }

  std::string text_;
  Piece method_;
  Piece target_;
  std::vector<Field> fields_;
  std::string body_;
};

// Flattened because the client of Weir's own commands parses fields as well. With two callers, the
// compiler would no longer inline that, which costs a request about 500 instructions.
template <class Parser>
[[gnu::flatten]] std::size_t Put(Parser& parser, std::string_view input, beast::error_code& error) {
  return parser.put(boost::asio::buffer(input), error);
}

// Whether `input`, which begins at the header of a chunk or at the line end before it, has all of
// that header, and for the last chunk all of the trailers.
bool HasWholeChunkHeader(std::string_view input) {
  constexpr std::string_view kLineEnd = "\r\n";
  if (input.starts_with(kLineEnd)) {
    input.remove_prefix(kLineEnd.size());
  }
  const std::size_t digit = input.find_first_not_of('0');
  if (digit == std::string_view::npos) {
    return false;
  }
  const bool last = std::isxdigit(static_cast<unsigned char>(input[digit])) == 0;
  return input.find(last ? "\r\n\r\n" : kLineEnd) != std::string_view::npos;
}

}  // namespace

// Parses by Beast's grammar into our buffers.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  Parser(Request& request, const BodyLimits& limits) : request_(request), limits_(limits) {}
  [[nodiscard]] int version() const { return version_; }

 private:
  using Error = beast::error_code;

  void on_request_impl(http::verb /*method*/, beast::string_view method, beast::string_view target,
                       int version, Error& /*error*/) override {
    version_ = version;
    request_.SetLine(View(method), View(target));
    body_limit(limits_.For(View(target)));
  }
  void on_field_impl(http::field /*name*/, beast::string_view name, beast::string_view value,
                     Error& /*error*/) override {
    if (!in_body_) {  // trailers of a chunked body are no headers: RFC 9110 §6.5.1
      request_.AddField(View(name), View(value));
    }
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         Error& /*error*/) override {
    in_body_ = true;
  }
  std::size_t on_body_impl(beast::string_view body, Error& /*error*/) override {
    request_.AddBody(View(body));
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view /*extensions*/,
                            Error& /*error*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remaining*/, beast::string_view body,
                                 Error& /*error*/) override {
    request_.AddBody(View(body));
    return body.size();
  }
  void on_header_impl(Error& /*error*/) override {}
  void on_finish_impl(Error& /*error*/) override {}
  void on_response_impl(int /*code*/, beast::string_view /*reason*/, int /*version*/,
                        Error& /*error*/) override {}

  Request& request_;
  const BodyLimits& limits_;
  int version_ = 11;
  bool in_body_ = false;
};

struct RequestReader::Store {
  Request request;
  std::optional<Parser> parser;  // a new one for each request, as Beast's parse one message only
};

RequestReader::RequestReader(std::size_t max_head_bytes, const BodyLimits& body_limits)
    : max_head_bytes_(max_head_bytes),
      body_limits_(body_limits),
      store_(std::make_unique<Store>()) {
  Reset();
}

RequestReader::~RequestReader() = default;

void RequestReader::Reset() {
  store_->request.Clear();
  Parser& parser = store_->parser.emplace(store_->request, body_limits_);
  parser.header_limit(static_cast<std::uint32_t>(max_head_bytes_));
  state_ = State::kBetween;
  refusal_ = 0;
  reason_ = {};
  head_bytes_ = 0;
}

std::size_t RequestReader::Consume(std::string_view input) {
  assert(state_ != State::kComplete && state_ != State::kRefused);
  std::size_t consumed = 0;
  if (state_ == State::kBetween) {
    // RFC 9112 §2.2: empty lines before a request are ignored.
    consumed = std::min(input.find_first_not_of("\r\n"), input.size());
    if (consumed < input.size()) {
      state_ = State::kHead;
    }
  }
  if (state_ == State::kHead) {
    consumed += ConsumeHead(input.substr(consumed));
  }
  if (state_ == State::kBody) {
    consumed += ConsumeBody(input.substr(consumed));
  }
  return consumed;
}

std::size_t RequestReader::ConsumeHead(std::string_view input) {
  if (input.empty()) {
    return 0;
  }
  Parser& parser = *store_->parser;
  beast::error_code error;
  const std::size_t consumed = Put(parser, input, error);
  head_bytes_ += consumed;
  const std::size_t pending =
      error == http::error::need_more ? input.size() - consumed : std::size_t{0};
  if (error == http::error::header_limit || head_bytes_ + pending > max_head_bytes_) {
    Refuse(400, "the request line and headers are too long");
  } else if (error == http::error::body_limit) {
    Refuse(413, "the body is too long");
  } else if (error && error != http::error::need_more) {
    Refuse(400, "not an HTTP/1 request");
  } else if (parser.is_header_done()) {
    CheckHead();
  }
  return consumed;
}

void RequestReader::CheckHead() {
  const Request& request = store_->request;
  // RFC 9112 §3.2: exactly one Host header, but HTTP/1.0 clients may send none.
  const std::size_t hosts = request.Count("Host");
  if (hosts > 1 || (hosts == 0 && !http_1_0())) {
    Refuse(400, "no Host header, or several");
    return;
  }
  if (request.Count("Origin") > 1) {  // BrowserRules look at one only
    Refuse(400, "several Origin headers");
    return;
  }
  // RFC 9112 §6.1: we read no transfer coding but chunked.
  const std::string_view coding = request.header("Transfer-Encoding");
  if (!coding.empty() && !beast::iequals(coding, "chunked")) {
    Refuse(501, "a transfer coding other than chunked");
    return;
  }
  RouteAbsoluteTarget();
  state_ = store_->parser->is_done() ? State::kComplete : State::kBody;
}

void RequestReader::RouteAbsoluteTarget() {
  const std::string_view target = store_->request.target();
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !beast::iequals(target.substr(0, scheme.size()), scheme)) {
      continue;
    }
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    std::string path(rest.substr(end));
    if (!path.starts_with('/')) {
      path.insert(0, 1, '/');
    }
    store_->request.SetTarget(path, rest.substr(0, end));
    return;
  }
}

std::size_t RequestReader::ConsumeBody(std::string_view input) {
  Parser& parser = *store_->parser;
  std::size_t consumed = 0;
  while (consumed < input.size() && !parser.is_done()) {
    beast::error_code error;
    const std::string_view rest = input.substr(consumed);
    if (parser.chunked() && rest.size() < kEndOfChunks.size()) {
      break;  // more has to come: Beast asserts that the last chunk is in one piece
    }
    consumed += parser.put(boost::asio::buffer(rest), error);
    if (error == http::error::need_more) {
      // A chunk's header or the trailers are incomplete, which Beast takes only whole.
      if (input.size() - consumed > max_head_bytes_) {
        Refuse(400, "a chunk header or trailers are too long");
        return consumed;
      }
      // Beast looks for the end of a quoted string also after the header's line, and takes the
      // chunk's size off the limit of the body at each attempt.
      if (HasWholeChunkHeader(input.substr(consumed))) {
        Refuse(400, "a quoted string without its end in a chunk header");
        return consumed;
      }
      break;
    }
    if (error == http::error::body_limit) {
      Refuse(413, "the body is too long");
      return consumed;
    }
    if (error) {
      Refuse(400, "malformed chunks");
      return consumed;
    }
  }
  if (parser.is_done()) {
    state_ = State::kComplete;
  }
  return consumed;
}

void RequestReader::Refuse(unsigned status, std::string_view reason) {
  state_ = State::kRefused;
  refusal_ = status;
  reason_ = reason;
}

const protocol::HttpRequest& RequestReader::request() const {
  return store_->request;
}

void RequestReader::DropBody() {
  store_->request.DropBody();
}

std::size_t RequestReader::body_capacity() const {
  return store_->request.body_capacity();
}

bool RequestReader::http_1_0() const {
  return store_->parser->version() == 10;
}

bool RequestReader::keep_alive() const {
  return store_->parser->keep_alive();
}

bool RequestReader::expects_continue() const {
  return !http_1_0() && beast::iequals(store_->request.header("Expect"), "100-continue");
}

}  // namespace weir::server
