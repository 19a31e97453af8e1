// SPDX-License-Identifier: Apache-2.0
#include "protocol/response_writer.h"

namespace weir::protocol {

void AppendJson(const operations::KeyAttributes& keys, std::string& out) {
  out.push_back('{');
  const char* separator = "";
  for (const MapView::Entry entry : keys.image.attributes()) {
    if (keys.schema->Contains(entry.name)) {
      out.append(separator);
      AppendJsonString(entry.name, out);
      out.push_back(':');
      AppendAttributeValue(entry.value, out);
      separator = ",";
    }
  }
  out.push_back('}');
}

}  // namespace weir::protocol
