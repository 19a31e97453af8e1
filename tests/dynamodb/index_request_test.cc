// SPDX-License-Identifier: Apache-2.0
// Writes to and reads of a table with indexes: the order in which they find faults.
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kFault = "ValidationException: ";
const std::string kInvalid = kFault + "One or more parameter values were invalid: ";
const std::string kScalars =
    kFault +
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";

// A table "orders" with the keys pk and sk (S), the global indexes "first" over (g, h) and "second"
// over (g), which has only keys, and the local index "local" over (pk, l).
struct Fixture : DatabaseFixture {
  Fixture() {
    Must("CreateTable", R"({
      "TableName": "orders",
      "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                               {"AttributeName": "sk", "AttributeType": "S"},
                               {"AttributeName": "g", "AttributeType": "S"},
                               {"AttributeName": "h", "AttributeType": "N"},
                               {"AttributeName": "l", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"}],
      "GlobalSecondaryIndexes": [
        {"IndexName": "first", "Projection": {"ProjectionType": "ALL"},
         "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"},
                       {"AttributeName": "h", "KeyType": "RANGE"}]},
        {"IndexName": "second", "Projection": {"ProjectionType": "KEYS_ONLY"},
         "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}],
      "LocalSecondaryIndexes": [
        {"IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
         "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                       {"AttributeName": "l", "KeyType": "RANGE"}]}]})");
  }
};

Json Text(const std::string& text) {
  return {{"S", text}};
}

TEST_CASE_METHOD(Fixture, "Each step of a put with index keys comes before the next",
                 "[operations][PutItem][index]") {
  Json request = {{"TableName", "orders"},
                  {"Item",
                   {{"pk", Text("p")},
                    {"g", {{"N", "1"}}},
                    {"l", Text("")},
                    {"large", Text(std::string(410'000, 'x'))}}},
                  {"ConditionExpression", "attribute_exists(g.x)"}};
  Json& item = request["Item"];
  const auto fault = [&] { return Run("PutItem", request.dump()).error(); };

  CHECK(fault() == kFault + "Item size has exceeded the maximum allowed size");
  item.erase("large");
  CHECK(fault() == kInvalid + "Missing the key sk in the item");
  item["sk"] = Text("s");
  // Global indexes before local ones, in the order of their definition.
  CHECK(fault() ==
        kInvalid + "Type mismatch for Index Key g Expected: S Actual: N IndexName: first");
  item["g"] = Text("g");
  CHECK(fault() == kFault +
                       "One or more parameter values are not valid. A value specified for a "
                       "secondary index key is not supported. The AttributeValue for a key "
                       "attribute cannot contain an empty string value. IndexName: local, "
                       "IndexKey: l");
  item["l"] = Text("l");
  CHECK(fault() == kScalars + "IndexKey: g");
  request["ConditionExpression"] = "attribute_exists(g)";
  CHECK(fault() == "ConditionalCheckFailedException: The conditional request failed");
  request.erase("ConditionExpression");
  CHECK(fault().empty());
}

TEST_CASE_METHOD(Fixture, "Each step of an update with index keys comes before the next",
                 "[operations][UpdateItem][index]") {
  Json request = {{"TableName", "orders"},
                  {"Key", {{"pk", Text("p")}}},
                  {"UpdateExpression", "SET g = :n, l.x = :n"},
                  {"ConditionExpression", "attribute_exists(pk)"},
                  {"ExpressionAttributeValues", {{":n", {{"N", "1"}}}}}};
  const auto fault = [&] { return Run("UpdateItem", request.dump()).error(); };

  CHECK(fault() == kFault + "The provided key element does not match the schema");
  request["Key"]["sk"] = Text("s");
  CHECK(fault() == kScalars + "IndexKey: l");
  request["UpdateExpression"] = "SET g = if_not_exists(l, :n)";
  // The fault of the computed value shows only if the condition holds.
  CHECK(fault() == "ConditionalCheckFailedException: The conditional request failed");
  request.erase("ConditionExpression");
  CHECK(fault() ==
        kFault +
            "The update expression attempted to update the secondary index key to unsupported "
            "type");
  // A failed update creates no item.
  CHECK(Must("GetItem", Json{{"TableName", "orders"}, {"Key", request["Key"]}}.dump()) ==
        Json::object());
  request["UpdateExpression"] = "SET h = if_not_exists(l, :n)";
  CHECK(fault().empty());
}

TEST_CASE_METHOD(Fixture, "Each step of a query of an index comes before the next",
                 "[operations][Query][index]") {
  Json request = {{"TableName", "nowhere"},
                  {"IndexName", "nothing"},
                  {"ConsistentRead", true},
                  {"Select", "ALL_ATTRIBUTES"},
                  {"ExclusiveStartKey", {{"g", Text("other")}}},
                  {"KeyConditionExpression", "h = :v"},
                  {"FilterExpression", "g.x = :v"},
                  {"ExpressionAttributeValues", {{":v", Text("v")}}}};
  const auto fault = [&] { return Run("Query", request.dump()).error(); };

  CHECK(fault() == "ResourceNotFoundException: Requested resource not found");
  request["TableName"] = "orders";
  CHECK(fault() == kFault + "The table does not have the specified index: nothing");
  request["IndexName"] = "second";
  CHECK(fault() == kFault + "Consistent reads are not supported on global secondary indexes");
  request.erase("ConsistentRead");
  CHECK(fault() == kInvalid +
                       "Select type ALL_ATTRIBUTES is not supported for global secondary index "
                       "second because its projection type is not ALL");
  request.erase("Select");
  CHECK(fault() == kFault + "The provided starting key is invalid");
  request["ExclusiveStartKey"]["pk"] = Text("p");
  request["ExclusiveStartKey"]["sk"] = Text("s");
  CHECK(fault() == kFault + "Query condition missed key schema element: g");
  request["KeyConditionExpression"] = "g = :v";
  CHECK(fault() == kScalars + "IndexKey: g");
  request["FilterExpression"] = "g = :v";
  CHECK(fault() == kFault +
                       "Filter Expression can only contain non-primary key attributes: Primary key "
                       "attribute: g");
  request["FilterExpression"] = "x = :v";
  CHECK(fault() ==
        kInvalid + "Secondary index second does not project one or more filter attributes: [x]");
  request.erase("FilterExpression");
  request["ProjectionExpression"] = "x";
  CHECK(fault() == kInvalid + "Global secondary index second does not project [x]");
  request.erase("ProjectionExpression");
  CHECK(fault() ==
        kFault +
            "The provided starting key is outside query boundaries based on provided conditions");
  request["ExclusiveStartKey"]["g"] = Text("v");
  CHECK(fault().empty());
}

TEST_CASE_METHOD(Fixture, "Each step of a scan of an index comes before the next",
                 "[operations][Scan][index]") {
  Json request = {{"TableName", "orders"},
                  {"IndexName", "nothing"},
                  {"ConsistentRead", true},
                  {"Select", "ALL_ATTRIBUTES"},
                  {"ExclusiveStartKey", {{"g", {{"N", "1"}}}}}};
  const auto fault = [&] { return Run("Scan", request.dump()).error(); };

  CHECK(fault() == kFault + "The table does not have the specified index: nothing");
  request["IndexName"] = "second";
  CHECK(fault() == kFault + "Consistent reads are not supported on global secondary indexes");
  request.erase("ConsistentRead");
  CHECK(fault() == kInvalid +
                       "Select type ALL_ATTRIBUTES is not supported for global secondary index "
                       "second because its projection type is not ALL");
  request.erase("Select");
  CHECK(fault() ==
        kInvalid + "Type mismatch for Index Key g Expected: S Actual: N IndexName: second");
  request["ExclusiveStartKey"]["g"] = Text("v");
  CHECK(fault() == kFault + "The provided starting key is invalid");
  request["ExclusiveStartKey"]["pk"] = Text("p");
  request["ExclusiveStartKey"]["sk"] = Text("s");
  request["FilterExpression"] = "attribute_exists(g.x)";
  CHECK(fault() == kScalars + "IndexKey: g");
  request.erase("FilterExpression");
  CHECK(fault().empty());
}

TEST_CASE_METHOD(Fixture, "A batch with one unfit index key writes nothing",
                 "[operations][BatchWriteItem][index]") {
  Json writes;
  for (const char* sort : {"1", "2", "3"}) {
    Json item = {{"pk", Text("p")}, {"sk", Text(sort)}, {"g", Text("g")}, {"h", {{"N", sort}}}};
    if (std::string(sort) == "3") {
      item["h"] = Text("not a number");
    }
    writes.push_back({{"PutRequest", {{"Item", item}}}});
  }
  CHECK(Run("BatchWriteItem", Json{{"RequestItems", {{"orders", writes}}}}.dump()).error() ==
        kInvalid + "Type mismatch for Index Key h Expected: N Actual: S IndexName: first");
  CHECK(Must("Scan", R"({"TableName":"orders"})")["Count"] == 0);
  CHECK(Must("Scan", R"({"TableName":"orders","IndexName":"first"})")["Count"] == 0);
}

}  // namespace
}  // namespace weir::testing
