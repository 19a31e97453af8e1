// SPDX-License-Identifier: Apache-2.0
#include "consumers/backoff.h"

#include <catch2/catch.hpp>
#include <vector>

namespace weir::consumers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<Micros> Waits(const BackoffOptions& options, int count) {
  Backoff backoff(options);
  std::vector<Micros> waits;
  for (int failures = 1; failures <= count; ++failures) {
    waits.push_back(backoff.After(failures));
  }
  return waits;
}

TEST_CASE("Waits double up to the longest", "[consumers][Backoff]") {
  CHECK(Waits({.first = milliseconds(500), .longest = seconds(3), .jitter = 0}, 5) ==
        std::vector<Micros>{milliseconds(500), seconds(1), seconds(2), seconds(3), seconds(3)});
}

TEST_CASE("A wait after thousands of failures is the longest", "[consumers][Backoff]") {
  CHECK(Backoff({.jitter = 0}).After(100'000) == Micros(seconds(60)));
}

TEST_CASE("Jitter stays within its share, and follows from the seed", "[consumers][Backoff]") {
  const BackoffOptions options{
      .first = seconds(1), .longest = seconds(1), .jitter = 0.1, .seed = 7};
  const std::vector<Micros> waits = Waits(options, 100);
  for (const Micros wait : waits) {
    CHECK(wait >= milliseconds(900));
    CHECK(wait <= milliseconds(1100));
  }
  CHECK(waits == Waits(options, 100));
  BackoffOptions other = options;
  other.seed = 8;
  CHECK(waits != Waits(other, 100));
}

}  // namespace
}  // namespace weir::consumers
