// SPDX-License-Identifier: Apache-2.0
// The names of tables and indexes:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core/digits.h"

namespace weir {

// [a-zA-Z0-9_.-]{3,255}
inline bool IsTableName(std::string_view text) {
  constexpr std::size_t kMinSize = 3;
  constexpr std::size_t kMaxSize = 255;
  return text.size() >= kMinSize && text.size() <= kMaxSize &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                  c == '.' || c == '-';
         });
}

}  // namespace weir
