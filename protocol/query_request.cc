// SPDX-License-Identifier: Apache-2.0
#include "protocol/query_request.h"

#include <algorithm>
#include <cctype>

namespace weir::protocol {
namespace {

constexpr std::size_t kMostParameters = 1000;
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr unsigned kFirstServerError = 500;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Of a form, where a space is a plus.
std::string DecodeForm(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return DecodePercent(spaced);
}

// The parameters, as they stand in the request; none if there are too many.
std::vector<std::string_view> Split(std::string_view form) {
  std::vector<std::string_view> parts;
  while (!form.empty() && parts.size() <= kMostParameters) {
    const std::size_t end = std::min(form.find('&'), form.size());
    parts.push_back(form.substr(0, end));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return parts.size() > kMostParameters ? std::vector<std::string_view>() : parts;
}

std::string_view FormOf(const HttpRequest& request) {
  if (request.method() == "POST" && MediaType(request.header("Content-Type")) == kForm) {
    return request.body();
  }
  return request.target().substr(std::min(request.path().size() + 1, request.target().size()));
}

}  // namespace

std::string DecodePercent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      decoded.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

std::optional<QueryRequest> QueryRequest::Of(const HttpRequest& request) {
  const std::string_view form = FormOf(request);
  if (form.size() > kMostBytes) {
    return std::nullopt;
  }
  const std::vector<std::string_view> parts = Split(form);
  const bool has_action = std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.starts_with("Action=");
  });
  if (!has_action) {
    return std::nullopt;
  }
  QueryRequest query;
  for (const std::string_view part : parts) {
    const std::size_t equals = std::min(part.find('='), part.size());
    query.parameters_.emplace_back(DecodeForm(part.substr(0, equals)),
                                   DecodeForm(part.substr(std::min(equals + 1, part.size()))));
  }
  return query;
}

std::string_view QueryRequest::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [name](const auto& one) { return one.first == name; });
  return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
}

void AppendXmlText(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        // XML 1.0 has no way to write other control characters, and what clients sent need not be
        // UTF-8.
        out.push_back((c < ' ' && c != '\t' && c != '\n') || c > '~' ? '?' : c);
    }
  }
}

void WriteQueryError(unsigned status, std::string_view code, std::string_view message,
                     std::string_view xml_namespace, HttpResponse& response) {
  response.status = status;
  response.content_type = "text/xml";
  std::string& body = response.body;
  body = "<ErrorResponse";
  if (!xml_namespace.empty()) {
    body.append(" xmlns=\"").append(xml_namespace).append("\"");
  }
  body.append("><Error><Type>")
      .append(status < kFirstServerError ? "Sender" : "Receiver")
      .append("</Type><Code>")
      .append(code)
      .append("</Code><Message>");
  AppendXmlText(message, body);
  body.append("</Message></Error><RequestId>").append(response.request_id);
  body.append("</RequestId></ErrorResponse>\n");
}

}  // namespace weir::protocol
