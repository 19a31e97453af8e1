// SPDX-License-Identifier: Apache-2.0
#include "protocol/content_coding.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

namespace weir::protocol {
namespace {

using Coding = ContentCoding;

constexpr std::size_t kRoom = 1000;

// {"a":1} as Python's gzip and zlib encode it.
const std::string kPlain = R"({"a":1})";
const std::string kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b\x56"
    "\x07\x00\x00\x00",
    27);
const std::string kZlib("\x78\x9c\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x08\x2a\x02\x09", 15);

std::string Decoded(Coding coding, std::string_view encoded) {
  std::string decoded = "left from before";
  REQUIRE(Decode(coding, encoded, kRoom, decoded) == DecodeFault::kNone);
  return decoded;
}

DecodeFault FaultOf(Coding coding, std::string_view encoded, std::size_t room = kRoom) {
  std::string decoded;
  return Decode(coding, encoded, room, decoded);
}

TEST_CASE("Content-Encoding names one coding", "[protocol][content]") {
  CHECK(RequestCoding("gzip") == Coding::kGzip);
  CHECK(RequestCoding(" GZip ") == Coding::kGzip);
  CHECK(RequestCoding("deflate") == Coding::kDeflate);
  CHECK(RequestCoding("identity") == Coding::kIdentity);
  for (const std::string_view unknown :
       {"garbage", "br", "x-gzip", "gzip, gzip", "gzip;q=1", " "}) {
    CAPTURE(unknown);
    CHECK_FALSE(RequestCoding(unknown).has_value());
  }
}

TEST_CASE("Accept-Encoding is weighed as AWS weighs it", "[protocol][content]") {
  // Observed on AWS by the tests that content_coding.h names, except where a comment says
  // otherwise.
  const std::vector<std::pair<std::string_view, Coding>> cases = {
      {"", Coding::kIdentity},
      {"identity", Coding::kIdentity},
      {"br", Coding::kIdentity},
      {"x-gzip", Coding::kIdentity},
      {"gzip", Coding::kGzip},
      {"deflate", Coding::kDeflate},
      {"GZIP, identity", Coding::kGzip},
      {"gzip, deflate", Coding::kGzip},
      {"br, identity, deflate, gzip", Coding::kDeflate},
      {"dog, gzip ,, cat", Coding::kGzip},
      {"gzip;q=0.8, deflate;q=0.5", Coding::kGzip},
      {"deflate;q=0.5, gzip;q=0.2", Coding::kDeflate},
      {"br, gzip;q=0, deflate; q = 0.5 , identity;q=0", Coding::kDeflate},
      {"*", Coding::kGzip},
      {"*, identity", Coding::kGzip},
      {"*, deflate", Coding::kDeflate},
      {"*, deflate;q=0.5", Coding::kGzip},
      {"*, gzip;q=0.5", Coding::kDeflate},
      {"*;q=0.5,identity", Coding::kGzip},
      {"*;q=0", Coding::kIdentity},
      {"br;q=0.8,identity;q=0.5,*;q=0", Coding::kIdentity},
      {"gzip ;q=0", Coding::kIdentity},
      {"gzip;q=0.000", Coding::kIdentity},              // not observed
      {"gzip;q=0, *", Coding::kDeflate},                // not observed
      {"gzip;q=0, deflate;q=0, *", Coding::kIdentity},  // not observed
      {"identity;q=0", Coding::kIdentity},
      {"gzip;q=0.5,identity;q=0.8", Coding::kGzip},
      {"br,identity;q=0.5,gzip;q=0.0001", Coding::kGzip},
      // Malformed values.
      {"\"gzip\"", Coding::kIdentity},
      {"gzip br", Coding::kIdentity},
      {"gzip:q=1", Coding::kIdentity},
      {"gzip;q=31,deflate;q=51", Coding::kGzip},
      {"deflate;q=0.5, gzip;q=1;q=0.2", Coding::kGzip},
      {"deflate;q=0.5,gzip;q=0.", Coding::kDeflate},
      {"deflate;q=0.5,gzip;q=0.x", Coding::kGzip},
      {"deflate;q=-0.5,gzip;q=0.2", Coding::kGzip},
      {"gzip;nq=1;q=0 ", Coding::kIdentity},
      {"gzip;q =0;q=1", Coding::kGzip},
      {"gzip;q =0", Coding::kGzip},
      {"gzip;q=0, gzip;q=1, gzip;q=0", Coding::kGzip},
      {"gzip;q=", Coding::kGzip},         // not observed
      {"gzip;q=nan", Coding::kIdentity},  // not observed
      {";;;,,,=,;q", Coding::kIdentity},  // not observed
  };
  for (const auto& [header, coding] : cases) {
    CAPTURE(header);
    CHECK(AnswerCoding(header) == coding);
  }
}

TEST_CASE("Streams of another program are decoded", "[protocol][content]") {
  CHECK(Decoded(Coding::kGzip, kGzip) == kPlain);
  CHECK(Decoded(Coding::kDeflate, kZlib) == kPlain);
}

TEST_CASE("What is encoded is decoded to the same", "[protocol][content]") {
  std::string text = "{}";
  for (int i = 0; i < 60'000; ++i) {
    text += std::to_string(i * 7919);
  }
  for (const std::string& plain :
       {std::string(), std::string("x"), text, std::string(300'000, 'x')}) {
    for (const Coding coding : {Coding::kGzip, Coding::kDeflate}) {
      const std::optional<std::string> encoded = Encode(coding, plain);
      REQUIRE(encoded.has_value());
      std::string decoded;
      CHECK(Decode(coding, *encoded, plain.size(), decoded) == DecodeFault::kNone);
      CHECK(decoded == plain);
    }
  }
  CHECK(Encode(Coding::kGzip, text)->size() < text.size() / 2);
  CHECK_FALSE(Encode(Coding::kIdentity, text).has_value());
}

TEST_CASE("Members of a gzip stream are joined, and what follows them is ignored",
          "[protocol][content]") {
  CHECK(Decoded(Coding::kGzip, kGzip + kGzip) == kPlain + kPlain);
  CHECK(Decoded(Coding::kGzip, kGzip + "junk") == kPlain);
  CHECK(Decoded(Coding::kGzip, kGzip + "\x1f\x8b") == kPlain);
  CHECK(Decoded(Coding::kGzip, kGzip + kGzip + std::string(3, '\0')) == kPlain + kPlain);
  // Bytes that begin like a member must be a complete member.
  CHECK(FaultOf(Coding::kGzip, kGzip + kGzip.substr(0, 20)) == DecodeFault::kBroken);
}

TEST_CASE("A deflate body is its first stream", "[protocol][content]") {
  CHECK(Decoded(Coding::kDeflate, kZlib + kZlib) == kPlain);
  CHECK(Decoded(Coding::kDeflate, kZlib + "junk") == kPlain);
}

TEST_CASE("A stream that is cut anywhere is broken", "[protocol][content]") {
  for (std::size_t size = 0; size < kGzip.size(); ++size) {
    CAPTURE(size);
    CHECK(FaultOf(Coding::kGzip, kGzip.substr(0, size)) == DecodeFault::kBroken);
  }
  for (std::size_t size = 0; size < kZlib.size(); ++size) {
    CAPTURE(size);
    CHECK(FaultOf(Coding::kDeflate, kZlib.substr(0, size)) == DecodeFault::kBroken);
  }
}

TEST_CASE("A stream of another format or with a wrong checksum is broken", "[protocol][content]") {
  CHECK(FaultOf(Coding::kGzip, kPlain) == DecodeFault::kBroken);
  CHECK(FaultOf(Coding::kGzip, kZlib) == DecodeFault::kBroken);
  CHECK(FaultOf(Coding::kDeflate, kPlain) == DecodeFault::kBroken);
  CHECK(FaultOf(Coding::kDeflate, kGzip) == DecodeFault::kBroken);
  // RFC 9110 §8.4.1.2: the bare stream inside the zlib format is not "deflate".
  CHECK(FaultOf(Coding::kDeflate, kZlib.substr(2, kZlib.size() - 6)) == DecodeFault::kBroken);
  std::string wrong = kGzip;
  wrong[wrong.size() - 8] ^= 1;
  CHECK(FaultOf(Coding::kGzip, wrong) == DecodeFault::kBroken);
  // A zlib stream that needs a preset dictionary, which HTTP does not have.
  CHECK(FaultOf(Coding::kDeflate, std::string("\x78\xbb\x00\x00\x00\x01\x03\x00", 8)) ==
        DecodeFault::kBroken);
}

TEST_CASE("Decoding stops at its bound", "[protocol][content]") {
  CHECK(FaultOf(Coding::kGzip, kGzip, kPlain.size()) == DecodeFault::kNone);
  CHECK(FaultOf(Coding::kGzip, kGzip, kPlain.size() - 1) == DecodeFault::kTooLong);
  CHECK(FaultOf(Coding::kGzip, kGzip + kGzip, 2 * kPlain.size() - 1) == DecodeFault::kTooLong);
  CHECK(FaultOf(Coding::kDeflate, kZlib, 0) == DecodeFault::kTooLong);
  // The output would be a thousand times the limit; none of it beyond the limit is kept.
  const std::string bomb = *Encode(Coding::kGzip, std::string(8'000'000, ' '));
  std::string decoded;
  CHECK(Decode(Coding::kGzip, bomb, 8'000, decoded) == DecodeFault::kTooLong);
  CHECK(decoded.capacity() <= 8'000 + 16);  // a C++ library may round up
}

}  // namespace
}  // namespace weir::protocol
