// SPDX-License-Identifier: Apache-2.0
#include "core/key.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/value_writer.h"
#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using testing::Num;
using testing::StringItem;

const std::string kMismatch = "The provided key element does not match the schema";
const std::string kInvalid = "One or more parameter values were invalid: ";

KeySchema Schema(ValueType partition) {
  return {{"p", partition}, std::nullopt};
}
KeySchema Schema(ValueType partition, ValueType sort) {
  return {{"p", partition}, KeyAttribute{"s", sort}};
}

// Writes a scalar of any key type, from its bytes.
void Write(ValueWriter& writer, ValueType type, std::string_view bytes) {
  if (type == ValueType::kString) {
    writer.String(bytes);
  } else if (type == ValueType::kBinary) {
    writer.Binary(bytes);
  } else {
    writer.Number(bytes);
  }
}

Item KeyItem(const KeySchema& schema, std::string_view partition, std::string_view sort = {}) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("p");
  Write(writer, schema.partition.type, partition);
  if (schema.sort.has_value()) {
    writer.Name("s");
    Write(writer, schema.sort->type, sort);
  }
  return writer.FinishItem();
}

std::string Bytes(const KeySchema& schema, std::string_view partition, std::string_view sort = {}) {
  const Result<PrimaryKey> key =
      PrimaryKey::OfRequest(schema, KeyItem(schema, partition, sort).attributes());
  REQUIRE(key.ok());
  return std::string(key.value().bytes());
}

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back("0123456789abcdef"[byte >> 4U]);
    text.push_back("0123456789abcdef"[byte & 0xFU]);
  }
  return text;
}

TEST_CASE("A key is its hash, then the framed partition key, then the sort key", "[core][key]") {
  // The bytes are part of the durable format: a change here is a new kKeyFormatVersion.
  REQUIRE(kKeyFormatVersion == 1);
  const std::string key = Bytes(Schema(ValueType::kString, ValueType::kString), "ab", "xyz");
  CHECK(Hex(key.substr(8)) ==
        "00026162"
        "78797a");
  CHECK(PrimaryKey::HashOf(key) == 0x8d018bed538791b3);
  CHECK(Hex(key.substr(0, 8)) == "8d018bed538791b3");
}

TEST_CASE("Partition and sort key are kept apart", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kString);
  CHECK(Bytes(schema, "ab", "c") != Bytes(schema, "a", "bc"));
  CHECK(PrimaryKey::HashOf(Bytes(schema, "ab", "c")) !=
        PrimaryKey::HashOf(Bytes(schema, "a", "bc")));
  // The sort key does not affect the hash.
  CHECK(PrimaryKey::HashOf(Bytes(schema, "ab", "c")) ==
        PrimaryKey::HashOf(Bytes(schema, "ab", "d")));
  CHECK(PrimaryKey::HashOf(Bytes(schema, "ab", "c")) ==
        PrimaryKey::HashOf(Bytes(Schema(ValueType::kString), "ab")));
}

TEST_CASE("Keys of one partition stand together in the order of their sort keys", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kNumber);
  const std::vector<std::string> ascending = {"-1e125", "-20", "-3", "-0.5", "0",
                                              "1e-130", "0.5", "3",  "20",   "1e125"};
  std::vector<std::string> keys;
  keys.reserve(ascending.size());
  for (const std::string& number : ascending) {
    keys.push_back(Bytes(schema, "one", Num(number)));
  }
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  for (const char* other : {"two", "on", "onee"}) {
    const std::string foreign = Bytes(schema, other, Num("1"));
    CHECK((foreign < keys.front() || foreign > keys.back()));
  }
  const KeySchema binary = Schema(ValueType::kString, ValueType::kBinary);
  CHECK(Bytes(binary, "p", std::string(1, '\0')) < Bytes(binary, "p", std::string(2, '\0')));
  CHECK(Bytes(binary, "p", "\x7F") < Bytes(binary, "p", "\x80"));
}

TEST_CASE("Hashes of similar partition keys spread over the whole range", "[core][key]") {
  std::vector<int> slices(4, 0);
  for (int i = 0; i < 4000; ++i) {
    const std::string key = Bytes(Schema(ValueType::kString), "user#" + std::to_string(i));
    ++slices[PrimaryKey::HashOf(key) >> 62U];
  }
  for (const int count : slices) {
    CHECK(count > 800);
  }
}

TEST_CASE("Equal numbers are one key", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kNumber);
  CHECK(Bytes(schema, Num("1.50")) == Bytes(schema, Num("15e-1")));
  CHECK(Bytes(schema, Num("-0")) == Bytes(schema, Num("0")));
}

TEST_CASE("A put finds its key in the item", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kString);
  const Result<PrimaryKey> key = PrimaryKey::OfItem(
      schema, StringItem({{"s", "c"}, {"other", "x"}, {"p", "ab"}}).attributes());
  REQUIRE(key.ok());
  CHECK(key.value().bytes() == Bytes(schema, "ab", "c"));
  CHECK(key.value().hash() == PrimaryKey::HashOf(key.value().bytes()));
}

std::string PutFault(const KeySchema& schema, const Item& item) {
  const Result<PrimaryKey> key = PrimaryKey::OfItem(schema, item.attributes());
  REQUIRE_FALSE(key.ok());
  CHECK(key.error().code == ErrorCode::kValidation);
  return key.error().message;
}

TEST_CASE("A put is told what is wrong with its key", "[core][key][PutItem]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kNumber);
  CHECK(PutFault(schema, StringItem({{"other", "x"}})) ==
        kInvalid + "Missing the key p in the item");
  CHECK(PutFault(schema, StringItem({{"p", "x"}})) == kInvalid + "Missing the key s in the item");
  CHECK(PutFault(schema, StringItem({{"p", "x"}, {"s", "1"}})) ==
        kInvalid + "Type mismatch for key s expected: N actual: S");
  CHECK(PutFault(Schema(ValueType::kBinary), StringItem({{"p", "x"}})) ==
        kInvalid + "Type mismatch for key p expected: B actual: S");
}

std::string RequestFault(const KeySchema& schema, const Item& item) {
  const Result<PrimaryKey> key = PrimaryKey::OfRequest(schema, item.attributes());
  REQUIRE_FALSE(key.ok());
  CHECK(key.error().code == ErrorCode::kValidation);
  return key.error().message;
}

TEST_CASE("A request's key is exactly the key attributes", "[core][key][GetItem]") {
  const KeySchema both = Schema(ValueType::kString, ValueType::kString);
  CHECK(RequestFault(both, StringItem({})) == kMismatch);
  CHECK(RequestFault(both, StringItem({{"p", "x"}})) == kMismatch);
  CHECK(RequestFault(both, StringItem({{"s", "x"}})) == kMismatch);
  CHECK(RequestFault(both, StringItem({{"p", "x"}, {"q", "y"}})) == kMismatch);
  CHECK(RequestFault(both, StringItem({{"p", "x"}, {"s", "y"}, {"t", "z"}})) == kMismatch);
  CHECK(RequestFault(Schema(ValueType::kString), StringItem({{"p", "x"}, {"s", "y"}})) ==
        kMismatch);
  CHECK(RequestFault(Schema(ValueType::kNumber), StringItem({{"p", "1"}})) == kMismatch);
  CHECK(RequestFault(Schema(ValueType::kString, ValueType::kBinary),
                     StringItem({{"p", "1"}, {"s", "1"}})) == kMismatch);
}

TEST_CASE("Empty key values are refused, by puts and by requests", "[core][key]") {
  const std::string text =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty ";
  const KeySchema strings = Schema(ValueType::kString, ValueType::kString);
  for (const auto& fault : {PutFault, RequestFault}) {
    CHECK(fault(strings, StringItem({{"p", ""}, {"s", "x"}})) == text + "string value. Key: p");
    CHECK(fault(strings, StringItem({{"p", "x"}, {"s", ""}})) == text + "string value. Key: s");
    const KeySchema binary = Schema(ValueType::kBinary);
    CHECK(fault(binary, KeyItem(binary, "")) == text + "binary value. Key: p");
  }
}

TEST_CASE("Keys are limited to 2048 and 1024 bytes", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kString);
  const std::string partition(limits::kPartitionKeySize, 'p');
  const std::string sort(limits::kSortKeySize, 's');
  CHECK(Bytes(schema, partition, sort).size() == 8 + 2 + 2048 + 1024);
  for (const auto& fault : {PutFault, RequestFault}) {
    CHECK(fault(schema, KeyItem(schema, partition + "x", "s")) ==
          kInvalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes");
    CHECK(fault(schema, KeyItem(schema, "p", sort + "x")) ==
          kInvalid + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
}

TEST_CASE("The size of a key counts only key attributes", "[core][key]") {
  const Item item = StringItem({{"p", "ab"}, {"s", "xyz"}, {"other", "text"}});
  CHECK(KeyAwsSize(Schema(ValueType::kString), item.attributes()) == 3);
  CHECK(KeyAwsSize(Schema(ValueType::kString, ValueType::kString), item.attributes()) == 7);
}

TEST_CASE("A schema knows its attributes", "[core][key]") {
  const KeySchema schema = Schema(ValueType::kString, ValueType::kNumber);
  CHECK(schema.Contains("p"));
  CHECK(schema.Contains("s"));
  CHECK_FALSE(schema.Contains("P"));
  CHECK_FALSE(schema.Contains(""));
  CHECK(schema.size() == 2);
  CHECK(Schema(ValueType::kString).size() == 1);
}

}  // namespace
}  // namespace weir
