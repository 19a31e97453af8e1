// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace weir::protocol {
namespace {

constexpr unsigned char kFirstPrintable = 0x20;
constexpr std::uint64_t kEachByte = 0x0101010101010101;

bool NeedsEscape(char c) {
  return static_cast<unsigned char>(c) < kFirstPrintable || c == '"' || c == '\\';
}

// A word with bit 7 set in each byte that is zero in `bytes`, and perhaps in bytes above those.
constexpr std::uint64_t ZeroBytes(std::uint64_t bytes) {
  return (bytes - kEachByte) & ~bytes & (kEachByte << 7U);
}

// The index of the first character at or after `from` that needs an escape; the text's size if none
// does.
std::size_t FindEscape(std::string_view text, std::size_t from) {
  // Eight at a time. A bit is set wrongly only above one that is set rightly, so `found` is 0 if
  // and only if no character of the word needs an escape.
  for (; from + sizeof(std::uint64_t) <= text.size(); from += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + from, sizeof word);
    const std::uint64_t below_space = (word - kEachByte * kFirstPrintable) & ~word;
    const std::uint64_t found = ZeroBytes(word ^ (kEachByte * '"')) |
                                ZeroBytes(word ^ (kEachByte * '\\')) |
                                (below_space & (kEachByte << 7U));
    if (found != 0) {
      break;
    }
  }
  while (from < text.size() && !NeedsEscape(text[from])) {
    ++from;
  }
  return from;
}

void AppendEscape(char c, std::string& out) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out.append("\\u00").push_back(kHex[byte >> 4U]);
      out.push_back(kHex[byte & 0xFU]);
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  std::size_t escape = FindEscape(text, 0);
  if (escape == text.size()) {  // mostly so: appends the quotes and the text in one step
    const std::size_t before = out.size();
    out.append(text.size() + 2, '"');
    std::memcpy(out.data() + before + 1, text.data(), text.size());
    return;
  }
  out.push_back('"');
  std::size_t plain = 0;  // where the part not yet appended starts
  for (; escape < text.size(); escape = FindEscape(text, plain)) {
    out.append(text, plain, escape - plain);
    AppendEscape(text[escape], out);
    plain = escape + 1;
  }
  out.append(text, plain);
  out.push_back('"');
}

bool HasEscape(std::string_view text) {
  return FindEscape(text, 0) < text.size();
}

void AppendJsonName(char before, std::string_view name, std::string& out) {
  if (HasEscape(name)) {
    out.push_back(before);
    AppendJsonString(name, out);
    out.push_back(':');
    return;
  }
  const std::size_t start = out.size();
  out.append(name.size() + 4, '"');
  out[start] = before;
  std::memcpy(out.data() + start + 2, name.data(), name.size());
  out.back() = ':';
}

void AppendJsonInteger(std::int64_t number, std::string& out) {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), end);
}

void AppendJsonDouble(double number, std::string& out) {
  std::array<char, 64> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  out.append(digits);
  if (digits.find('.') == std::string_view::npos) {
    out.append(".0");
  }
}

void AppendJsonTime(Micros time, std::string& out) {
  const std::int64_t milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  AppendJsonInteger(milliseconds / 1000, out);
  std::array<char, 8> decimals{};
  std::snprintf(decimals.data(), decimals.size(), ".%03d", static_cast<int>(milliseconds % 1000));
  out.append(decimals.data());
}

}  // namespace weir::protocol
