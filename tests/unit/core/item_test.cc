// SPDX-License-Identifier: Apache-2.0
#include "core/item.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using testing::StringItem;
using testing::TextOf;

static_assert(std::is_nothrow_move_constructible_v<Item>);
static_assert(std::is_nothrow_move_assignable_v<Item>);

TEST_CASE("A default Item is no item", "[core][item]") {
  const Item none;
  CHECK_FALSE(none);
  CHECK(none.attributes().empty());
  CHECK(none.aws_size() == 0);
  CHECK(none.write_time() == Micros(0));
  CHECK(none.origin() == Origin::kUser);
}

TEST_CASE("Copies share one buffer and moves take it along", "[core][item]") {
  Item item = StringItem({{"a", "text"}});
  const char* buffer = item.attributes().contents().data();
  const Item copy = item;
  CHECK(copy.attributes().contents().data() == buffer);
  const Item moved = std::move(item);
  CHECK(moved.attributes().contents().data() == buffer);
  item = copy;  // assigns to a moved-from item
  CHECK(item.attributes().contents().data() == buffer);
  item = Item();
  CHECK_FALSE(item);
  CHECK(TextOf(copy, "a") == "text");
}

TEST_CASE("Assigning an item to itself keeps it", "[core][item]") {
  Item item = StringItem({{"a", "text"}});
  const Item& same = item;
  item = same;
  CHECK(TextOf(item, "a") == "text");
}

TEST_CASE("A stamp is metadata, not content", "[core][item]") {
  Item stamped = StringItem({{"a", "text"}});
  stamped.Stamp(Micros(1'700'000'000'000'001), Origin::kTimeToLive);
  CHECK(stamped.write_time() == Micros(1'700'000'000'000'001));
  CHECK(stamped.origin() == Origin::kTimeToLive);
  CHECK(stamped.SameContent(StringItem({{"a", "text"}})));
  CHECK(stamped.aws_size() == 5);
}

TEST_CASE("An item knows its size, however far it is from that of its bytes", "[core][item]") {
  // Numbers around the limits of the header, which can hold a difference of 32,767 in each
  // direction.
  const auto elements = GENERATE(as<std::size_t>{}, 0, 1, 100, 32'760, 32'761, 32'762, 32'763,
                                 32'769, 32'770, 32'771, 40'000);
  ValueWriter writer;
  writer.BeginItem();
  SECTION("empty strings, each of which is counted as one byte less than it takes") {
    writer.Name("empty");
    const std::vector<std::string_view> empty(elements);
    writer.Set(ValueType::kStringSet, empty);
  }
  SECTION("nulls, each of which is counted as one byte more") {
    writer.Name("nulls");
    writer.BeginList();
    for (std::size_t i = 0; i < elements; ++i) {
      writer.Null();
    }
    writer.EndList();
  }
  Item item = writer.FinishItem();
  CHECK(item.aws_size() == AwsSize(item.attributes()));
  item.Stamp(Micros(1'700'000'000'000'001), Origin::kReplica);
  CHECK(item.aws_size() == AwsSize(item.attributes()));
  CHECK(item.write_time() == Micros(1'700'000'000'000'001));
  CHECK(item.origin() == Origin::kReplica);
}

TEST_CASE("Handles are counted rightly across threads", "[core][item]") {
  const std::string text(1000, 'x');
  std::atomic<int> wrong{0};
  for (int round = 0; round < 20; ++round) {
    Item shared = StringItem({{"a", text}});
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      // The last of these threads, whichever it is, frees the buffer.
      threads.emplace_back([&wrong, &text, mine = shared] {
        for (int batch = 0; batch < 20; ++batch) {
          for (const Item& copy : std::vector<Item>(10, mine)) {
            wrong += copy.attributes().Find("a")->bytes() == text ? 0 : 1;
          }
        }
      });
    }
    shared = Item();
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace weir
