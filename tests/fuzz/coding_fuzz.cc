// SPDX-License-Identifier: Apache-2.0
// Compressed bodies: decoding any bytes keeps to its limit, and any bytes can be encoded and
// decoded again.
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/content_coding.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using protocol::ContentCoding;
using protocol::DecodeFault;

constexpr std::size_t kLimit = 65536;

void CheckDecoding(ContentCoding coding, std::string_view encoded) {
  std::string decoded;
  const DecodeFault fault = protocol::Decode(coding, encoded, kLimit, decoded);
  if (fault != DecodeFault::kNone) {
    return;
  }
  FUZZ_CHECK(decoded.size() <= kLimit, std::to_string(decoded.size()));
  std::string again;
  FUZZ_CHECK(protocol::Decode(coding, encoded, decoded.size(), again) == DecodeFault::kNone,
             "not within its own size");
  FUZZ_CHECK(decoded == again, "two outcomes of one input");
  if (!decoded.empty()) {
    FUZZ_CHECK(protocol::Decode(coding, encoded, decoded.size() - 1, again) != DecodeFault::kNone,
               "a limit that is passed over");
  }
}

void CheckEncoding(ContentCoding coding, std::string_view plain) {
  const std::optional<std::string> encoded = protocol::Encode(coding, plain);
  FUZZ_CHECK(encoded.has_value(), "no memory");
  std::string decoded;
  FUZZ_CHECK(protocol::Decode(coding, *encoded, plain.size(), decoded) == DecodeFault::kNone,
             "its own encoding is refused");
  FUZZ_CHECK(decoded == plain, "there and back is another text");
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto coding :
       {weir::protocol::ContentCoding::kGzip, weir::protocol::ContentCoding::kDeflate}) {
    weir::fuzz::CheckDecoding(coding, input);
    weir::fuzz::CheckEncoding(coding, input);
  }
  return 0;
}
