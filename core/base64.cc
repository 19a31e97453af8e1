// SPDX-License-Identifier: Apache-2.0
#include "core/base64.h"

#include <array>

#include "core/text.h"

namespace weir {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> MakeDigits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}

constexpr std::array<std::uint8_t, 256> kDigits = MakeDigits();

std::uint32_t Digit(char c) {
  return kDigits[static_cast<std::uint8_t>(c)];
}

std::size_t PaddingOf(std::string_view text) {
  if (text.ends_with("==")) {
    return 2;
  }
  return text.ends_with('=') ? 1 : 0;
}

// Names the fault of a text that is not Base64: the service looks at the length in characters
// first.
Base64Fault FaultOf(std::string_view text) {
  return Utf16Size(text) % 4 != 0 ? Base64Fault::kLength : Base64Fault::kCharacter;
}

}  // namespace

Base64Fault CheckBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return FaultOf(text);
  }
  const std::size_t padding = PaddingOf(text);
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::uint32_t seen = 0;
  for (const char c : digits) {
    seen |= Digit(c);
  }
  if (seen >= kAlphabet.size()) {
    return FaultOf(text);
  }
  // The last digit before the padding has two or four bits that no byte uses.
  const std::uint32_t unused = padding == 2 ? 0xFU : padding == 1 ? 0x3U : 0U;
  if (unused != 0 && (Digit(digits.back()) & unused) != 0) {
    return Base64Fault::kCharacter;
  }
  return Base64Fault::kNone;
}

std::size_t DecodedBase64Size(std::string_view text) {
  return text.size() / 4 * 3 - PaddingOf(text);
}

Base64Fault DecodeBase64(std::string_view text, std::string& out) {
  if (const Base64Fault fault = CheckBase64(text); fault != Base64Fault::kNone) {
    return fault;
  }
  const std::size_t end = out.size() + DecodedBase64Size(text);
  std::size_t at = out.size();
  out.resize(end);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    // Padding is read like a digit: the bytes that it would yield lie past `end`.
    const std::uint32_t bits = (Digit(text[i]) & 0x3F) << 18 | (Digit(text[i + 1]) & 0x3F) << 12 |
                               (Digit(text[i + 2]) & 0x3F) << 6 | (Digit(text[i + 3]) & 0x3F);
    for (unsigned shift = 16; shift <= 16 && at < end; shift -= 8) {
      out[at++] = static_cast<char>(bits >> shift & 0xFF);
    }
  }
  return Base64Fault::kNone;
}

void EncodeBase64(std::string_view bytes, std::string& out) {
  std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4, '=');
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < group.size(); ++j) {
      bits |= std::uint32_t{static_cast<std::uint8_t>(group[j])} << (16 - 8 * j);
    }
    for (std::size_t j = 0; j <= group.size(); ++j) {
      out[at + j] = kAlphabet[bits >> (18 - 6 * j) & 0x3F];
    }
    at += 4;
  }
}

std::string Base64FaultText(Base64Fault fault, std::string_view text) {
  if (fault == Base64Fault::kLength) {
    return "Base64 encoded length is expected a multiple of 4 bytes but found: " +
           std::to_string(Utf16Size(text));
  }
  // Misspelt as by the service, which also says this of characters outside the alphabet and of
  // padding out of place ("=+/=").
  return "Invalid last non-pad Base64 character dectected";
}

}  // namespace weir
