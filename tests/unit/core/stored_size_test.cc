// SPDX-License-Identifier: Apache-2.0
#include "core/stored_size.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/value_writer.h"

namespace weir {
namespace {

// An item with a string partition key, a string sort key and a string of `size` bytes.
Item ItemOf(const std::string& sort, std::size_t size, const std::string& name = "v") {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("pk");
  writer.String("partition1");
  writer.Name("sk");
  writer.String(sort);
  writer.Name(name);
  writer.String(std::string(size, 'x'));
  return writer.FinishItem();
}

const KeySchema kSchema{{"pk", ValueType::kString}, KeyAttribute{"sk", ValueType::kString}};

}  // namespace

TEST_CASE("25 items at the boundary found on AWS just fit a page", "[core][stored_size]") {
  // One byte more in one of the items would fill the page of 1,048,576 bytes.
  CHECK(25 * StoredSize(kSchema, ItemOf("10", 41'645).attributes()) == 1'048'575);
}

TEST_CASE("The name of an attribute takes one byte however long it is", "[core][stored_size]") {
  CHECK(StoredSize(kSchema, ItemOf("10", 1000).attributes()) ==
        StoredSize(kSchema, ItemOf("10", 1000, std::string(255, 'v')).attributes()));
}

TEST_CASE("The sort key is counted once for every 3,072 bytes begun", "[core][stored_size]") {
  const auto added = [](std::size_t size) {
    return StoredSize(kSchema, ItemOf("1234", size).attributes()) -
           StoredSize(kSchema, ItemOf("123", size).attributes());
  };
  CHECK(added(100) == 1);
  CHECK(added(3100) == 2);
  CHECK(added(6200) == 3);
}

}  // namespace weir
