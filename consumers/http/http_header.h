// SPDX-License-Identifier: Apache-2.0
// The headers of a request or an answer.
#pragma once

#include <string>
#include <vector>

namespace weir::consumers {

struct HttpHeader {
  std::string name;  // in any case
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

}  // namespace weir::consumers
