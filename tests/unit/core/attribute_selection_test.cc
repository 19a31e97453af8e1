// SPDX-License-Identifier: Apache-2.0
#include "core/attribute_selection.h"

#include <catch2/catch.hpp>

#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using testing::StringItem;

const Item kItem = StringItem({{"a", "1"}, {"bb", "22"}, {"c", "333"}, {"d", "4444"}});

TEST_CASE("A selection of all attributes shares the item", "[core][AttributeSelection]") {
  const AttributeSelection all;
  CHECK(all.all());
  CHECK(all.Contains("anything"));
  CHECK(all.Of(kItem).attributes().contents().data() == kItem.attributes().contents().data());
  CHECK(all.AwsSizeOf(kItem) == kItem.aws_size());
}

TEST_CASE("A selection keeps what it names and the item has", "[core][AttributeSelection]") {
  const AttributeSelection some({"zz", "c", "a", "c"});
  CHECK_FALSE(some.all());
  CHECK(some.size() == 3);
  CHECK(some.Contains("c"));
  CHECK_FALSE(some.Contains("b"));
  CHECK(some.Of(kItem).SameContent(StringItem({{"a", "1"}, {"c", "333"}})));
  CHECK(some.AwsSizeOf(kItem) == 2 + 4);
  CHECK(some.Of(kItem).aws_size() == 2 + 4);
}

TEST_CASE("A selection that misses everything leaves an empty item", "[core][AttributeSelection]") {
  const AttributeSelection none({"x"});
  const Item left = none.Of(kItem);
  CHECK(static_cast<bool>(left));
  CHECK(left.attributes().empty());
  CHECK_FALSE(static_cast<bool>(none.Of(Item())));
}

TEST_CASE("A selection compares only what it names", "[core][AttributeSelection]") {
  const AttributeSelection some({"a", "c"});
  const Item other = StringItem({{"a", "1"}, {"bb", "other"}, {"c", "333"}});
  CHECK(some.SameIn(kItem, other));
  CHECK_FALSE(AttributeSelection().SameIn(kItem, other));
  CHECK_FALSE(some.SameIn(kItem, StringItem({{"a", "1"}, {"c", "3"}})));
  CHECK_FALSE(some.SameIn(kItem, StringItem({{"a", "1"}})));
  CHECK(some.SameIn(StringItem({{"bb", "1"}}), StringItem({{"bb", "2"}})));
}

}  // namespace
}  // namespace weir
