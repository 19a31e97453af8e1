// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "core/digits.h"
#include "core/time_text.h"

namespace weir::consumers {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::size_t kDateSize = 8;  // YYYYMMDD
constexpr std::size_t kDigestSize = 32;

// The headers that botocore does not sign, since proxies and tracers change them.
constexpr std::array<std::string_view, 14> kUnsigned = {
    "baggage",    "connection",         "expect",
    "keep-alive", "proxy-authenticate", "proxy-authorization",
    "te",         "traceparent",        "tracestate",
    "trailer",    "transfer-encoding",  "upgrade",
    "user-agent", "x-amzn-trace-id"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string Hex(std::string_view bytes) {
  std::string text(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    WriteHex(static_cast<unsigned char>(bytes[i]), std::span(text).subspan(i * 2, 2));
  }
  return text;
}

// OpenSSL fails here only if it gets no memory.
std::string Sha256(std::string_view text) {
  std::string digest(kDigestSize, '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

std::string Hmac(std::string_view key, std::string_view text) {
  std::string digest(kDigestSize, '\0');
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()), nullptr) == nullptr) {
    throw std::bad_alloc();
  }
  return digest;
}

// YYYYMMDDTHHMMSSZ.
std::string TimeText(Micros time) {
  std::string text = UtcSeconds(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + 'Z';
}

void AppendEncoded(std::string_view part, std::string& out) {
  constexpr std::string_view kMarks = "-_.~";
  for (const char c : part) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        kMarks.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]});
    }
  }
}

// The path without empty and dot segments, and encoded once more than it is in the request. S3
// takes it as it is, since its keys may have such segments.
std::string CanonicalPath(std::string_view path, std::string_view service) {
  if (service == "s3") {
    return path.empty() ? "/" : std::string(path);
  }
  std::vector<std::string_view> segments;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (segment == "..") {
      if (!segments.empty()) {
        segments.pop_back();
      }
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string canonical;
  for (const std::string_view segment : segments) {
    canonical.push_back('/');
    AppendEncoded(segment, canonical);
  }
  if (canonical.empty() || path.ends_with('/')) {
    canonical.push_back('/');
  }
  return canonical;
}

// The parameters in the order of their names, and then values.
std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string canonical;
  for (const auto& [name, value] : pairs) {
    canonical.append(canonical.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return canonical;
}

// A header's value without spaces around it, and with one in place of several.
void AppendTrimmed(std::string_view value, std::string& out) {
  const std::size_t start = out.size();
  bool space = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      space = out.size() > start;
      continue;
    }
    if (std::exchange(space, false)) {
      out.push_back(' ');
    }
    out.push_back(c);
  }
}

struct CanonicalHeaders {
  std::string lines;  // each ends with a newline
  std::string names;  // with semicolons between them
};

void Collect(const HttpHeaders& headers, std::map<std::string, std::string>& by_name) {
  for (const HttpHeader& header : headers) {
    std::string name = Lower(header.name);
    if (std::find(kUnsigned.begin(), kUnsigned.end(), name) != kUnsigned.end()) {
      continue;
    }
    const auto [entry, added] = by_name.try_emplace(std::move(name));
    if (!added) {
      entry->second.push_back(',');
    }
    AppendTrimmed(header.value, entry->second);
  }
}

CanonicalHeaders CanonicalForm(const std::map<std::string, std::string>& by_name) {
  CanonicalHeaders canonical;
  for (const auto& [name, value] : by_name) {
    canonical.lines.append(name).append(":").append(value).append("\n");
    canonical.names.append(canonical.names.empty() ? "" : ";").append(name);
  }
  return canonical;
}

std::string SigningSecret(const SigningKey& key, std::string_view date) {
  std::string secret = Hmac("AWS4" + key.secret_key, date);
  for (const std::string_view part :
       {std::string_view(key.region), std::string_view(key.service), kTerminator}) {
    secret = Hmac(secret, part);
  }
  return secret;
}

}  // namespace

HttpHeaders SignatureHeaders(const RequestToSign& request, const SigningKey& key, Micros time) {
  const std::string time_text = TimeText(time);
  const std::string date = time_text.substr(0, kDateSize);
  const std::string body_hash = Hex(Sha256(request.body));
  HttpHeaders added;
  added.push_back({"X-Amz-Date", time_text});
  if (!key.session_token.empty()) {
    added.push_back({"X-Amz-Security-Token", key.session_token});
  }
  if (key.service == "s3") {
    added.push_back({"X-Amz-Content-SHA256", body_hash});
  }
  std::map<std::string, std::string> by_name;
  Collect(request.headers, by_name);
  Collect(added, by_name);
  const CanonicalHeaders headers = CanonicalForm(by_name);

  std::string canonical(request.method);
  canonical.append("\n").append(CanonicalPath(request.path, key.service));
  canonical.append("\n").append(CanonicalQuery(request.query));
  canonical.append("\n").append(headers.lines);
  canonical.append("\n").append(headers.names);
  canonical.append("\n").append(body_hash);

  const std::string scope = date + '/' + key.region + '/' + key.service + '/';
  std::string to_sign(kAlgorithm);
  to_sign.append("\n").append(time_text);
  to_sign.append("\n").append(scope).append(kTerminator);
  to_sign.append("\n").append(Hex(Sha256(canonical)));

  std::string authorization(kAlgorithm);
  authorization.append(" Credential=").append(key.access_key).append("/").append(scope);
  authorization.append(kTerminator).append(", SignedHeaders=").append(headers.names);
  authorization.append(", Signature=").append(Hex(Hmac(SigningSecret(key, date), to_sign)));
  added.push_back({"Authorization", std::move(authorization)});
  return added;
}

}  // namespace weir::consumers
