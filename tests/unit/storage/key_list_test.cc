// SPDX-License-Identifier: Apache-2.0
// The oracle is a sorted vector of strings.
#include "storage/key_list.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace weir::storage {
namespace {

using Keys = std::vector<std::string>;

Keys KeysOf(const KeyList& list) {
  Keys keys(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    list.Get(i, keys[i]);
  }
  return keys;
}

KeyList ListOf(const Keys& keys) {
  KeyList list;
  for (const std::string& key : keys) {
    list.Append(key);
  }
  return list;
}

// Random keys: many begin alike, some are so short that they end within their heads, some end in
// zeros, and some are long.
std::string RandomKey(std::mt19937& random) {
  constexpr std::string_view kBeginnings[] = {"",         "a",          "ab",
                                              "abcdefgh", "abcdefghij", "a long common beginning "};
  constexpr std::string_view kEndings[] = {"", "x", "yz", "01234567", "0123456789abcdef"};
  std::string key(kBeginnings[random() % std::size(kBeginnings)]);
  key.append(1 + random() % 3, static_cast<char>('a' + random() % 4));
  key.append(kEndings[random() % std::size(kEndings)]);
  key.append(random() % 4 == 0 ? random() % 10 : 0, '\0');
  key.append(random() % 30 == 0 ? random() % 20'000 : 0, 'z');
  return key;
}

std::ptrdiff_t Offset(std::size_t index) {
  return static_cast<std::ptrdiff_t>(index);
}

// Erases the key if it is there, else inserts it if there is room. Checks what Find returns.
void Toggle(KeyList& list, Keys& keys, const std::string& key) {
  const KeyList::Place place = list.Find(key);
  const auto expected = std::lower_bound(keys.begin(), keys.end(), key);
  REQUIRE(Offset(place.index) == expected - keys.begin());
  REQUIRE(place.found == (expected != keys.end() && *expected == key));
  if (place.found) {
    list.Erase(place.index);
    keys.erase(expected);
  } else if (keys.size() < KeyList::kCapacity) {
    list.Insert(place.index, key);
    keys.insert(expected, key);
  }
}

TEST_CASE("A key list has what was inserted and not erased, in order", "[storage][keys]") {
  const auto seed = static_cast<std::uint32_t>(GENERATE(range(1, 9)));
  CAPTURE(seed);
  std::mt19937 random(seed);
  KeyList list;
  Keys keys;
  for (int i = 0; i < 600; ++i) {
    Toggle(list, keys, RandomKey(random));
    REQUIRE(KeysOf(list) == keys);
  }
}

TEST_CASE("A key list can be cut and joined anywhere", "[storage][keys]") {
  const auto seed = static_cast<std::uint32_t>(GENERATE(range(1, 9)));
  CAPTURE(seed);
  std::mt19937 random(seed);
  Keys keys;
  KeyList list;
  while (keys.size() < 40) {
    Toggle(list, keys, RandomKey(random));
  }
  for (std::size_t cut = 0; cut <= keys.size(); ++cut) {
    KeyList left = list;
    const KeyList right = left.SplitOff(cut);
    REQUIRE(KeysOf(left) == Keys(keys.begin(), keys.begin() + Offset(cut)));
    REQUIRE(KeysOf(right) == Keys(keys.begin() + Offset(cut), keys.end()));
    left.Append(right);
    REQUIRE(KeysOf(left) == keys);
    for (const std::string& key : keys) {
      REQUIRE(left.Find(key).found);
    }
  }
}

TEST_CASE("Lists are joined whatever begins each of them", "[storage][keys]") {
  const Keys first = {"aba", "abb"};
  for (const Keys& second : {Keys{"abc", "abd"},    // the same
                             Keys{"abc1", "abc2"},  // one longer
                             Keys{"ac", "ad"},      // one shorter
                             Keys{"bca", "bcb"},    // another
                             Keys{"abc"}, Keys{}}) {
    Keys both = first;
    both.insert(both.end(), second.begin(), second.end());
    KeyList joined = ListOf(first);
    joined.Append(ListOf(second));
    CHECK(KeysOf(joined) == both);
    KeyList onto_none;
    onto_none.Append(ListOf(second));
    CHECK(KeysOf(onto_none) == second);
  }
}

}  // namespace
}  // namespace weir::storage
