// SPDX-License-Identifier: Apache-2.0
#include "protocol/http.h"

namespace weir::protocol {

std::string_view MediaType(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.front() == ' ') {
    type.remove_prefix(1);
  }
  while (!type.empty() && type.back() == ' ') {
    type.remove_suffix(1);
  }
  return type;
}

}  // namespace weir::protocol
