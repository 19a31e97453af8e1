// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace weir {
namespace {

constexpr unsigned char kContinuationMask = 0xC0;
constexpr unsigned char kContinuation = 0x80;
constexpr unsigned char kFirstOfTwo = 0xC2;
constexpr unsigned char kFirstOfThree = 0xE0;
constexpr unsigned char kFirstOfFour = 0xF0;
constexpr unsigned char kLastFirst = 0xF4;

// How many bytes the first character has; 0 if `text`, which must not be empty, does not start with
// one. Looks only at whether the first byte can start a character and at whether the others can
// continue one.
std::size_t CharacterSize(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t size = 1;
  if (first >= kContinuation) {
    size = first >= kFirstOfFour ? 4 : first >= kFirstOfThree ? 3 : first >= kFirstOfTwo ? 2 : 0;
  }
  if (size == 0 || size > text.size() || first > kLastFirst) {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & kContinuationMask) != kContinuation) {
      return 0;
    }
  }
  return size;
}

std::uint32_t CodePoint(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  std::uint32_t code = character.size() == 1 ? first : first & (0x7FU >> character.size());
  for (const char c : character.substr(1)) {
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code;
}

bool MustBeEscaped(std::uint32_t code) {
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };
  // C0; DEL and C1; the marks and overrides of direction of Unicode's UAX 9; line separators; the
  // byte order mark.
  constexpr std::array<Range, 7> kRanges{{{0x00, 0x1F},
                                          {0x7F, 0x9F},
                                          {0x061C, 0x061C},
                                          {0x200E, 0x200F},
                                          {0x2028, 0x202E},
                                          {0x2066, 0x2069},
                                          {0xFEFF, 0xFEFF}}};
  return std::any_of(kRanges.begin(), kRanges.end(), [code](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

char ToLower(char c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

}  // namespace

std::size_t CodePoints(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // the first byte of a code point
  }));
}

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

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = CharacterSize(text);
    const std::uint32_t code = size == 0 ? 0 : CodePoint(text.substr(0, size));
    char escape[8];
    if (size == 0) {
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(text.front()));
      printable += escape;
    } else if (MustBeEscaped(code)) {
      std::snprintf(escape, sizeof escape, "\\u%04x", code);
      printable += escape;
    } else {
      printable += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return printable;
}

bool ContainsText(std::string_view text, std::string_view part) {
  return part.empty() || memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

std::string Excerpt(std::string_view text, std::size_t most) {
  std::string excerpt(text.substr(0, most));
  std::replace_if(
      excerpt.begin(), excerpt.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return excerpt;
}

}  // namespace weir
