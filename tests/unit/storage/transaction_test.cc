// SPDX-License-Identifier: Apache-2.0
#include "storage/transaction.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "storage/table.h"
#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using testing::StringItem;
using testing::StringKey;
using testing::StringKeySchema;
using testing::TextOf;

class Put final : public Mutation {
 public:
  Put(std::string_view key, std::string_view text)
      : item_(StringItem({{"pk", key}, {"v", text}})) {}
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  Item item_;
};

class Refuse final : public Mutation {
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override {
    return MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
  }
};

// Adds to a number that is stored as text.
class Add final : public Mutation {
 public:
  Add(std::string_view key, int by) : key_(key), by_(by) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    const int now = before ? std::stoi(TextOf(before, "v")) : 0;
    return StringItem({{"pk", key_}, {"v", std::to_string(now + by_)}});
  }

 private:
  std::string key_;
  int by_;
};

struct Fixture {
  ManualClock clock{Micros(1'000'000)};
  std::unique_ptr<Engine> engine = NewMemoryEngine();
  TablePtr one = NewTable("one");
  TablePtr two = NewTable("two");
  const PrimaryKey a = StringKey("a");
  const PrimaryKey b = StringKey("b");

  TablePtr NewTable(const std::string& name) {
    TableMetadata metadata;
    metadata.name = name;
    metadata.key_schema = StringKeySchema();
    return std::make_shared<Table>(std::move(metadata), *engine, clock);
  }
  static std::string Text(const TablePtr& table, const PrimaryKey& key) {
    const Item item = table->Get(key).value();
    return item ? TextOf(item, "v") : "";
  }
};

TEST_CASE_METHOD(Fixture, "A transaction writes to all of its tables", "[storage][transaction]") {
  const LogHold hold = one->log()->Follow();
  const Put put_a("a", "1");
  const Put put_b("b", "2");
  const std::vector<TransactionWrite> writes{{{one, &a}, &put_a}, {{two, &b}, &put_b}};
  const auto outcome = WriteTogether(writes);
  REQUIRE(outcome.ok());
  REQUIRE(outcome.value().ok());
  CHECK(outcome.value().results.size() == 2);
  CHECK(Text(one, a) == "1");
  CHECK(Text(two, b) == "2");
  CHECK(one->log()->next_sequence() == 2);
  CHECK(one->statistics().item_count == 1);
  // The second time nothing changes, so nothing is recorded.
  REQUIRE(WriteTogether(writes).value().ok());
  CHECK(one->log()->next_sequence() == 2);
}

TEST_CASE_METHOD(Fixture, "A transaction with one refused write makes none, and says which",
                 "[storage][transaction]") {
  const Put put("a", "1");
  const Refuse refuse;
  const std::vector<TransactionWrite> writes{{{one, &a}, &put}, {{two, &b}, &refuse}};
  const auto outcome = WriteTogether(writes);
  REQUIRE(outcome.ok());
  CHECK_FALSE(outcome.value().ok());
  CHECK(outcome.value().results.empty());
  REQUIRE(outcome.value().faults.size() == 2);
  CHECK_FALSE(outcome.value().faults[0].has_value());
  CHECK(outcome.value().faults[1]->refusal.code == ErrorCode::kConditionalCheckFailed);
  CHECK(Text(one, a).empty());
}

TEST_CASE_METHOD(Fixture, "A transaction on a dropped table fails as a whole",
                 "[storage][transaction]") {
  REQUIRE(two->Drop([](const TableMetadata&) { return Status(); }).ok());
  const Put put("a", "1");
  const std::vector<TransactionWrite> writes{{{one, &a}, &put}, {{two, &a}, &put}};
  const auto outcome = WriteTogether(writes);
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error().kind == Fault::Kind::kTableDropped);
  CHECK(Text(one, a).empty());
}

TEST_CASE_METHOD(Fixture, "A held transaction refuses its items to all others until it ends",
                 "[storage][transaction]") {
  const Put put_a("a", "held");
  const Put other("a", "other");
  const Put put_b("b", "free");
  auto held = HoldTogether({{{one, &a}, &put_a}});
  REQUIRE(held.ok());
  REQUIRE(held.value().ok());

  CHECK(one->Write(a, other).error().kind == Fault::Kind::kItemHeld);
  CHECK(one->Write(b, put_b).ok());
  CHECK(Text(one, a).empty());  // reads see only committed writes
  const std::vector<TransactionWrite> writes{{{one, &a}, &other}, {{two, &b}, &put_b}};
  const auto colliding = WriteTogether(writes);
  REQUIRE(colliding.value().faults.size() == 2);
  CHECK(colliding.value().faults[0]->kind == Fault::Kind::kItemHeld);
  CHECK_FALSE(colliding.value().faults[1].has_value());
  const std::vector<TransactionKey> keys{{one, &a}};
  CHECK(ReadTogether(keys).value().faults[0]->kind == Fault::Kind::kItemHeld);
  CHECK_FALSE(HoldTogether({{{one, &a}, &other}}).value().ok());

  SECTION("by its commit") {
    REQUIRE(held.value().results.front()->Commit().value().ok());
    CHECK(Text(one, a) == "held");
    CHECK(one->Write(a, other).ok());
  }
  SECTION("by going away") {
    held.value().results.clear();
    CHECK(Text(one, a).empty());
    CHECK(one->Write(a, other).ok());
  }
}

TEST_CASE_METHOD(Fixture, "Readers see all of a transaction or nothing of it",
                 "[storage][transaction]") {
  constexpr int kTransfers = 2000;
  std::atomic<bool> done{false};
  const Put zero_a("a", "0");
  const Put zero_b("b", "0");
  REQUIRE(one->Write(a, zero_a).ok());
  REQUIRE(two->Write(b, zero_b).ok());
  const auto transfer = [&](int by) {
    const Add add_a("a", by);
    const Add add_b("b", -by);
    // The tables come in both orders, so locking them in the order of the request would deadlock.
    std::vector<TransactionWrite> writes{{{one, &a}, &add_a}, {{two, &b}, &add_b}};
    if (by % 2 == 0) {
      std::swap(writes[0], writes[1]);
    }
    for (int i = 0; i < kTransfers; ++i) {
      if (!WriteTogether(writes).ok()) {
        return;
      }
    }
  };
  std::thread first([&] { transfer(1); });
  std::thread second([&] { transfer(2); });
  std::atomic<int> torn{0};
  std::thread reader([&] {
    const std::vector<TransactionKey> keys{{two, &b}, {one, &a}};
    while (!done) {
      const auto items = ReadTogether(keys);
      const auto& results = items.value().results;
      torn += std::stoi(TextOf(results[0], "v")) + std::stoi(TextOf(results[1], "v")) == 0 ? 0 : 1;
    }
  });
  first.join();
  second.join();
  done = true;
  reader.join();
  CHECK(torn == 0);
  CHECK(Text(one, a) == std::to_string(3 * kTransfers));
  CHECK(Text(two, b) == std::to_string(-3 * kTransfers));
}

// An Add that claims to be too much work to be done under the tables' locks.
class HeavyAdd final : public Mutation {
 public:
  // By default one of them may be applied under the locks, but not two.
  HeavyAdd(std::string_view key, int by, std::function<void()> meanwhile = nullptr,
           std::size_t work = kWorkUnderLock / 2 + 1)
      : add_(key, by), meanwhile_(std::move(meanwhile)), work_(work) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    ++applied;
    if (meanwhile_) {
      meanwhile_();
    }
    return add_.Apply(before);
  }
  [[nodiscard]] std::size_t Work(std::size_t /*item_bytes*/) const override { return work_; }
  mutable int applied = 0;

 private:
  Add add_;
  std::function<void()> meanwhile_;
  std::size_t work_;
};

TEST_CASE_METHOD(Fixture, "The long work of a transaction is done without the tables' locks",
                 "[storage][transaction]") {
  const HeavyAdd first("a", 1);
  const Put other("c", "1");
  const HeavyAdd second("b", 2, [&] {
    CHECK(one->Write(StringKey("c"), other).ok());  // under the locks this would wait forever
    CHECK(two->Write(StringKey("c"), other).ok());
  });
  const std::vector<TransactionWrite> writes{{{one, &a}, &first}, {{two, &b}, &second}};
  const auto outcome = WriteTogether(writes);
  REQUIRE(outcome.ok());
  REQUIRE(outcome.value().ok());
  CHECK(first.applied == 1);
  CHECK(second.applied == 1);
  CHECK(Text(one, a) == "1");
  CHECK(Text(two, b) == "2");
}

TEST_CASE_METHOD(Fixture, "A transaction is worked out again for an item that has changed",
                 "[storage][transaction]") {
  int rounds = 0;
  const HeavyAdd first("a", 1);
  const Add add("b", 10);
  const HeavyAdd second("b", 2, [&] {
    if (rounds++ == 0) {
      CHECK(two->Write(b, add).ok());
    }
  });
  const std::vector<TransactionWrite> writes{{{one, &a}, &first}, {{two, &b}, &second}};
  REQUIRE(WriteTogether(writes).value().ok());
  CHECK(first.applied == 1);  // its item has not changed
  CHECK(second.applied == 2);
  CHECK(Text(two, b) == "12");
}

TEST_CASE_METHOD(Fixture, "A transaction whose items keep changing is in conflict with who does it",
                 "[storage][transaction]") {
  const HeavyAdd first("a", 1);
  const Add add("b", 10);
  const HeavyAdd second(
      "b", 2, [&] { CHECK(two->Write(b, add).ok()); }, kWorkUnderLock + 1);
  const std::vector<TransactionWrite> writes{{{one, &a}, &first}, {{two, &b}, &second}};
  const auto outcome = WriteTogether(writes);
  REQUIRE(outcome.ok());
  REQUIRE_FALSE(outcome.value().ok());
  CHECK_FALSE(outcome.value().faults[0].has_value());
  REQUIRE(outcome.value().faults[1].has_value());
  CHECK(outcome.value().faults[1]->kind == Fault::Kind::kItemHeld);
  CHECK(Text(one, a).empty());
}

TEST_CASE_METHOD(Fixture, "Long work of a transaction does not pass over held items",
                 "[storage][transaction]") {
  const Put put("b", "held");
  auto held = HoldTogether({{{two, &b}, &put}});
  REQUIRE(held.value().ok());
  const HeavyAdd first("a", 1);
  const HeavyAdd second("b", 2);
  const std::vector<TransactionWrite> writes{{{one, &a}, &first}, {{two, &b}, &second}};
  const auto outcome = WriteTogether(writes);
  REQUIRE(outcome.ok());
  REQUIRE_FALSE(outcome.value().ok());
  CHECK(outcome.value().faults[1]->kind == Fault::Kind::kItemHeld);
  CHECK(second.applied == 0);
  REQUIRE(held.value().results.front()->Commit().value().ok());
  CHECK(Text(two, b) == "held");
  REQUIRE(WriteTogether(std::vector<TransactionWrite>{{{one, &a}, &first}}).value().ok());
}

}  // namespace
}  // namespace weir::storage
