// SPDX-License-Identifier: Apache-2.0
#include "core/base64.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <utility>

namespace weir {
namespace {

using Pair = std::pair<std::string, std::string>;

TEST_CASE("Base64 follows the vectors of RFC 4648", "[core][base64]") {
  const auto [bytes, text] =
      GENERATE(Pair{"", ""}, Pair{"f", "Zg=="}, Pair{"fo", "Zm8="}, Pair{"foo", "Zm9v"},
               Pair{"foob", "Zm9vYg=="}, Pair{"fooba", "Zm9vYmE="}, Pair{"foobar", "Zm9vYmFy"},
               Pair{"\xFB\xFF\xBF", "+/+/"});
  std::string encoded = "x";
  EncodeBase64(bytes, encoded);
  CHECK(encoded == "x" + text);
  std::string decoded = "y";
  CHECK(DecodeBase64(text, decoded) == Base64Fault::kNone);
  CHECK(decoded == "y" + bytes);
  CHECK(DecodedBase64Size(text) == bytes.size());
}

TEST_CASE("Base64 gives random bytes back", "[core][base64]") {
  std::mt19937 random(20121008);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    std::string text;
    EncodeBase64(bytes, text);
    std::string back;
    REQUIRE(DecodeBase64(text, back) == Base64Fault::kNone);
    REQUIRE(back == bytes);
  }
}

TEST_CASE("Base64 faults carry the service's texts and leave the output alone", "[core][base64]") {
  const std::string character = "Invalid last non-pad Base64 character dectected";
  const auto length = [](const std::string& found) {
    return "Base64 encoded length is expected a multiple of 4 bytes but found: " + found;
  };
  const auto [text, expected] =
      GENERATE_COPY(Pair{"23456", length("5")}, Pair{"a", length("1")},
                    Pair{"\xC3\xA9", length("1")}, Pair{"=+/=", character}, Pair{"+/+=", character},
                    Pair{"AB==", character}, Pair{"AAB=", character}, Pair{"====", character},
                    Pair{"A===", character}, Pair{"AA==AAAA", character}, Pair{"AA=A", character},
                    Pair{"AAAA====", character}, Pair{"AA-_", character}, Pair{"AA A", character},
                    Pair{"\xC3\xA9"
                         "AAA",
                         character});
  CAPTURE(text);
  std::string out = "kept";
  const Base64Fault fault = DecodeBase64(text, out);
  REQUIRE(fault != Base64Fault::kNone);
  CHECK(CheckBase64(text) == fault);
  CHECK(Base64FaultText(fault, text) == expected);
  CHECK(out == "kept");
}

}  // namespace
}  // namespace weir
