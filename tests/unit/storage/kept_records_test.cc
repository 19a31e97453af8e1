// SPDX-License-Identifier: Apache-2.0
#include "storage/kept_records.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

namespace weir::storage {
namespace {

std::vector<std::string> KeysOf(const KeptRecords& records, std::string_view kind) {
  std::vector<std::string> keys;
  for (const KeptRecords::Record& record : records.All(kind)) {
    keys.push_back(record.key);
  }
  return keys;
}

TEST_CASE("Records are found by kind and key", "[storage][KeptRecords]") {
  const std::unique_ptr<Engine> engine = NewMemoryEngine();
  KeptRecords records(*engine);
  records.Put("a", "2", "x");
  records.Put("a", "1", std::string("\0\xff", 2));
  records.Put("ab", "0", "other");
  records.Put("", "0", "no kind");
  CHECK(records.Get("a", "1") == std::string("\0\xff", 2));
  CHECK_FALSE(records.Get("a", "3").has_value());
  CHECK(KeysOf(records, "a") == std::vector<std::string>{"1", "2"});
  CHECK(KeysOf(records, "ab") == std::vector<std::string>{"0"});
  CHECK(KeysOf(records, "b").empty());
  records.Put("a", "2", "y");
  CHECK(records.Get("a", "2") == "y");
  records.Remove("a", "2");
  records.Remove("a", "2");
  CHECK(KeysOf(records, "a") == std::vector<std::string>{"1"});
}

TEST_CASE("The rows of records make them again", "[storage][KeptRecords]") {
  const std::unique_ptr<Engine> engine = NewMemoryEngine();
  KeptRecords records(*engine);
  records.Put("a", "1", "x");
  records.Put("b", "", "");
  KeptRecords again(*engine);
  for (const auto& [key, value] : records.Snapshot()) {
    const std::string row = KeptRecords::RowOf(key, value);
    CHECK(KeptRecords::IsRow(row));
    CHECK(again.Adopt(row));
  }
  CHECK(again.Get("a", "1") == "x");
  CHECK(again.Get("b", "") == "");
}

TEST_CASE("What is no row is not taken", "[storage][KeptRecords]") {
  const std::unique_ptr<Engine> engine = NewMemoryEngine();
  KeptRecords records(*engine);
  records.Put("a", "1", "x");
  const auto snapshot = records.Snapshot();
  const auto& [key, value] = *snapshot.begin();
  const std::string row = KeptRecords::RowOf(key, value);
  for (std::size_t size = 0; size < row.size(); ++size) {
    CHECK_FALSE(KeptRecords::IsRow(row.substr(0, size)));
    CHECK_FALSE(records.Adopt(row.substr(0, size)));
  }
  CHECK_FALSE(records.Adopt(row + "x"));
}

}  // namespace
}  // namespace weir::storage
