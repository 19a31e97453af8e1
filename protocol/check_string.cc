// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_string.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/digits.h"
#include "core/text.h"

namespace weir::protocol {
namespace {

// A set of ASCII characters; it has no bytes of longer characters.
class CharSet {
 public:
  template <class Predicate>
  constexpr explicit CharSet(Predicate predicate) {
    for (std::size_t i = 0; i < kAscii; ++i) {
      in_[i] = predicate(static_cast<char>(i));
    }
  }

  [[nodiscard]] constexpr bool Has(char c) const { return in_[static_cast<std::uint8_t>(c)]; }

  [[nodiscard]] constexpr bool HasAll(std::string_view text) const {
    return std::all_of(text.begin(), text.end(), [this](char c) { return Has(c); });
  }

 private:
  static constexpr std::size_t kAscii = 128;
  std::array<bool, 256> in_{};
};

constexpr bool IsAlphanumeric(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr CharSet kNameChars([](char c) {
  return IsAlphanumeric(c) || c == '_' || c == '.' || c == '-';
});
constexpr CharSet kHexChars([](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); });
constexpr CharSet kPrintableChars([](char c) { return c >= 0x20 && c <= 0x7E; });
constexpr CharSet kCsvHeaderChars([](char c) {
  return c >= 0x20 && c <= 0x7E && c != '"' && c != ',';
});

constexpr std::size_t kAccountIdSize = 12;
constexpr std::size_t kHexBlockSize = 16;

bool IsBucketName(std::string_view text) {
  return text.size() >= 2 && IsAlphanumeric(text.front()) && IsAlphanumeric(text.back()) &&
         kNameChars.HasAll(text);
}

bool IsXmlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<std::uint8_t>(c) >= 0x20 || c == '\r' || c == '\n' || c == '\t';
  });
}

}  // namespace

bool MatchesPattern(Pattern pattern, std::string_view text) {
  switch (pattern) {
    case Pattern::kNone:
      return true;
    case Pattern::kName:
      return !text.empty() && kNameChars.HasAll(text);
    case Pattern::kAccountId:
      return text.size() == kAccountIdSize && std::all_of(text.begin(), text.end(), IsDigit);
    case Pattern::kHexBlocks:
      return !text.empty() && text.size() % kHexBlockSize == 0 && kHexChars.HasAll(text);
    case Pattern::kNoDollar:
      return !text.empty() && text.find('$') == std::string_view::npos;
    case Pattern::kBucketName:
      return IsBucketName(text);
    case Pattern::kCsvDelimiter:
      return text.size() == 1 && std::string_view(",;:|\t ").find(text[0]) != text.npos;
    case Pattern::kCsvHeader:
      return kCsvHeaderChars.HasAll(text);
    case Pattern::kPrintable:
      return !text.empty() && kPrintableChars.HasAll(text);
    case Pattern::kXmlText:
      return IsXmlText(text);
  }
  return true;
}

std::size_t LengthOf(std::string_view text, const Shape& shape) {
  return shape.code_points ? CodePoints(text) : Utf16Size(text);
}

bool FitsString(std::string_view text, const Shape& shape) {
  if (shape.name_in_arn != nullptr && shape.name_in_arn(text).has_value()) {
    return true;
  }
  if (!shape.values.empty()) {
    return std::find(shape.values.begin(), shape.values.end(), text) != shape.values.end();
  }
  if (shape.min != kUnbounded || shape.max != kUnbounded) {
    const auto size = static_cast<std::int64_t>(LengthOf(text, shape));
    if (size < shape.min || (shape.max != kUnbounded && size > shape.max)) {
      return false;
    }
  }
  return MatchesPattern(shape.matcher, text);
}

}  // namespace weir::protocol
