// SPDX-License-Identifier: Apache-2.0
// DynamoDB numbers: exact decimals of up to 38 significant digits between ±1E-130 and ±9.99…E+125.
//
// A number is stored in one form everywhere, in items and in keys:
//
//   number   := zero | positive | negative
//   zero     := 0x80
//   positive := (0xC0 + e) (digit + 1)+             e: exponent to base 100, -64..63
//   negative := (0x3F - e) (0xFE - digit)+ 0xFF     digit: 0..99
//
// for 0.d1d2… × 100^e with d1 and the last digit not zero. Bytewise order is numeric order, equal
// numbers have equal bytes, and the length is what AWS counts for the number (except that AWS
// counts at most 21, and the longest have 22).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace weir {

inline constexpr std::size_t kMaxSignificantDigits = 38;
inline constexpr std::size_t kMaxEncodedNumberSize = 22;
inline constexpr std::size_t kMaxNumberAwsSize = 21;

// An encoded number that owns its bytes.
class EncodedNumber {
 public:
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  void Append(unsigned byte) { bytes_[size_++] = static_cast<char>(byte); }

 private:
  std::array<char, kMaxEncodedNumberSize> bytes_{};
  std::uint8_t size_ = 0;
};

// Reads a number as clients write it: optional sign, digits with an optional point, an optional
// exponent; no blanks. Fails with the service's ValidationException texts for what is not a number,
// too large, too small or too precise.
Result<EncodedNumber> ParseNumber(std::string_view text);
// ParseNumber with the 32-bit arithmetic of the service: if the exponent is so close to the
// greatest 32-bit integer that it wraps, the number is refused as too small, not as too large
// (observed on AWS: 1e2147483647; as a `literal` of PartiQL also 1e2147483646).
Result<EncodedNumber> ParseNumberWrapping(std::string_view text, bool literal = false);

// No text of a number is longer: a sign, a point with a zero before it and at most 130 after it,
// and all digits.
inline constexpr std::size_t kMaxNumberText = 1 + 2 + 130 + kMaxSignificantDigits;

// Writes an encoded number as the service prints it: plain decimal, no exponent, no needless zeros.
// Returns the size of the text.
std::size_t WriteNumberText(std::string_view encoded, std::span<char, kMaxNumberText> out);
// Appends the text of WriteNumberText to `out`.
void AppendNumberText(std::string_view encoded, std::string& out);

// Exact sum and difference. Fails, as the service does, when the result leaves the range, or needs
// more than 38 digits (which the service calls an overflow, too).
Result<EncodedNumber> AddNumbers(std::string_view left, std::string_view right);
Result<EncodedNumber> SubtractNumbers(std::string_view left, std::string_view right);

// Bytes that AWS counts: 1 + one per base-100 digit aligned at the decimal point + 1 if negative,
// at most 21 (bisected against the 400 KB limit of DynamoDB Local).
inline std::size_t NumberAwsSize(std::string_view encoded) {
  return encoded.size() < kMaxNumberAwsSize ? encoded.size() : kMaxNumberAwsSize;
}

}  // namespace weir
