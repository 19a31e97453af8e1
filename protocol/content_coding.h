// SPDX-License-Identifier: Apache-2.0
// Compressed bodies: what a request's `Content-Encoding` and `Accept-Encoding` ask for, and the
// compression itself.
//
// What AWS leaves undocumented follows tests that were run against it (ScyllaDB's
// test/alternator/test_compressed_request.py and test_compressed_response.py, 2025 and 2026).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::protocol {

enum class ContentCoding : std::uint8_t {
  kIdentity,
  kGzip,     // RFC 1952
  kDeflate,  // RFC 1950: "deflate" is the zlib format, not the bare stream inside it
};

// Answers up to this many bytes are sent as they are, whatever the client accepts, as on AWS.
inline constexpr std::size_t kLargestPlainAnswer = 4096;

// The coding that a request's `Content-Encoding` names, in any case; nullopt for a coding that the
// service does not know, and for a list of several codings.
[[nodiscard]] std::optional<ContentCoding> RequestCoding(std::string_view content_encoding);

// The coding for an answer to a client with this `Accept-Encoding`; kIdentity when the header is
// empty, refuses both codings (`q=0`) or names only others. The greatest weight wins; of equal
// ones, the first in the list. `*` stands for the codings that are not listed, as if gzip and then
// deflate came at the end of the list. As on AWS, `identity` never counts, however great its
// weight, and a weight that is not a number counts as 1.
[[nodiscard]] ContentCoding AnswerCoding(std::string_view accept_encoding);

enum class DecodeFault : std::uint8_t { kNone, kBroken, kTooLong };

// Replaces `decoded` by what `encoded` stands for. Never holds more than `max_bytes` bytes: a
// longer text is kTooLong. As on AWS, gzip may have several members one after the other, and what
// follows the last member (deflate: the first stream) is ignored. A stream that ends early or fails
// its checksum is kBroken; so is kIdentity. After a fault `decoded` is unspecified.
[[nodiscard]] DecodeFault Decode(ContentCoding coding, std::string_view encoded,
                                 std::size_t max_bytes, std::string& decoded);

// `plain` in that coding; nullopt for kIdentity, or when there is no memory for the compressor.
[[nodiscard]] std::optional<std::string> Encode(ContentCoding coding, std::string_view plain);

// The name of a coding in headers.
[[nodiscard]] std::string_view CodingName(ContentCoding coding);

}  // namespace weir::protocol
