// SPDX-License-Identifier: Apache-2.0
// Writes the head of an answer, as bytes, into one buffer.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "protocol/http.h"

namespace weir::server {

// The value of the Date header, formatted once a second. Not thread-safe.
class DateHeader {
 public:
  // IMF-fixdate, e.g. "Sun, 06 Nov 1994 08:49:37 GMT"; valid until the next call.
  [[nodiscard]] std::string_view At(std::time_t now);
  [[nodiscard]] std::string_view Now();

 private:
  std::time_t second_ = -1;
  std::string text_;
};

struct Framing {
  bool keep_alive = true;
  bool http_1_0 = false;
  // AWS answers 413 with chunked coding instead of a Content-Length; clients' tests rely on it.
  bool chunked = false;
};

// Appends the head of `response` up to and including its empty line: Server, Date, Content-Type,
// Content-Length, the handler's own headers, x-amzn-RequestId and x-amz-crc32, which is the
// zlib CRC-32 of `response.body`, in decimal. `response.request_id` must be filled.
void AppendHead(std::string& out, const protocol::HttpResponse& response, const Framing& framing,
                std::string_view date);

}  // namespace weir::server
