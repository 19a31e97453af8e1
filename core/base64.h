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

// Checks that `text` is what EncodeBase64 would write for some bytes; kNone if it is.
[[nodiscard]] Base64Fault CheckBase64(std::string_view text);

// Appends the bytes that `text` stands for to `out`; on a fault `out` stays as it was.
[[nodiscard]] Base64Fault DecodeBase64(std::string_view text, std::string& out);

// The number of bytes that `text` stands for. `text` must be without faults.
[[nodiscard]] std::size_t DecodedBase64Size(std::string_view text);

// Appends the Base64 text of `bytes` to `out`.
void EncodeBase64(std::string_view bytes, std::string& out);

// The text of the SerializationException that DynamoDB answers if `text` has `fault`, which must
// not be kNone.
[[nodiscard]] std::string Base64FaultText(Base64Fault fault, std::string_view text);

}  // namespace weir
