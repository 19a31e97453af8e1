// SPDX-License-Identifier: Apache-2.0
// The oracle is std::map. Snapshots are compared with deep copies of it.
#include "storage/ordered_tree.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using testing::StringItem;
using testing::TextOf;
using Model = std::map<std::string, std::string>;

Item Holding(const std::string& text) {
  return StringItem({{"v", text}});
}

// The text at a key; "-" for a missing key.
std::string TextAt(const Model& model, const std::string& key) {
  const auto found = model.find(key);
  return found == model.end() ? "-" : found->second;
}

Model Forward(const OrderedTree& tree) {
  Model entries;
  OrderedTree::Cursor cursor(tree);
  std::string previous;
  for (cursor.SeekToFirst(); cursor.valid(); cursor.Next()) {
    const std::string key(cursor.key());
    if (!entries.empty() && key <= previous) {
      FAIL("the cursor went from " << previous << " to " << key);
    }
    entries.emplace(key, TextOf(cursor.item(), "v"));
    previous = key;
  }
  return entries;
}

Model Backward(const OrderedTree& tree) {
  Model entries;
  OrderedTree::Cursor cursor(tree);
  std::string previous;
  for (cursor.SeekToLast(); cursor.valid(); cursor.Previous()) {
    const std::string key(cursor.key());
    if (!entries.empty() && key >= previous) {
      FAIL("the cursor went back from " << previous << " to " << key);
    }
    entries.emplace(key, TextOf(cursor.item(), "v"));
    previous = key;
  }
  return entries;
}

// A tree and its oracle, which get the same random operations.
class Pair {
 public:
  Pair(std::uint32_t seed, int keys) : random_(seed), keys_(keys) {}

  // Puts a random key with a chance of `puts` in 100, else erases it.
  void Step(int puts) {
    const std::string key = RandomKey();
    const std::string before = TextAt(model_, key);
    if (Below(100) < puts) {
      const std::string text = std::to_string(++writes_);
      Expect(tree_.Put(key, Holding(text)), before);
      model_[key] = text;
    } else {
      Expect(tree_.Erase(key), before);
      model_.erase(key);
    }
    const std::string probe = RandomKey();
    Expect(tree_.Find(probe), TextAt(model_, probe));
  }

  // Keys of several lengths, up to the longest allowed. Some are a prefix of another, some differ
  // only in their ends, and one in eight of the latter has up to two zeros at the end.
  std::string RandomKey() {
    const int number = Below(keys_);
    std::string key = std::to_string(number);
    if (number % 3 == 0) {
      key.insert(0, "a partition of a long name/");
    }
    if (number % 5 == 0) {
      key.append(static_cast<std::size_t>(number % 50), 'x');
    }
    if (number % 500 == 1) {
      key.append(static_cast<std::size_t>(number) * 2, 'x');
    }
    if (number % 3 == 0 && Below(8) == 0) {
      key.append(static_cast<std::size_t>(Below(3)), '\0');
    }
    return Below(4) == 0 ? key.substr(0, 1 + static_cast<std::size_t>(Below(3))) : key;
  }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  [[nodiscard]] const OrderedTree& tree() const { return tree_; }
  [[nodiscard]] const Model& model() const { return model_; }

 private:
  static void Expect(const Item& item, const std::string& text) {
    if ((item ? TextOf(item, "v") : "-") != text) {
      FAIL("found " << (item ? TextOf(item, "v") : "-") << " in place of " << text);
    }
  }

  std::mt19937 random_;
  int keys_;
  int writes_ = 0;
  OrderedTree tree_;
  Model model_;
};

TEST_CASE("An empty tree has nothing", "[storage][tree]") {
  OrderedTree tree;
  CHECK(tree.size() == 0);
  CHECK_FALSE(tree.Find("a"));
  CHECK_FALSE(tree.Erase("a"));
  OrderedTree::Cursor cursor(tree);
  CHECK_FALSE(cursor.valid());
  cursor.SeekToFirst();
  CHECK_FALSE(cursor.valid());
  cursor.SeekToLast();
  CHECK_FALSE(cursor.valid());
  cursor.Seek("a");
  CHECK_FALSE(cursor.valid());
}

TEST_CASE("Put and Erase return what was there before", "[storage][tree]") {
  OrderedTree tree;
  CHECK_FALSE(tree.Put("a", Holding("1")));
  CHECK(TextOf(tree.Put("a", Holding("2")), "v") == "1");
  CHECK(tree.size() == 1);
  CHECK(TextOf(tree.Erase("a"), "v") == "2");
  CHECK_FALSE(tree.Erase("a"));
  CHECK(tree.size() == 0);
  CHECK_FALSE(tree.Find("a"));
}

TEST_CASE("The empty key and keys with zero bytes are keys", "[storage][tree]") {
  OrderedTree tree;
  const std::string zero(1, '\0');
  const std::string two(2, '\0');
  tree.Put(two, Holding("two"));
  tree.Put("", Holding("none"));
  tree.Put(zero, Holding("one"));
  tree.Put("\xFF", Holding("last"));
  CHECK(Forward(tree) == Model{{"", "none"}, {zero, "one"}, {two, "two"}, {"\xFF", "last"}});
  CHECK(TextOf(tree.Erase(""), "v") == "none");
  CHECK(tree.size() == 3);
}

TEST_CASE("A tree behaves as a map through growth, churn and decay", "[storage][tree]") {
  const auto seed = static_cast<std::uint32_t>(GENERATE(1, 2, 3));
  CAPTURE(seed);
  Pair pair(seed, 9000);
  std::vector<std::pair<OrderedTree, Model>> snapshots;
  // Enough keys for three levels of nodes, then down to almost nothing, then up again.
  for (const int puts : {95, 50, 3, 80}) {
    for (int i = 0; i < 9000; ++i) {
      pair.Step(puts);
      if (pair.Below(4000) == 0) {
        snapshots.emplace_back(pair.tree(), pair.model());
      }
    }
    REQUIRE(pair.tree().size() == pair.model().size());
    REQUIRE(Forward(pair.tree()) == pair.model());
    REQUIRE(Backward(pair.tree()) == pair.model());
  }
  // Later writes have not changed the copies.
  REQUIRE(snapshots.size() >= 3);
  for (const auto& [tree, model] : snapshots) {
    REQUIRE(tree.size() == model.size());
    REQUIRE(Forward(tree) == model);
    REQUIRE(Backward(tree) == model);
  }
}

TEST_CASE("A tree that is emptied key by key stays sound", "[storage][tree]") {
  const bool ascending = GENERATE(true, false);
  OrderedTree tree;
  Model model;
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(100'000 + i);
    tree.Put(key, Holding(key));
    model[key] = key;
  }
  const OrderedTree full = tree;
  while (!model.empty()) {
    const std::string key = ascending ? model.begin()->first : model.rbegin()->first;
    REQUIRE(TextOf(tree.Erase(key), "v") == key);
    model.erase(key);
    if (model.size() % 500 == 0) {
      REQUIRE(Forward(tree) == model);
    }
  }
  CHECK(tree.size() == 0);
  CHECK(Forward(full).size() == 3000);
  CHECK_FALSE(tree.Put("again", Holding("again")));
  CHECK(Forward(tree) == Model{{"again", "again"}});
}

TEST_CASE("Seek finds the first key not less, and walks both ways from there", "[storage][tree]") {
  constexpr std::uint32_t kSeed = 99;
  Pair pair(kSeed, 20'000);
  for (int i = 0; i < 6000; ++i) {
    pair.Step(90);
  }
  const Model& model = pair.model();
  OrderedTree::Cursor cursor(pair.tree());
  for (int i = 0; i < 2000; ++i) {
    const std::string key = pair.RandomKey() + (i % 2 == 0 ? "" : "x");
    auto expected = model.lower_bound(key);
    cursor.Seek(key);
    REQUIRE(cursor.valid() == (expected != model.end()));
    // A few steps in one direction, also across the borders of nodes.
    for (int step = 0; step < 5 && cursor.valid(); ++step) {
      REQUIRE(cursor.key() == expected->first);
      REQUIRE(TextOf(cursor.item(), "v") == expected->second);
      if (i % 3 == 0) {
        cursor.Next();
        ++expected;
        REQUIRE(cursor.valid() == (expected != model.end()));
      } else {
        const bool first = expected == model.begin();
        cursor.Previous();
        REQUIRE(cursor.valid() == !first);
        expected = first ? expected : std::prev(expected);
      }
    }
  }
}

// Key number `number`, so that keys sort as their numbers do.
std::string KeyOf(int number) {
  const std::string digits = std::to_string(number);
  return "key-" + std::string(8 - digits.size(), '0') + digits;
}

TEST_CASE("A tree that was built is as one that was put together", "[storage][tree]") {
  // The sizes of several builders that are joined; a node has up to 64 entries.
  const std::vector<std::vector<int>> runs = {{0},           {1},
                                              {60},          {61},
                                              {120},         {64 * 60},
                                              {64 * 60 + 1}, {30'000},
                                              {0, 0},        {1, 1},
                                              {61, 1},       {60, 60},
                                              {1, 0, 1},     {15, 1, 1, 1, 1},
                                              {3, 3, 3, 3},  {1, 5000},
                                              {5000, 1},     {61, 61, 61, 61, 61, 61, 61, 61}};
  for (const std::vector<int>& run : runs) {
    CAPTURE(run);
    Model model;
    OrderedTree::Builder whole;
    for (const int count : run) {
      OrderedTree::Builder part;
      for (int i = 0; i < count; ++i) {
        const std::string key = KeyOf(2 * static_cast<int>(model.size()));
        model[key] = key;
        part.Add(key, Holding(key));
      }
      whole.Add(std::move(part));
    }
    OrderedTree tree = whole.Finish();
    REQUIRE(tree.size() == model.size());
    REQUIRE(Forward(tree) == model);
    REQUIRE(Backward(tree) == model);
    // It is changed as any other: new keys between the old ones, and old ones erased.
    std::mt19937 random(1);
    const int keys = 2 * static_cast<int>(model.size()) + 2;
    for (int step = 0; step < 2000; ++step) {
      const std::string key = KeyOf(static_cast<int>(random() % static_cast<unsigned>(keys)));
      const std::string before = TextAt(model, key);
      if (step % 2 == 0) {
        const Item old = tree.Put(key, Holding("new"));
        REQUIRE((old ? TextOf(old, "v") : "-") == before);
        model[key] = "new";
      } else {
        const Item old = tree.Erase(key);
        REQUIRE((old ? TextOf(old, "v") : "-") == before);
        model.erase(key);
      }
    }
    REQUIRE(Forward(tree) == model);
    while (!model.empty()) {
      REQUIRE(tree.Erase(model.begin()->first));
      model.erase(model.begin());
    }
    REQUIRE(tree.size() == 0);
  }
}

TEST_CASE("A cursor keeps to the version it was made from", "[storage][tree]") {
  OrderedTree tree;
  for (int i = 0; i < 1000; ++i) {
    tree.Put(std::to_string(10'000 + i), Holding("old"));
  }
  OrderedTree::Cursor cursor(tree);
  cursor.SeekToFirst();
  for (int i = 0; i < 1000; i += 2) {
    tree.Erase(std::to_string(10'000 + i));
    tree.Put(std::to_string(10'001 + i), Holding("new"));
  }
  int seen = 0;
  for (; cursor.valid(); cursor.Next()) {
    REQUIRE(TextOf(cursor.item(), "v") == "old");
    ++seen;
  }
  CHECK(seen == 1000);
}

TEST_CASE("A copy may be written without touching the original", "[storage][tree]") {
  Pair pair(5, 3000);
  for (int i = 0; i < 5000; ++i) {
    pair.Step(80);
  }
  OrderedTree fork = pair.tree();
  for (int i = 0; i < 3000; ++i) {
    fork.Put("fork" + std::to_string(i), Holding("f"));
    fork.Erase(pair.RandomKey());
  }
  REQUIRE(Forward(pair.tree()) == pair.model());
}

TEST_CASE("Snapshots are read on other threads while the tree is written", "[storage][tree]") {
  Pair pair(11, 2000);
  for (int i = 0; i < 3000; ++i) {
    pair.Step(80);
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int round = 0; round < 8; ++round) {
    readers.emplace_back([&wrong, tree = pair.tree(), model = pair.model()] {
      OrderedTree::Cursor cursor(tree);
      auto expected = model.begin();
      for (cursor.SeekToFirst(); cursor.valid() && expected != model.end(); cursor.Next()) {
        wrong += cursor.key() == expected->first ? 0 : 1;
        ++expected;
      }
      wrong += cursor.valid() || expected != model.end() ? 1 : 0;
    });
    for (int i = 0; i < 1000; ++i) {
      pair.Step(50);
    }
  }
  for (std::thread& reader : readers) {
    reader.join();
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace weir::storage
