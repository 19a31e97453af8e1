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

void AppendJson(const operations::NameMap& names, std::string& out) {
  out.push_back('{');
  const char* separator = "";
  for (const auto& [placeholder, name] : names) {
    out.append(separator);
    AppendJsonString(placeholder, out);
    out.push_back(':');
    AppendJsonString(name, out);
    separator = ",";
  }
  out.push_back('}');
}

}  // namespace weir::protocol
