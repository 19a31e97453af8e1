// SPDX-License-Identifier: Apache-2.0
#include "stream/shard.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace weir::stream {
namespace {

TEST_CASE("A shard id has the form that KCL and Flink parse", "[stream][shard]") {
  CHECK(ShardId{1'414'562'045'508, 0x2bac9cd2}.ToString() ==
        "shardId-00000001414562045508-2bac9cd2");
  CHECK(ShardId{0, 0xA}.ToString() == "shardId-00000000000000000000-0000000a");
}

TEST_CASE("A shard id is read back", "[stream][shard]") {
  for (const ShardId id :
       {ShardId{0, 0}, ShardId{1'414'562'045'508, 0x2bac9cd2}, ShardId{UINT64_MAX, UINT32_MAX}}) {
    CAPTURE(id.ToString());
    CHECK(ShardId::Parse(id.ToString()) == id);
  }
}

TEST_CASE("Text of another form is no shard id", "[stream][shard]") {
  const std::vector<std::string> bad = {
      "",
      "shardId",
      "shardId-00000001414562045508",
      "shardId-00000001414562045508-",
      "shardId-00000001414562045508-2bac9cd",
      "shardId-00000001414562045508-2bac9cd22",
      "shardId-00000001414562045508-2BAC9CD2",
      "shardId-0000000141456204550-02bac9cd2",
      "shardId-00000001414562045508_2bac9cd2",
      "shardid-00000001414562045508-2bac9cd2",
      "shardId-+0000001414562045508-2bac9cd2",
      "shardId-99999999999999999999-2bac9cd2",
      " shardId-00000001414562045508-2bac9cd",
  };
  for (const std::string& text : bad) {
    CAPTURE(text);
    CHECK_FALSE(ShardId::Parse(text).has_value());
  }
}

TEST_CASE("Shard ids are ordered as their texts", "[stream][shard]") {
  const std::vector<ShardId> ids = {{0, 0}, {0, 1}, {0, UINT32_MAX}, {9, 5}, {10, 0}, {100, 0}};
  for (const ShardId a : ids) {
    for (const ShardId b : ids) {
      CHECK((a < b) == (a.ToString() < b.ToString()));
    }
  }
}

TEST_CASE("A shard covers its slice of the hash range, ends included", "[stream][shard]") {
  Shard shard;
  shard.hash_first = 100;
  shard.hash_last = 199;
  CHECK(shard.Covers(100));
  CHECK(shard.Covers(199));
  CHECK_FALSE(shard.Covers(99));
  CHECK_FALSE(shard.Covers(200));
  CHECK(shard.open());
  shard.end = 5;
  CHECK_FALSE(shard.open());
}

}  // namespace
}  // namespace weir::stream
