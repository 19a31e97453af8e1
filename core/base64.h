// SPDX-License-Identifier: Apache-2.0
// Base64 as DynamoDB reads and writes binary values: the standard alphabet, always padded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

enum class Base64Fault : std::uint8_t {
  kNone,
  kLength,     // not a multiple of four characters
  kCharacter,  // a character outside the alphabet, padding out of place, or stray bits at the end
};

// Whether `text` is what EncodeBase64 would write for some bytes.
[[nodiscard]] Base64Fault CheckBase64(std::string_view text);

// Appends the bytes that `text` stands for to `out`; on a fault `out` is as before.
[[nodiscard]] Base64Fault DecodeBase64(std::string_view text, std::string& out);

// The number of bytes that `text`, free of faults, stands for.
[[nodiscard]] std::size_t DecodedBase64Size(std::string_view text);

// Appends the Base64 text of `bytes` to `out`.
void EncodeBase64(std::string_view bytes, std::string& out);

// The text of the SerializationException that DynamoDB answers for `fault`, not kNone, in `text`.
[[nodiscard]] std::string Base64FaultText(Base64Fault fault, std::string_view text);

}  // namespace weir
