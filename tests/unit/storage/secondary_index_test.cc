// SPDX-License-Identifier: Apache-2.0
#include "storage/secondary_index.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "storage/item_collections.h"
#include "storage/table.h"
#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using testing::StringItem;
using testing::StringKey;
using testing::StringKeySchema;
using testing::TextOf;

class Store final : public Mutation {
 public:
  explicit Store(Item item) : item_(std::move(item)) {}
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  Item item_;
};

IndexDefinitionPtr Index(std::string name, IndexScope scope, ProjectionType projection) {
  auto index = std::make_shared<IndexDefinition>();
  index->name = std::move(name);
  index->scope = scope;
  index->key_schema = {{{"g", ValueType::kString}}, {}};
  index->projection_type = projection;
  index->projected = ProjectedAttributes(*index, StringKeySchema());
  return index;
}

// A table with the key "pk" and an index on "g".
struct Fixture {
  explicit Fixture(IndexScope scope = IndexScope::kGlobal,
                   ProjectionType projection = ProjectionType::kKeysOnly)
      : index(Index("by-g", scope, projection)) {}

  IndexDefinitionPtr index;
  ManualClock clock{Micros(1'000'000)};
  std::unique_ptr<Engine> engine = NewMemoryEngine();
  Table table{Description(), *engine, clock};

  TableMetadata Description() const {
    TableMetadata metadata;
    metadata.name = "t";
    metadata.key_schema = StringKeySchema();
    metadata.indexes = {index};
    return metadata;
  }
  WriteResult Put(std::string_view key, const Item& item) {
    Outcome<WriteResult> result = table.Write(StringKey(key), Store(item));
    REQUIRE(result.ok());
    return std::move(result).value();
  }
  // "g/pk/v" for every entry, in index order.
  std::vector<std::string> Entries() const {
    Outcome<std::unique_ptr<SpaceView>> view = table.Snapshot(*index);
    REQUIRE(view.ok());
    std::vector<std::string> entries;
    const std::unique_ptr<Cursor> cursor = view.value()->NewCursor();
    for (cursor->SeekToFirst(); cursor->valid(); cursor->Next()) {
      const Item& item = cursor->item();
      entries.push_back(TextOf(item, "g") + "/" + TextOf(item, "pk") + "/" + TextOf(item, "v"));
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }
  using Strings = std::vector<std::string>;
};

TEST_CASE("An index follows its table's writes", "[storage][SecondaryIndex]") {
  Fixture f;
  f.Put("1", StringItem({{"pk", "1"}, {"g", "x"}, {"v", "a"}}));
  f.Put("2", StringItem({{"pk", "2"}, {"g", "x"}, {"v", "b"}}));
  f.Put("3", StringItem({{"pk", "3"}, {"v", "c"}}));  // has no "g", so no entry
  CHECK(f.Entries() == Fixture::Strings{"x/1/a", "x/2/b"});
  f.Put("1", StringItem({{"pk", "1"}, {"g", "y"}, {"v", "a"}}));  // its entry moves
  f.Put("2", StringItem({{"pk", "2"}, {"g", "x"}, {"v", "B"}}));  // "v" is not projected
  CHECK(f.Entries() == Fixture::Strings{"x/2/B", "y/1/a"});
  f.Put("3", StringItem({{"pk", "3"}, {"g", "x"}}));  // enters the index
  f.Put("2", StringItem({{"pk", "2"}}));              // leaves the index
  f.Put("1", Item());                                 // is deleted
  CHECK(f.Entries() == Fixture::Strings{"x/3/-"});
}

TEST_CASE("An index counts its entries as they are shown", "[storage][SecondaryIndex]") {
  Fixture f;
  f.Put("1", StringItem({{"pk", "1"}, {"g", "x"}, {"v", "long text"}}));
  f.Put("2", StringItem({{"pk", "2"}, {"v", "long text"}}));
  const auto counted = [&] { return f.table.statistics().indexes.at("by-g"); };
  CHECK(counted().item_count == 1);
  CHECK(counted().size_bytes == 3 + 2);  // pk and g
  f.Put("1", StringItem({{"pk", "1"}, {"g", "xyz"}}));
  CHECK(counted().item_count == 1);
  CHECK(counted().size_bytes == 3 + 4);
  f.Put("1", Item());
  CHECK(counted().item_count == 0);
  CHECK(counted().size_bytes == 0);
}

TEST_CASE("A snapshot of an index sees no later write", "[storage][SecondaryIndex]") {
  Fixture f;
  f.Put("1", StringItem({{"pk", "1"}, {"g", "x"}}));
  Outcome<std::unique_ptr<SpaceView>> view = f.table.Snapshot(*f.index);
  REQUIRE(view.ok());
  f.Put("1", Item());
  const std::unique_ptr<Cursor> cursor = view.value()->NewCursor();
  cursor->SeekToFirst();
  REQUIRE(cursor->valid());
  CHECK(TextOf(cursor->item(), "g") == "x");
}

TEST_CASE("A table knows its own indexes only", "[storage][SecondaryIndex]") {
  Fixture f;
  const IndexDefinitionPtr other = Index("other", IndexScope::kGlobal, ProjectionType::kAll);
  const auto view = f.table.Snapshot(*other);
  REQUIRE_FALSE(view.ok());
  CHECK(view.error().kind == Fault::Kind::kIndexMissing);
  CHECK(FindIndex(*f.table.metadata(), "by-g") == f.index);
  CHECK(FindIndex(*f.table.metadata(), "other") == nullptr);
}

TEST_CASE("A write tells the size of its item collection where there are local indexes",
          "[storage][ItemCollections]") {
  Fixture global;
  CHECK_FALSE(global.Put("1", StringItem({{"pk", "1"}})).collection_size.has_value());

  Fixture f(IndexScope::kLocal);
  const Item item = StringItem({{"pk", "1"}, {"g", "x"}, {"v", "ab"}});
  CHECK(f.Put("1", item).collection_size == 8 + 5);  // the item, and its entry: pk and g
  CHECK(f.Put("1", item).collection_size == 8 + 5);  // nothing changed
  CHECK(f.Put("2", StringItem({{"pk", "2"}})).collection_size == 3);
  CHECK(f.Put("1", Item()).collection_size == 0);
}

TEST_CASE("An item collection cannot grow beyond its limit", "[storage][ItemCollections]") {
  ItemCollections collections;
  collections.Change("p", 0, limits::kItemCollectionSize - 10);
  CHECK(collections.CheckGrowth("p", 0, 10).ok());
  const Outcome<void> status = collections.CheckGrowth("p", 0, 11);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().kind == Fault::Kind::kItemCollectionTooLarge);
  CHECK(collections.CheckGrowth("q", 0, 11).ok());
  // A collection that does not grow is accepted, however large it is.
  collections.Change("p", 0, 100);
  CHECK(collections.CheckGrowth("p", 50, 50).ok());
  CHECK_FALSE(collections.CheckGrowth("p", 50, 51).ok());
  collections.Change("p", collections.SizeOf("p"), 0);
  CHECK(collections.SizeOf("p") == 0);
}

}  // namespace
}  // namespace weir::storage
