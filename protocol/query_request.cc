// SPDX-License-Identifier: Apache-2.0
#include "protocol/query_request.h"

#include <algorithm>
#include <cctype>

#include "core/text.h"

namespace weir::protocol {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr unsigned kFirstServerError = 500;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Decodes a text of a form, where a plus stands for a space.
std::string DecodeForm(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return DecodePercent(spaced);
}

bool IsForm(const HttpRequest& request) {
  return request.method() == "POST" &&
         EqualsIgnoreCase(MediaType(request.header("Content-Type")), kForm);
}

// The value, still encoded, of the first parameter with that name in a form.
std::optional<std::string_view> Find(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::string_view part = form.substr(0, form.find('&'));
    if (part.starts_with(name) && part.substr(name.size()).starts_with('=')) {
      return part.substr(name.size() + 1);
    }
    form.remove_prefix(std::min(part.size() + 1, form.size()));
  }
  return std::nullopt;
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

std::optional<std::string> DecodePercentStrictly(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    if (i + 2 >= text.size() || HexDigit(text[i + 1]) < 0 || HexDigit(text[i + 2]) < 0) {
      return std::nullopt;
    }
  }
  return DecodePercent(text);
}

std::optional<QueryRequest> QueryRequest::Of(const HttpRequest& request) {
  if (IsForm(request)) {
    return QueryRequest(request.body());
  }
  return Find(request.query(), "Action").has_value() ? std::optional(QueryRequest(request.query()))
                                                     : std::nullopt;
}

std::string QueryRequest::parameter(std::string_view name) const {
  constexpr std::size_t kMostEncoded = 3 * kMostShown;
  const std::string_view value = Find(form_, name).value_or(std::string_view());
  return DecodeForm(value.substr(0, kMostEncoded)).substr(0, kMostShown);
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
