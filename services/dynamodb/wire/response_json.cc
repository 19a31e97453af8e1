// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {

void AppendJson(const KeyAttributes& keys, std::string& out) {
  out.push_back('{');
  const char* separator = "";
  for (const MapView::Entry entry : keys.image.attributes()) {
    if (keys.schema->Contains(entry.name)) {
      out.append(separator);
      protocol::AppendJsonString(entry.name, out);
      out.push_back(':');
      AppendAttributeValue(entry.value, out);
      separator = ",";
    }
  }
  out.push_back('}');
}

void AppendJson(const NameMap& names, std::string& out) {
  out.push_back('{');
  const char* separator = "";
  for (const auto& [placeholder, name] : names) {
    out.append(separator);
    protocol::AppendJsonString(placeholder, out);
    out.push_back(':');
    protocol::AppendJsonString(name, out);
    separator = ",";
  }
  out.push_back('}');
}

}  // namespace weir::dynamodb
