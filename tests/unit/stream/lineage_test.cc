// SPDX-License-Identifier: Apache-2.0
#include "stream/lineage.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace weir::stream {
namespace {

constexpr Micros kStart{1'700'000'000'000'000};
constexpr LogMoment kBegin{1, kStart};

std::vector<Shard> ChildrenOf(const Lineage& lineage, const ShardId& parent) {
  std::vector<Shard> children;
  for (const Shard& shard : lineage.shards()) {
    if (shard.parent == parent) {
      children.push_back(shard);
    }
  }
  return children;
}

ShardId AnyOpen(const Lineage& lineage, std::mt19937_64& random) {
  std::vector<ShardId> open;
  for (const Shard& shard : lineage.shards()) {
    if (shard.open()) {
      open.push_back(shard.id);
    }
  }
  return open[random() % open.size()];
}

// Whether the open and vacant shards cover each hash exactly once.
bool CoversAll(const Lineage& lineage) {
  std::map<std::uint64_t, std::uint64_t> ranges;
  for (const Shard& shard : lineage.shards()) {
    if ((shard.open() || shard.vacant) &&
        !ranges.emplace(shard.hash_first, shard.hash_last).second) {
      return false;
    }
  }
  std::uint64_t next = 0;
  for (const auto& [first, last] : ranges) {
    if (first != next || last < first) {
      return false;
    }
    next = last + 1;  // wraps to 0 after the last hash
  }
  return next == 0;
}

TEST_CASE("A lineage starts with shards of equal ranges", "[stream][lineage]") {
  const int count = GENERATE(1, 3, 4, 256);
  const Lineage lineage("arn", count, kBegin);
  CHECK(lineage.open_count() == static_cast<std::size_t>(count));
  CHECK(CoversAll(lineage));
  for (const Shard& shard : lineage.shards()) {
    CHECK_FALSE(shard.parent.has_value());
    CHECK(lineage.Find(shard.id) == &shard);
  }
}

TEST_CASE("A rotated shard has one child of its range", "[stream][lineage]") {
  Lineage lineage("arn", 4, kBegin);
  const Shard parent = lineage.shards()[2];
  REQUIRE(lineage.Rotate(parent.id, {10, kStart}).ok());
  const Shard closed = *lineage.Find(parent.id);
  CHECK(closed.end == 10U);
  const std::vector<Shard> children = ChildrenOf(lineage, parent.id);
  REQUIRE(children.size() == 1);
  CHECK(children[0].hash_first == parent.hash_first);
  CHECK(children[0].hash_last == parent.hash_last);
  CHECK(children[0].begin == 10);
  CHECK(children[0].starting_number > closed.ending_number);
  CHECK(children[0].id > parent.id);  // though the clock stands still
  CHECK(CoversAll(lineage));
  CHECK(lineage.Rotate(parent.id, {11, kStart}).error().kind == Fault::Kind::kShardClosed);
}

TEST_CASE("A split shard has two children", "[stream][lineage]") {
  Lineage lineage("arn", 1, kBegin);
  const ShardId parent = lineage.shards()[0].id;
  REQUIRE(lineage.Split(parent, 1000, {5, kStart}).ok());
  const std::vector<Shard> children = ChildrenOf(lineage, parent);
  REQUIRE(children.size() == 2);
  CHECK(children[0].hash_last - children[0].hash_first + children[1].hash_last -
            children[1].hash_first ==
        UINT64_MAX - 1);
  CHECK(CoversAll(lineage));
  CHECK(lineage.open_count() == 2);
}

TEST_CASE("A split leaves each child a hash", "[stream][lineage]") {
  Lineage lineage("arn", 1, kBegin);
  const ShardId parent = lineage.shards()[0].id;
  CHECK_FALSE(lineage.Split(parent, 0, kBegin).ok());
  REQUIRE(lineage.Split(parent, 1, kBegin).ok());
  for (const Shard& shard : ChildrenOf(lineage, parent)) {
    if (shard.hash_last == 0) {
      CHECK_FALSE(lineage.Split(shard.id, 0, kBegin).ok());
      CHECK_FALSE(lineage.Split(shard.id, 1, kBegin).ok());
    }
  }
  CHECK(lineage.open_count() == 2);
}

TEST_CASE("A vacant shard's child opens where it closed", "[stream][lineage]") {
  Lineage lineage("arn", 2, kBegin);
  const ShardId parent = lineage.shards()[0].id;
  REQUIRE(lineage.Close(parent, {7, kStart}).ok());
  CHECK(lineage.has_vacant());
  CHECK(ChildrenOf(lineage, parent).empty());
  REQUIRE(lineage.Rotate(lineage.shards()[1].id, {20, kStart}).ok());
  lineage.Reopen(parent, kStart + Micros(5'000'000));
  const std::vector<Shard> children = ChildrenOf(lineage, parent);
  REQUIRE(children.size() == 1);
  CHECK(children[0].begin == 7);
  // Less than the number of the child's first record, although another shard has closed at a later
  // position meanwhile.
  CHECK(children[0].starting_number < 7'000'000);
  CHECK_FALSE(lineage.has_vacant());
  CHECK(CoversAll(lineage));
}

TEST_CASE("Shards that closed long ago are forgotten, open and vacant ones are not",
          "[stream][lineage]") {
  Lineage lineage("arn", 2, kBegin);
  const ShardId rotated = lineage.shards()[0].id;
  const ShardId vacant = lineage.shards()[1].id;
  REQUIRE(lineage.Rotate(rotated, {2, kStart}).ok());
  REQUIRE(lineage.Close(vacant, {2, kStart}).ok());
  CHECK(lineage.OldestClosing() == kStart);
  lineage.Forget(kStart - Micros(1));
  CHECK(lineage.shards().size() == 3);
  lineage.Forget(kStart);
  CHECK(lineage.Find(rotated) == nullptr);
  CHECK(lineage.Find(vacant) != nullptr);
  CHECK(lineage.OldestClosing() == std::nullopt);
}

TEST_CASE("Whatever changes, each record has one shard and its numbers grow along the lineage",
          "[stream][lineage]") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(take(20, random(0, 1'000'000))));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  Lineage lineage("arn", 1 + static_cast<int>(random() % 4), kBegin);
  std::uint64_t position = 1;
  Micros time = kStart;
  for (int step = 0; step < 200; ++step) {
    position += random() % 3;
    time += Micros(static_cast<std::int64_t>(random() % 2'000));
    const LogMoment now{position, time};
    const ShardId id = AnyOpen(lineage, random);
    const Shard* shard = lineage.Find(id);
    if (random() % 2 == 0 && shard->hash_first < shard->hash_last) {
      REQUIRE(lineage
                  .Split(id,
                         shard->hash_first + 1 + random() % (shard->hash_last - shard->hash_first),
                         now)
                  .ok());
    } else {
      REQUIRE(lineage.Rotate(id, now).ok());
    }
    REQUIRE(CoversAll(lineage));
  }
  for (const Shard& shard : lineage.shards()) {
    if (!shard.parent.has_value()) {
      continue;
    }
    const Shard* parent = lineage.Find(*shard.parent);
    REQUIRE(parent != nullptr);
    CHECK(parent->end == shard.begin);
    CHECK(parent->ending_number < shard.starting_number);
    CHECK(parent->id < shard.id);
  }
  LineageWalk walk(lineage.shards());
  for (std::uint64_t at = 1; at < position; ++at) {
    const std::uint64_t hash = random();
    const Shard* found = walk.At(at, hash);
    REQUIRE(found != nullptr);
    int owners = 0;
    for (const Shard& shard : lineage.shards()) {
      const bool owns = shard.Covers(hash) && shard.begin <= at && at < shard.end.value_or(at + 1);
      owners += owns ? 1 : 0;
      CHECK((!owns || found == &shard));
    }
    CHECK(owners == 1);
  }
}

}  // namespace
}  // namespace weir::stream
