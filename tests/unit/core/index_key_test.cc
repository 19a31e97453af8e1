// SPDX-License-Identifier: Apache-2.0
#include "core/index_key.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/limits.h"
#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using testing::Num;
using testing::StringItem;

IndexKeySchema Strings(std::vector<std::string> partition, std::vector<std::string> sort) {
  IndexKeySchema schema;
  for (std::string& name : partition) {
    schema.partition.push_back({std::move(name), ValueType::kString});
  }
  for (std::string& name : sort) {
    schema.sort.push_back({std::move(name), ValueType::kString});
  }
  return schema;
}

// A random text with many zero bytes and 0xFF, which have a meaning in keys.
std::string RandomText(std::mt19937& random) {
  const std::string alphabet(
      "\0\x01\xFE\xFF"
      "ab",
      6);
  std::string text;
  for (std::size_t size = 1 + random() % 4; size > 0; --size) {
    text.push_back(alphabet[random() % alphabet.size()]);
  }
  return text;
}

TEST_CASE("Index entries are ordered by each sort attribute, then by the item's key",
          "[core][IndexKey]") {
  const IndexKeySchema schema = Strings({"g"}, {"a", "b"});
  std::mt19937 random(7);
  struct Row {
    std::vector<std::string> order;  // the texts that decide the order
    std::string entry;
  };
  std::vector<Row> rows;
  for (int i = 0; i < 400; ++i) {
    const std::string a = RandomText(random);
    const std::string b = RandomText(random);
    const std::string primary = RandomText(random);
    const Item item = StringItem({{"g", "same"}, {"a", a}, {"b", b}});
    rows.push_back({{a, b, primary}, *IndexEntryKey(schema, item.attributes(), primary)});
  }
  for (const Row& one : rows) {
    for (const Row& other : rows) {
      REQUIRE((one.entry < other.entry) == (one.order < other.order));
    }
  }
}

TEST_CASE("What starts with a sort value's bytes starts with the value", "[core][IndexKey]") {
  std::mt19937 random(8);
  for (int i = 0; i < 20'000; ++i) {
    const std::string one = RandomText(random);
    const std::string other = RandomText(random);
    REQUIRE(SortPart(one).starts_with(EscapedSortBytes(other)) == one.starts_with(other));
    REQUIRE(SortPart(one).starts_with(SortPart(other)) == (one == other));
  }
}

TEST_CASE("An index partition is found by the prefix of its values", "[core][IndexKey]") {
  const IndexKeySchema schema = Strings({"g", "h"}, {"a"});
  const Item item = StringItem({{"g", "x"}, {"h", "yz"}, {"a", "1"}});
  const std::string entry = *IndexEntryKey(schema, item.attributes(), "k");
  const auto prefix = [&](std::string_view g, std::string_view h) {
    const Item values = StringItem({{"g", g}, {"h", h}});
    const std::vector<Value> partition{*values.attributes().Find("g"),
                                       *values.attributes().Find("h")};
    return PrimaryKey::PartitionPrefix(partition);
  };
  CHECK(entry.starts_with(prefix("x", "yz")));
  // The same bytes, split at another place, are another partition.
  CHECK_FALSE(entry.starts_with(prefix("xy", "z")));
}

TEST_CASE("One partition attribute gives the prefix of a table's key", "[core][IndexKey]") {
  const Item item = StringItem({{"pk", "p"}});
  const std::string entry = *IndexEntryKey(Strings({"pk"}, {}), item.attributes(), "k");
  CHECK(entry == std::string(testing::StringKey("p").partition_prefix()) + "k");
}

TEST_CASE("An item whose index key is missing or unfit has no entry", "[core][IndexKey]") {
  IndexKeySchema schema = Strings({"g"}, {"a"});
  const auto has_entry = [&](const Item& item) {
    return IndexEntryKey(schema, item.attributes(), "k").has_value();
  };
  CHECK(has_entry(StringItem({{"g", "x"}, {"a", "y"}})));
  CHECK_FALSE(has_entry(StringItem({{"g", "x"}})));
  CHECK_FALSE(has_entry(StringItem({{"a", "y"}})));
  CHECK_FALSE(has_entry(StringItem({{"g", ""}, {"a", "y"}})));
  CHECK_FALSE(has_entry(StringItem({{"g", "x"}, {"a", ""}})));
  const std::string longest_partition(limits::kPartitionKeySize, 'x');
  const std::string longest_sort(limits::kSortKeySize, 'x');
  CHECK(has_entry(StringItem({{"g", longest_partition}, {"a", longest_sort}})));
  CHECK_FALSE(has_entry(StringItem({{"g", longest_partition + "x"}, {"a", "y"}})));
  CHECK_FALSE(has_entry(StringItem({{"g", "x"}, {"a", longest_sort + "x"}})));
  schema.sort[0].type = ValueType::kNumber;
  CHECK_FALSE(has_entry(StringItem({{"g", "x"}, {"a", "1"}})));
}

TEST_CASE("Attributes of an index key that are too long together make no entry",
          "[core][IndexKey]") {
  const IndexKeySchema schema = Strings({"g", "h"}, {"a", "b"});
  const auto has_entry = [&](std::size_t h, std::size_t b) {
    const Item item = StringItem(
        {{"g", "x"}, {"h", std::string(h, 'x')}, {"a", "yy"}, {"b", std::string(b, 'x')}});
    return IndexEntryKey(schema, item.attributes(), "k").has_value();
  };
  CHECK(has_entry(limits::kPartitionKeySize - 1, limits::kSortKeySize - 2));
  CHECK_FALSE(has_entry(limits::kPartitionKeySize, 1));
  CHECK_FALSE(has_entry(1, limits::kSortKeySize - 1));
  const Item item = StringItem({{"a", "abc"}, {"c", "no key"}});
  CHECK(IndexKeySize(schema.sort, item.attributes()) == 3);
  CHECK(IndexKeySize(schema.partition, item.attributes()) == 0);
}

TEST_CASE("Why an index cannot hold a value", "[core][IndexKey]") {
  const KeyAttribute attribute{"a", ValueType::kString};
  const auto fault = [&](std::string_view text) {
    const Item item = StringItem({{"a", text}});
    return CheckIndexKeyValue(attribute, 3, *item.attributes().Find("a"));
  };
  CHECK(fault("abc") == IndexKeyFault::kNone);
  CHECK(fault("abcd") == IndexKeyFault::kTooLong);
  CHECK(fault("") == IndexKeyFault::kEmpty);
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("a");
  writer.Number(Num("1"));
  const Item number = writer.FinishItem();
  CHECK(CheckIndexKeyValue(attribute, 3, *number.attributes().Find("a")) == IndexKeyFault::kType);
}

}  // namespace
}  // namespace weir
