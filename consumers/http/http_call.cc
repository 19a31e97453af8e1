// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/http_call.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace weir::consumers {
namespace {

constexpr std::size_t kLongestMethod = 20;
constexpr std::size_t kExcerpt = 40;

constexpr std::array<std::string_view, 10> kWrittenByTheClient = {
    "authorization", "connection",          "content-length", "expect",
    "host",          "transfer-encoding",   "upgrade",        "x-amz-content-sha256",
    "x-amz-date",    "x-amz-security-token"};
constexpr std::array<std::string_view, 4> kOfTheSignature = {
    "authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"};

// What may stand in a name besides letters and digits:
// https://www.rfc-editor.org/rfc/rfc9110#name-tokens
constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool IsHeaderValue(std::string_view text) {
  constexpr unsigned char kDelete = 0x7F;
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return (c >= ' ' && c != kDelete) || c == '\t'; });
}

template <std::size_t kCount>
bool Has(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return EqualsIgnoreCase(one, name); });
}

HttpFault Bad(std::string_view what, std::string_view text) {
  return {.kind = HttpFault::Kind::kBadCall,
          .text = std::string(what).append(": ").append(Excerpt(text, kExcerpt))};
}

}  // namespace

const std::string* HttpReply::Header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const HttpHeader& one) {
    return EqualsIgnoreCase(one.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

bool IsIdempotent(std::string_view method) {
  constexpr std::array<std::string_view, 5> kMethods = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

Result<void, HttpFault> CheckCall(const HttpCall& call) {
  if (!IsToken(call.method) || call.method.size() > kLongestMethod) {
    return Bad("not a method", call.method);
  }
  for (const HttpHeader& header : call.headers) {
    if (!IsToken(header.name)) {
      return Bad("not a header's name", header.name);
    }
    if (!IsHeaderValue(header.value)) {
      return Bad("a value that no header can have", header.name);
    }
    // A caller that signs by itself, or has another kind of authorization, gives these.
    const bool may_be_given = !call.signing_key.has_value() && Has(kOfTheSignature, header.name);
    if (Has(kWrittenByTheClient, header.name) && !may_be_given) {
      return Bad("a header that the client writes itself", header.name);
    }
  }
  return {};
}

}  // namespace weir::consumers
