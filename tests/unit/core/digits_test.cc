// SPDX-License-Identifier: Apache-2.0
#include "core/digits.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace weir {
namespace {

std::string Decimal(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '-');
  WriteDecimal(number, text);
  return text;
}

std::string Hex(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '-');
  WriteHex(number, text);
  return text;
}

TEST_CASE("Numbers fill their width", "[core]") {
  CHECK(Decimal(0, 3) == "000");
  CHECK(Decimal(42, 5) == "00042");
  CHECK(Decimal(UINT64_MAX, 20) == "18446744073709551615");
  CHECK(Decimal(1234, 2) == "34");
  CHECK(Hex(0, 1) == "0");
  CHECK(Hex(0xBEEF, 8) == "0000beef");
  CHECK(Hex(UINT64_MAX, 16) == "ffffffffffffffff");
}

TEST_CASE("Numbers with leading zeros are read as they are written", "[core]") {
  CHECK(PaddedDecimal(42, 5) == "00042");
  CHECK(PaddedDecimal(UINT64_MAX, 28) == "0000000018446744073709551615");
  CHECK(ReadDecimal(PaddedDecimal(UINT64_MAX, 28)) == UINT64_MAX);
  CHECK(ReadDecimal("0") == 0);
  for (const char* other : {"", " 1", "1 ", "-1", "+1", "0x1", "18446744073709551616"}) {
    CHECK(ReadDecimal(other) == std::nullopt);
  }
}

}  // namespace
}  // namespace weir
