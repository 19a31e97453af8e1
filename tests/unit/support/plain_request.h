// SPDX-License-Identifier: Apache-2.0
// An HTTP request made of texts.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/text.h"
#include "protocol/http.h"

namespace weir::testing {

struct PlainRequest final : protocol::HttpRequest {
  [[nodiscard]] std::string_view method() const override { return method_text; }
  [[nodiscard]] std::string_view target() const override { return target_text; }
  [[nodiscard]] std::string_view body() const override { return body_text; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    for (const auto& [key, value] : headers) {
      if (EqualsIgnoreCase(key, name)) {
        return value;
      }
    }
    return {};
  }

  std::string method_text = "GET";
  std::string target_text = "/";
  std::string body_text;
  std::map<std::string, std::string> headers;
};

}  // namespace weir::testing
