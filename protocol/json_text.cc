// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_text.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace weir::protocol {
namespace {

constexpr unsigned char kFirstPrintable = 0x20;

bool NeedsEscape(char c) {
  return static_cast<unsigned char>(c) < kFirstPrintable || c == '"' || c == '\\';
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
  out.push_back('"');
  std::size_t plain = 0;  // where the part not yet appended starts
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (NeedsEscape(text[i])) {
      out.append(text, plain, i - plain);
      AppendEscape(text[i], out);
      plain = i + 1;
    }
  }
  out.append(text, plain);
  out.push_back('"');
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
