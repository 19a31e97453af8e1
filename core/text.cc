// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <algorithm>

namespace weir {
namespace {

constexpr unsigned char kContinuationMask = 0xC0;
constexpr unsigned char kContinuation = 0x80;
constexpr unsigned char kFirstOfFour = 0xF0;

char ToLower(char c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

}  // namespace

std::size_t Utf16Size(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & kContinuationMask) != kContinuation) {
      size += byte >= kFirstOfFour ? 2 : 1;  // beyond the basic plane: a surrogate pair
    }
  }
  return size;
}

std::string_view TruncateUtf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  while (limit > 0 &&
         (static_cast<unsigned char>(text[limit]) & kContinuationMask) == kContinuation) {
    --limit;
  }
  return text.substr(0, limit);
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

}  // namespace weir
