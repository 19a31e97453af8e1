// SPDX-License-Identifier: Apache-2.0
#include "stream/shard_iterator.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/limits.h"

namespace weir::stream {
namespace {

constexpr Micros kIssued{1'700'000'000'000'000};
constexpr std::uint64_t kDataSet = 0x1234'5678'9ABC'DEF0;
const std::string kArn =
    "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/2023-11-14T22:13:20.000";

ShardIterator Example() {
  return {kArn, {1'700'000'000'000, 0xCAFE}, 42, kIssued};
}

std::optional<Fault::Kind> FaultOf(std::string_view text, std::uint64_t data_set = kDataSet,
                                   Micros now = kIssued) {
  const Outcome<ShardIterator> decoded = DecodeShardIterator(text, data_set, now);
  return decoded.ok() ? std::nullopt : std::optional(decoded.error().kind);
}

TEST_CASE("An iterator is the stream's ARN and a token", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  CHECK(text.starts_with(kArn + "|1|AAAAAAAAAA"));
  CHECK(text.size() <= 2048);
}

TEST_CASE("An iterator is read back", "[stream][iterator]") {
  for (const std::uint64_t position : {0ULL, 1ULL, 255ULL, 1ULL << 40U, ~0ULL}) {
    ShardIterator iterator = Example();
    iterator.position = position;
    const Outcome<ShardIterator> decoded =
        DecodeShardIterator(EncodeShardIterator(iterator, kDataSet), kDataSet, kIssued);
    REQUIRE(decoded.ok());
    CHECK(decoded.value().stream_arn == kArn);
    CHECK(decoded.value().shard == iterator.shard);
    CHECK(decoded.value().position == position);
    CHECK(decoded.value().issued == kIssued);
  }
}

TEST_CASE("An iterator with any bit flipped is refused", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string mangled = text;
      mangled[i] = static_cast<char>(static_cast<unsigned char>(mangled[i]) ^ (1U << bit));
      if (FaultOf(mangled) != Fault::Kind::kIteratorInvalid) {
        FAIL("accepted with bit " << bit << " of character " << i << " flipped");
      }
    }
  }
}

TEST_CASE("An iterator that was cut, lengthened or made up is refused", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  for (std::size_t size = 0; size < text.size(); ++size) {
    REQUIRE(FaultOf(text.substr(0, size)) == Fault::Kind::kIteratorInvalid);
  }
  const std::string token = text.substr(kArn.size() + 3);
  const std::vector<std::string> bad = {text + "AAAA",        text + "=", text + "|1|" + token,
                                        "|1|" + token,        token,      "x" + text,
                                        kArn + "|2|" + token, "garbage",  kArn + "|1|"};
  for (const std::string& one : bad) {
    CAPTURE(one);
    CHECK(FaultOf(one) == Fault::Kind::kIteratorInvalid);
  }
}

TEST_CASE("An iterator of another data set is refused", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  CHECK(FaultOf(text, kDataSet) == std::nullopt);
  CHECK(FaultOf(text, kDataSet + 1) == Fault::Kind::kIteratorInvalid);
}

TEST_CASE("An iterator lives for 15 minutes", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  const Micros lifetime = std::chrono::minutes(15);
  CHECK(FaultOf(text, kDataSet, kIssued + lifetime - Micros(1)) == std::nullopt);
  CHECK(FaultOf(text, kDataSet, kIssued + lifetime) == std::nullopt);
  CHECK(FaultOf(text, kDataSet, kIssued + lifetime + Micros(1)) == Fault::Kind::kIteratorExpired);
  CHECK(FaultOf(text, kDataSet, kIssued + std::chrono::hours(1000)) ==
        Fault::Kind::kIteratorExpired);
}

TEST_CASE("An iterator with a made-up time is old or new, however far that is",
          "[stream][iterator]") {
  ShardIterator iterator = Example();
  for (const auto& [issued, fault] :
       {std::pair{Micros::min(), std::optional(Fault::Kind::kIteratorExpired)},
        std::pair{Micros::max(), std::optional<Fault::Kind>()}}) {
    iterator.issued = issued;
    CHECK(FaultOf(EncodeShardIterator(iterator, kDataSet)) == fault);
  }
}

TEST_CASE("An expired iterator says when it was made and what time it is", "[stream][iterator]") {
  const std::string text = EncodeShardIterator(Example(), kDataSet);
  const Outcome<ShardIterator> expired =
      DecodeShardIterator(text, kDataSet, kIssued + std::chrono::minutes(16));
  REQUIRE_FALSE(expired.ok());
  CHECK(expired.error().issued == kIssued);
  CHECK(expired.error().now == kIssued + std::chrono::minutes(16));
}

}  // namespace
}  // namespace weir::stream
