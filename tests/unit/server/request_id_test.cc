// SPDX-License-Identifier: Apache-2.0
#include "server/request_id.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace weir::server {
namespace {

TEST_CASE("Request ids have AWS's form and don't repeat", "[server][request_id]") {
  RequestIdSource source;
  RequestIdSource other;
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    std::string id;
    (i % 2 == 0 ? source : other).Append(id);
    REQUIRE(id.size() == kRequestIdLength);
    REQUIRE(id.ends_with("VV4KQNSO5AEMVJF66Q9ASUAAJG"));
    REQUIRE(std::all_of(id.begin(), id.end(),
                        [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }));
    REQUIRE(seen.insert(id).second);
  }
}

TEST_CASE("A request id is appended", "[server][request_id]") {
  RequestIdSource source;
  std::string text = "id ";
  source.Append(text);
  CHECK(text.size() == 3 + kRequestIdLength);
  CHECK(text.starts_with("id "));
}

}  // namespace
}  // namespace weir::server
