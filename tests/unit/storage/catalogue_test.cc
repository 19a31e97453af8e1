// SPDX-License-Identifier: Apache-2.0
#include "storage/catalogue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/limits.h"
#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using Names = std::vector<std::string>;

struct Fixture {
  ManualClock clock{Micros(0)};
  std::unique_ptr<Engine> engine = NewMemoryEngine();
  Catalogue catalogue;

  TablePtr NewTable(const std::string& name) {
    TableMetadata metadata;
    metadata.name = name;
    metadata.key_schema = testing::StringKeySchema();
    return std::make_shared<Table>(std::move(metadata), *engine, clock);
  }
  Outcome<void> Add(const TablePtr& table) {
    return catalogue.Add(table, [] { return Status(); });
  }
};

TEST_CASE_METHOD(Fixture, "Tables are found by name until they are removed",
                 "[storage][catalogue]") {
  const TablePtr table = NewTable("orders");
  CHECK(catalogue.Find("orders") == nullptr);
  REQUIRE(Add(table).ok());
  CHECK(catalogue.Find("orders") == table);
  CHECK(catalogue.Find("Orders") == nullptr);
  CHECK(catalogue.Find("order") == nullptr);
  catalogue.Remove(*table);
  CHECK(catalogue.Find("orders") == nullptr);
  catalogue.Remove(*table);  // a second removal does nothing
}

TEST_CASE_METHOD(Fixture, "A name is taken once", "[storage][catalogue]") {
  REQUIRE(Add(NewTable("orders")).ok());
  bool prepared = false;
  const Outcome<void> again = catalogue.Add(NewTable("orders"), [&] {
    prepared = true;
    return Status();
  });
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().kind == Fault::Kind::kTableNameTaken);
  CHECK(again.error().name == "orders");
  CHECK_FALSE(prepared);
}

TEST_CASE_METHOD(Fixture, "A table whose preparation fails is not added", "[storage][catalogue]") {
  const Outcome<void> status =
      catalogue.Add(NewTable("orders"), [] { return Status(ValidationError("no")); });
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().refusal.message == "no");
  CHECK(catalogue.Find("orders") == nullptr);
  CHECK(Add(NewTable("orders")).ok());
}

TEST_CASE_METHOD(Fixture, "Removing an old table spares the new one of its name",
                 "[storage][catalogue]") {
  const TablePtr old = NewTable("orders");
  REQUIRE(Add(old).ok());
  catalogue.Remove(*old);
  const TablePtr renewed = NewTable("orders");
  REQUIRE(Add(renewed).ok());
  catalogue.Remove(*old);
  CHECK(catalogue.Find("orders") == renewed);
}

TEST_CASE_METHOD(Fixture, "A table that leaves later keeps its name until then",
                 "[storage][catalogue]") {
  const TablePtr table = NewTable("orders");
  REQUIRE(Add(table).ok());
  CHECK_FALSE(catalogue.expires());
  catalogue.RemoveAt(table, Micros(10));
  CHECK(catalogue.expires());
  CHECK(catalogue.Find("orders") == table);
  CHECK(catalogue.Expire(Micros(9)).empty());
  CHECK_FALSE(Add(NewTable("orders")).ok());
  CHECK(catalogue.Expire(Micros(10)) == std::vector<TablePtr>{table});
  CHECK_FALSE(catalogue.expires());
  CHECK(catalogue.Find("orders") == nullptr);
  CHECK(Add(NewTable("orders")).ok());
}

TEST_CASE_METHOD(Fixture, "Tables leave in the order of their times", "[storage][catalogue]") {
  const TablePtr late = NewTable("late");
  const TablePtr early = NewTable("early");
  REQUIRE(Add(late).ok());
  REQUIRE(Add(early).ok());
  catalogue.RemoveAt(late, Micros(20));
  catalogue.RemoveAt(early, Micros(10));
  CHECK(catalogue.Expire(Micros(15)) == std::vector<TablePtr>{early});
  CHECK(catalogue.expires());
  CHECK(catalogue.Names("", 10) == Names{"late"});
  CHECK(catalogue.Expire(Micros(25)) == std::vector<TablePtr>{late});
  CHECK(catalogue.Names("", 10).empty());
}

TEST_CASE_METHOD(Fixture, "Names are listed in order, in pages", "[storage][catalogue]") {
  for (const char* name : {"b", "a.1", "C", "a-1", "a_1", "a"}) {
    REQUIRE(Add(NewTable(name)).ok());
  }
  CHECK(catalogue.Names("", 100) == Names{"C", "a", "a-1", "a.1", "a_1", "b"});
  CHECK(catalogue.Names("", 2) == Names{"C", "a"});
  CHECK(catalogue.Names("a", 2) == Names{"a-1", "a.1"});
  CHECK(catalogue.Names("a0", 2) == Names{"a_1", "b"});  // the start need not exist
  CHECK(catalogue.Names("b", 2).empty());
  CHECK(catalogue.Names("", 0).empty());
}

TEST_CASE_METHOD(Fixture, "The number of tables is limited", "[storage][catalogue]") {
  for (std::size_t i = 0; i < limits::kTablesPerRegion; ++i) {
    REQUIRE(Add(NewTable("t" + std::to_string(i))).ok());
  }
  const Outcome<void> status = Add(NewTable("one-more"));
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().kind == Fault::Kind::kTooManyTables);
  catalogue.Remove(*catalogue.Find("t0"));
  CHECK(Add(NewTable("one-more")).ok());
}

TEST_CASE_METHOD(Fixture, "Of several threads one gets the name", "[storage][catalogue]") {
  std::atomic<int> added{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &added] {
      for (int round = 0; round < 50; ++round) {
        added += Add(NewTable("t" + std::to_string(round))).ok() ? 1 : 0;
        (void)catalogue.Find("t" + std::to_string(round));
        (void)catalogue.Names("", 10);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(added == 50);
}

}  // namespace
}  // namespace weir::storage
