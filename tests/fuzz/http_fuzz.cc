// SPDX-License-Identifier: Apache-2.0
// The bytes of a connection. The first byte of an input gives the size of the pieces into which the
// rest is cut, as a network might: the requests that are read must not depend on it. The rest is
// also given to the functions that read a request's headers before a service does.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/authorization.h"
#include "protocol/content_coding.h"
#include "protocol/query_request.h"
#include "server/browser_rules.h"
#include "server/request_reader.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using server::RequestReader;
using State = RequestReader::State;

constexpr std::size_t kMaxHead = 1024;
constexpr std::size_t kMaxBody = 4096;

// Describes one connection as text: each request, and whether one was refused.
std::string ReadAll(std::string_view input, std::size_t piece) {
  RequestReader reader(kMaxHead, kMaxBody);
  std::string seen;
  std::size_t given = 0;  // bytes of the input that the reader has been given
  std::string_view pending;
  while (reader.state() != State::kRefused) {
    if (reader.state() == State::kComplete) {
      const protocol::HttpRequest& request = reader.request();
      FUZZ_CHECK(request.body().size() <= kMaxBody, "a body beyond the limit");
      FUZZ_CHECK(!request.method().empty() && !request.target().empty(), seen);
      seen.append(request.method()).append(" ").append(request.target()).append("\n");
      for (const std::string_view name :
           {"Host", "Content-Type", "Authorization", "X-Amz-Target"}) {
        seen.append(request.header(name)).append("\n");
      }
      seen.append(request.body()).append(reader.keep_alive() ? "\nkept\n" : "\nends\n");
      reader.Reset();
    }
    if (pending.empty()) {
      if (given == input.size()) {
        break;
      }
      pending = input.substr(given, piece);
      given += pending.size();
    }
    const State before = reader.state();
    const std::size_t consumed = reader.Consume(pending);
    FUZZ_CHECK(consumed <= pending.size(), "more consumed than given");
    pending.remove_prefix(consumed);
    if (consumed == 0 && reader.state() == before) {  // it needs more bytes than were pending
      if (given == input.size()) {
        break;
      }
      const std::size_t kept = pending.size();
      pending = input.substr(given - kept, kept + piece);
      given = given - kept + pending.size();
    }
  }
  if (reader.state() == State::kRefused) {
    FUZZ_CHECK(reader.refusal() >= 400 && reader.refusal() < 600, std::to_string(reader.refusal()));
    FUZZ_CHECK(!reader.refusal_reason().empty(), seen);
    // Not with which status: of two faults, such as a chunk that is too long and whose header is
    // too long as well, the pieces decide which is seen first.
    seen += "refused";
  }
  return seen;
}

// A request made of the input: its lines are the target, the value of every header, and the body.
class GivenRequest : public protocol::HttpRequest {
 public:
  explicit GivenRequest(std::string_view input) {
    for (std::string* part : {&target_, &value_, &body_}) {
      const std::size_t end = std::min(input.find('\n'), input.size());
      *part = input.substr(0, end);
      input.remove_prefix(std::min(end + 1, input.size()));
    }
  }
  [[nodiscard]] std::string_view method() const override { return "POST"; }
  [[nodiscard]] std::string_view target() const override { return target_; }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] std::string_view header(std::string_view /*name*/) const override { return value_; }

 private:
  std::string target_;
  std::string value_;
  std::string body_;
};

bool IsRegion(std::string_view region) {
  constexpr std::size_t kLongest = 32;
  return !region.empty() && region.size() <= kLongest &&
         std::all_of(region.begin(), region.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
         });
}

void CheckHeaders(std::string_view input) {
  const GivenRequest request(input);
  const Result<protocol::Credentials> credentials = protocol::ReadCredentials(request);
  if (credentials.ok()) {
    FUZZ_CHECK(IsRegion(credentials.value().region), credentials.value().region);
  } else {
    const ErrorCode code = credentials.error().code;
    FUZZ_CHECK(code == ErrorCode::kMissingAuthenticationToken ||
                   code == ErrorCode::kIncompleteSignature || code == ErrorCode::kInvalidSignature,
               credentials.error().message);
  }
  (void)protocol::SigningName(request);
  (void)protocol::RequestCoding(input);
  (void)protocol::AnswerCoding(input);
  (void)protocol::MediaType(input);
  if (const auto query = protocol::QueryRequest::Of(request)) {
    FUZZ_CHECK(query->action().size() <= protocol::QueryRequest::kMostShown, query->action());
    (void)query->version();
  }
  const auto strict = protocol::DecodePercentStrictly(input);
  FUZZ_CHECK(!strict || *strict == protocol::DecodePercent(input), input);
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::size_t piece = 1;
  if (!input.empty()) {
    constexpr std::size_t kPieces = 61;
    piece += static_cast<unsigned char>(input.front()) % kPieces;
    input.remove_prefix(1);
  }
  // Ends the last head: the reader may refuse an incomplete head that comes at once, and still wait
  // for the rest of one that comes in pieces.
  const std::string ended = std::string(input) + "\r\n\r\n";
  const std::string whole = weir::fuzz::ReadAll(ended, ended.size());
  const std::string pieces = weir::fuzz::ReadAll(ended, piece);
  FUZZ_CHECK(whole == pieces, whole + "\n---\n" + pieces);
  weir::fuzz::CheckHeaders(input);
  return 0;
}
