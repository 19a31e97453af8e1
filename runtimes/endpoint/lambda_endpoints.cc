// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/lambda_endpoints.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "consumers/http/http_url.h"
#include "core/text.h"

namespace weir::runtimes {
namespace {

using consumers::HttpUrl;
using consumers::UrlFault;

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
constexpr std::size_t kLongestFunctionName = 64;
constexpr std::size_t kExcerpt = 100;

bool IsFunctionName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestFunctionName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_';
         });
}

EndpointFlagFault NotAUrl(std::string_view text, std::string_view reason) {
  return {"'" + Excerpt(text, kExcerpt) + "' is not the URL of a function: " + std::string(reason)};
}

}  // namespace

Result<NamedEndpoint, EndpointFlagFault> ParseEndpointFlag(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return EndpointFlagFault{"'" + Excerpt(text, kExcerpt) +
                             "' is not NAME=URL, such as orders=http://127.0.0.1:9000"};
  }
  const std::string_view name = text.substr(0, equals);
  if (!IsFunctionName(name)) {
    return EndpointFlagFault{"'" + Excerpt(name, kExcerpt) +
                             "' is not the name of a function: 1 to 64 letters, digits, hyphens "
                             "and underscores"};
  }
  const std::string_view url = text.substr(equals + 1);
  const Result<HttpUrl, UrlFault> parsed = consumers::ParseHttpUrl(url);
  if (!parsed.ok()) {
    return NotAUrl(url, parsed.error().text);
  }
  NamedEndpoint named{.name = std::string(name), .url = std::string(url)};
  if (parsed.value().path == "/" && parsed.value().query.empty()) {
    named.url = parsed.value().Origin().append(kEmulatorPath);
  }
  return named;
}

Result<LambdaEndpoints, EndpointFlagFault> LambdaEndpoints::Parse(
    std::string_view any, const std::vector<std::string>& named) {
  LambdaEndpoints endpoints;
  if (!any.empty()) {
    const Result<HttpUrl, UrlFault> parsed = consumers::ParseHttpUrl(any);
    if (!parsed.ok()) {
      return NotAUrl(any, parsed.error().text);
    }
    if (!parsed.value().query.empty()) {
      return NotAUrl(any, "the path of an invocation cannot be added after its query");
    }
    endpoints.any_ = parsed.value().Origin() + parsed.value().path;
    while (endpoints.any_.ends_with('/')) {
      endpoints.any_.pop_back();
    }
  }
  for (const std::string& flag : named) {
    WEIR_ASSIGN_OR_RETURN(NamedEndpoint one, ParseEndpointFlag(flag));
    const auto [entry, added] = endpoints.by_name_.emplace(std::move(one.name), std::move(one.url));
    if (!added) {
      return EndpointFlagFault{"the function " + entry->first + " has two URLs"};
    }
  }
  return endpoints;
}

std::optional<std::string> LambdaEndpoints::EndpointOf(std::string_view name) const {
  if (const auto found = by_name_.find(name); found != by_name_.end()) {
    return found->second;
  }
  if (any_.empty() || !IsFunctionName(name)) {
    return std::nullopt;
  }
  return any_ + "/2015-03-31/functions/" + std::string(name) + "/invocations";
}

}  // namespace weir::runtimes
