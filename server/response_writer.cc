// SPDX-License-Identifier: Apache-2.0
#include "server/response_writer.h"

#include <libdeflate.h>

#include <array>
#include <charconv>

namespace weir::server {
namespace {

std::string_view Reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Request Entity Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "";  // RFC 9112 §4: the phrase may be empty
  }
}

void AppendNumber(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

std::size_t Crc32(std::string_view body) {
  return libdeflate_crc32(0, body.data(), body.size());
}

}  // namespace

std::string_view DateHeader::At(std::time_t now) {
  if (now != second_) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    // The program never calls setlocale, so %a and %b are the English names that HTTP asks for.
    const std::size_t length =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text_.assign(text.data(), length);
    second_ = now;
  }
  return text_;
}

std::string_view DateHeader::Now() {
  std::timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);  // several times cheaper than time()
  return At(now.tv_sec);
}

void AppendHead(std::string& out, const protocol::HttpResponse& response, const Framing& framing,
                std::string_view date) {
  out += "HTTP/1.1 ";
  AppendNumber(out, response.status);
  out += ' ';
  out += Reason(response.status);
  out += "\r\nServer: Weir\r\nDate: ";
  out += date;
  if (!response.content_type.empty()) {
    out += "\r\nContent-Type: ";
    out += response.content_type;
  }
  if (framing.chunked) {
    out += "\r\nTransfer-Encoding: chunked";
  } else {
    out += "\r\nContent-Length: ";
    AppendNumber(out, response.body.size());
  }
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  out += "\r\nx-amzn-RequestId: ";
  out += response.request_id;
  out += "\r\nx-amz-crc32: ";
  AppendNumber(out, Crc32(response.body));
  if (!framing.keep_alive) {
    out += "\r\nConnection: close";
  } else if (framing.http_1_0) {
    out += "\r\nConnection: keep-alive";  // not the default in HTTP/1.0
  }
  out += "\r\n\r\n";
}

}  // namespace weir::server
