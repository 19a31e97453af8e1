// SPDX-License-Identifier: Apache-2.0
#include "core/uuid.h"

#include <catch2/catch.hpp>
#include <regex>

namespace weir {
namespace {

TEST_CASE("UUIDs are random ones, in lower case", "[core]") {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  CHECK(std::regex_match(NewUuid(), form));
  CHECK(NewUuid() != NewUuid());
}

}  // namespace
}  // namespace weir
