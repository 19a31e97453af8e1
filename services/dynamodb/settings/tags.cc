// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/tags.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "core/limits.h"
#include "core/text.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kReserved = "aws:";

// Characters above ASCII that are neither letters, digits nor blanks: the blocks of symbols, signs
// and punctuation. AWS takes "letters, white space, and numbers" of any script and refuses the
// others (observed with emoji), see
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
constexpr std::array<std::pair<char32_t, char32_t>, 22> kSymbols{{
    {0x80, 0x9F},        // controls
    {0xA1, 0xA9},        // ¡..©
    {0xAB, 0xB1},        // «..±
    {0xB4, 0xB4},        // acute accent
    {0xB6, 0xB8},        // ¶..¸
    {0xBB, 0xBB},        // »
    {0xBF, 0xBF},        // ¿
    {0xD7, 0xD7},        // ×
    {0xF7, 0xF7},        // ÷
    {0x200B, 0x2027},    // dashes, quotes, bullets
    {0x202A, 0x202E},    // directions
    {0x2030, 0x205E},    // general punctuation
    {0x2060, 0x206F},    // invisible operators
    {0x20A0, 0x20CF},    // currencies
    {0x2190, 0x245F},    // arrows, operators, technical
    {0x249C, 0x24E9},    // letters in brackets
    {0x2500, 0x2BFF},    // drawing, dingbats, arrows
    {0x2E00, 0x2E7F},    // supplemental punctuation
    {0x3001, 0x3003},    // CJK punctuation
    {0x3008, 0x3020},    // CJK brackets
    {0xE000, 0xF8FF},    // private use
    {0x1F000, 0x1FAFF},  // emoji
}};

bool IsTagCharacter(char32_t c) {
  if (c < 0x80) {
    const bool alphanumeric =
        (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return alphanumeric || std::u32string_view(U" +-=._:/@").find(c) != std::u32string_view::npos;
  }
  return std::none_of(kSymbols.begin(), kSymbols.end(),
                      [c](const auto& range) { return c >= range.first && c <= range.second; });
}

// Removes the first character of valid UTF-8, which must not be empty, and returns it.
char32_t TakeCharacter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t size = 1;
  char32_t c = first;
  if (first >= 0xF0) {
    size = 4;
    c = first & 0x07U;
  } else if (first >= 0xE0) {
    size = 3;
    c = first & 0x0FU;
  } else if (first >= 0xC0) {
    size = 2;
    c = first & 0x1FU;
  }
  for (std::size_t i = 1; i < size; ++i) {
    c = (c << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(size);
  return c;
}

bool IsTagText(std::string_view text, std::size_t limit) {
  if (Utf16Size(text) > limit) {
    return false;
  }
  while (!text.empty()) {
    if (!IsTagCharacter(TakeCharacter(text))) {
      return false;
    }
  }
  return true;
}

Status CheckKey(const std::optional<std::string>& key) {
  if (!key.has_value() || key->empty() || !IsTagText(*key, limits::kTagKeySize)) {
    return ValidationError("The Tag Key provided is invalid, Key: " + key.value_or("null"));
  }
  if (EqualsIgnoreCase(std::string_view(*key).substr(0, kReserved.size()), kReserved)) {
    return ValidationError("Tag Key cannot be prefixed with aws:, Key: " + *key);
  }
  return {};
}

Status CheckCount(std::size_t count) {
  if (count > limits::kTags) {
    return ValidationError("Number of Tags exceed the current limit for the provided ResourceArn");
  }
  return {};
}

}  // namespace

Status CheckTags(const std::vector<Tag>& tags) {
  std::set<std::string_view> seen;
  for (const Tag& tag : tags) {
    WEIR_RETURN_IF_ERROR(CheckKey(tag.key));
    if (!tag.value.has_value() || !IsTagText(*tag.value, limits::kTagValueSize)) {
      return ValidationError("The Tag Value provided is invalid, Value: " +
                             tag.value.value_or("null"));
    }
    if (!seen.insert(*tag.key).second) {
      return ValidationError("Duplicate Tag Keys provided as input: Duplicate Tag Key found " +
                             *tag.key);
    }
  }
  return CheckCount(tags.size());
}

Status CheckTagKeys(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    WEIR_RETURN_IF_ERROR(CheckKey(key));
  }
  return CheckCount(keys.size());
}

Status AddTags(const std::vector<Tag>& tags, storage::Tags& current) {
  storage::Tags next = current;
  for (const Tag& tag : tags) {
    next.insert_or_assign(*tag.key, *tag.value);
  }
  WEIR_RETURN_IF_ERROR(CheckCount(next.size()));
  current = std::move(next);
  return {};
}

}  // namespace weir::dynamodb
