// SPDX-License-Identifier: Apache-2.0
#include "stream/read_limits.h"

#include <catch2/catch.hpp>

namespace weir::stream {
namespace {

struct Fixture {
  ManualClock clock{Micros(1'700'000'000'000'000)};
  ReadLimits limits{clock, true};

  bool Reads(std::uint32_t shard, std::uint32_t reader) {
    const Outcome<void> status = limits.CountRead({"arn", {1, shard}, reader});
    CHECK((status.ok() || status.error().kind == Fault::Kind::kShardReadTooOften));
    return status.ok();
  }
};

TEST_CASE_METHOD(Fixture, "A shard is read five times a second", "[stream][limits]") {
  for (int i = 0; i < 5; ++i) {
    CHECK(Reads(1, 7));
  }
  CHECK_FALSE(Reads(1, 7));
  CHECK(Reads(2, 7));  // another shard
  clock.Advance(std::chrono::seconds(1));
  CHECK(Reads(1, 7));
}

TEST_CASE_METHOD(Fixture, "A third reader of a shard is refused", "[stream][limits]") {
  CHECK(Reads(1, 1));
  CHECK(Reads(1, 2));
  CHECK_FALSE(Reads(1, 3));
  CHECK(Reads(1, 1));
  clock.Advance(std::chrono::seconds(1));
  CHECK(Reads(1, 3));
}

TEST_CASE_METHOD(Fixture, "A shard gives two megabytes a second", "[stream][limits]") {
  const ShardRead read{"arn", {1, 1}, 1};
  REQUIRE(limits.CountRead(read).ok());
  limits.CountBytes(read, 1'500'000);
  REQUIRE(limits.CountRead(read).ok());
  limits.CountBytes(read, 1'000'000);
  CHECK_FALSE(limits.CountRead(read).ok());
  clock.Advance(std::chrono::seconds(1));
  CHECK(limits.CountRead(read).ok());
}

TEST_CASE_METHOD(Fixture, "Streams are described ten times a second", "[stream][limits]") {
  for (int i = 0; i < 10; ++i) {
    CHECK(limits.CountDescribe().ok());
  }
  const Outcome<void> refused = limits.CountDescribe();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == Fault::Kind::kDescribedTooOften);
  clock.Advance(std::chrono::milliseconds(1000));
  CHECK(limits.CountDescribe().ok());
}

TEST_CASE("Limits that are not enforced refuse nothing", "[stream][limits]") {
  const ManualClock clock{Micros(0)};
  ReadLimits limits(clock, false);
  for (std::uint32_t i = 0; i < 100; ++i) {
    CHECK(limits.CountDescribe().ok());
    CHECK(limits.CountRead({"arn", {1, 1}, i}).ok());
  }
}

}  // namespace
}  // namespace weir::stream
