// SPDX-License-Identifier: Apache-2.0
#include "storage/expiry_index.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/limits.h"
#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

Item Expiring(std::string_view key, std::string_view number) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("pk");
  writer.String(key);
  writer.Name("ttl");
  writer.Number(testing::Num(number));
  return writer.FinishItem();
}

TEST_CASE("An item is expired a moment after the second it says", "[storage][ExpiryIndex]") {
  const auto expiry = [](std::string_view number) {
    return ExpiryOf(Expiring("a", number), "ttl");
  };
  CHECK(expiry("1700000000") == Micros(1'700'000'000'000'001));
  CHECK(expiry("1700000000.5") == Micros(1'700'000'000'500'001));
  CHECK(expiry("1700000000.1234569") == Micros(1'700'000'000'123'457));
  CHECK(expiry("0") == Micros(1));
  CHECK(expiry("253402300799") == Micros(253'402'300'799'000'001));
  for (const char* never : {"-1", "253402300800", "1700000000000", "1e125", "-0.5"}) {
    CAPTURE(never);
    CHECK_FALSE(expiry(never).has_value());
  }
  CHECK_FALSE(ExpiryOf(Expiring("a", "1"), "other").has_value());
  CHECK_FALSE(ExpiryOf(testing::StringItem({{"ttl", "1"}}), "ttl").has_value());
  CHECK_FALSE(ExpiryOf(Item(), "ttl").has_value());
}

struct Fixture {
  std::unique_ptr<Engine> engine = NewMemoryEngine();
  ExpiryIndex index{"ttl", engine->NewSpace(), true};
  static constexpr Micros kNow = std::chrono::seconds(1'700'000'000);

  std::optional<Micros> Change(const std::string& key, const Item& before, const Item& after) {
    WriteSet writes(ExpiryIndex::kMaxWrites);
    const auto due = index.Maintain(testing::StringKey(key).bytes(), {before, after}, kNow, writes);
    (void)engine->Commit(writes.writes());
    return due;
  }
  std::string DueAt(Micros time, std::size_t limit = 100) {
    std::string keys;
    for (const Item& item : index.DueAt(time, limit).items) {
      keys += testing::TextOf(item, "pk");
    }
    return keys;
  }
};

TEST_CASE_METHOD(Fixture, "Items are due in the order of their times", "[storage][ExpiryIndex]") {
  CHECK(Change("c", {}, Expiring("c", "1700000003")) ==
        Micros(std::chrono::seconds(1'700'000'003)) + Micros(1));
  Change("a", {}, Expiring("a", "1700000001"));
  Change("b", {}, Expiring("b", "1700000002"));
  CHECK(DueAt(kNow).empty());
  CHECK(index.DueAt(kNow, 10).next == kNow + Micros(1'000'001));
  CHECK(DueAt(kNow + Micros(2'000'001)) == "ab");
  CHECK(DueAt(kNow + Micros(9'000'000), 2) == "ab");
  CHECK(index.DueAt(kNow + Micros(9'000'000), 2).next == kNow + Micros(3'000'001));
  CHECK_FALSE(index.DueAt(kNow + Micros(9'000'000), 3).next.has_value());
}

TEST_CASE_METHOD(Fixture, "An entry follows its item", "[storage][ExpiryIndex]") {
  const Item first = Expiring("a", "1700000001");
  const Item second = Expiring("a", "1700000005");
  Change("a", {}, first);
  Change("a", first, second);
  CHECK(DueAt(kNow + Micros(2'000'000)).empty());
  CHECK(DueAt(kNow + Micros(9'000'000)) == "a");
  const Item without = testing::StringItem({{"pk", "a"}});
  CHECK_FALSE(Change("a", second, without).has_value());
  CHECK(DueAt(kNow + Micros(9'000'000)).empty());
  Change("a", without, second);
  Change("a", second, {});
  CHECK(DueAt(kNow + Micros(9'000'000)).empty());
}

TEST_CASE_METHOD(Fixture, "What is past for more than five years has no entry",
                 "[storage][ExpiryIndex]") {
  const auto oldest =
      std::chrono::duration_cast<std::chrono::seconds>(kNow - limits::kOldestExpiry);
  CHECK_FALSE(Change("a", {}, Expiring("a", std::to_string(oldest.count() - 1))).has_value());
  CHECK(Change("b", {}, Expiring("b", std::to_string(oldest.count() + 1))).has_value());
  CHECK(DueAt(kNow) == "b");
}

TEST_CASE("A build takes up every item once", "[storage][ExpiryIndex]") {
  BuildProgress progress(false);
  CHECK_FALSE(progress.complete());
  CHECK_FALSE(progress.Covers(""));
  progress.MoveTo("m");
  CHECK(progress.Covers("l"));
  CHECK_FALSE(progress.Covers("m"));
  progress.Finish();
  CHECK(progress.complete());
  CHECK(progress.Covers("z"));
}

}  // namespace
}  // namespace weir::storage
