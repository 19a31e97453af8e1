// SPDX-License-Identifier: Apache-2.0
// PutItem, GetItem and DeleteItem.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kEnvelope = "ValidationException: 1 validation error detected: ";
const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kFailed = "ConditionalCheckFailedException: The conditional request failed";

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("things"); }
  Json Get(const std::string& key) {
    return Must("GetItem", Json{{"TableName", "things"}, {"Key", {{"pk", {{"S", key}}}}}}.dump());
  }
};

TEST_CASE_METHOD(Fixture, "GetItem omits Item when the key is absent", "[operations][GetItem]") {
  CHECK(Get("absent") == Json::object());
}

TEST_CASE_METHOD(Fixture, "GetItem returns every type as it was put",
                 "[operations][GetItem][PutItem]") {
  const Json item = Json::parse(R"({
    "pk": {"S": "a"}, "empty": {"S": ""}, "text": {"S": "h\u00e9\ud83d\ude00\n\"\\\u0001"},
    "n": {"N": "-12.5"}, "b": {"B": "AP8="}, "no bytes": {"B": ""},
    "t": {"BOOL": true}, "f": {"BOOL": false}, "null": {"NULL": true},
    "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["-1", "2", "10"]}, "bs": {"BS": ["AA==", "/w=="]},
    "l": {"L": [{"S": "x"}, {"L": []}, {"M": {"k": {"L": [{"N": "1"}]}}}]},
    "m": {"M": {"inner": {"M": {}}}}})");
  Must("PutItem", Json{{"TableName", "things"}, {"Item", item}}.dump());
  CHECK(Get("a")["Item"] == item);
}

TEST_CASE_METHOD(Fixture, "Numbers and sets come back in their normal form",
                 "[operations][GetItem][PutItem]") {
  Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},
      "n":{"N":"1.50e1"},"ss":{"SS":["b","a"]},"ns":{"NS":["10","2","-1.0"]}}})");
  CHECK(Get("a")["Item"] == Json::parse(R"({"pk":{"S":"a"},"n":{"N":"15"},
      "ss":{"SS":["a","b"]},"ns":{"NS":["-1","2","10"]}})"));
}

TEST_CASE_METHOD(Fixture, "PutItem answers nothing unless asked", "[operations][PutItem]") {
  CHECK(Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"}}})") == Json::object());
}

TEST_CASE_METHOD(Fixture, "PutItem replaces the whole item and can return the old one",
                 "[operations][PutItem]") {
  const std::string first = R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"}},
                                "ReturnValues":"ALL_OLD"})";
  const std::string second = R"({"TableName":"things","Item":{"pk":{"S":"a"},"y":{"N":"2"}},
                                 "ReturnValues":"ALL_OLD"})";
  CHECK(Must("PutItem", first) == Json::object());  // there was no item to return
  CHECK(Must("PutItem", second)["Attributes"] == Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"}})"));
  CHECK(Get("a")["Item"] == Json::parse(R"({"pk":{"S":"a"},"y":{"N":"2"}})"));
}

TEST_CASE_METHOD(Fixture, "PutItem and DeleteItem return NONE or ALL_OLD only",
                 "[operations][PutItem][DeleteItem]") {
  for (const char* values : {"ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}) {
    const Json key = {{"pk", {{"S", "a"}}}};
    const std::string error = kEnvelope + "ReturnValues can only be ALL_OLD or NONE";
    CHECK(Run("PutItem",
              Json{{"TableName", "things"}, {"Item", key}, {"ReturnValues", values}}.dump())
              .error() == error);
    CHECK(Run("DeleteItem",
              Json{{"TableName", "things"}, {"Key", key}, {"ReturnValues", values}}.dump())
              .error() == error);
  }
}

TEST_CASE_METHOD(Fixture, "A failed condition leaves the item alone",
                 "[operations][PutItem][DeleteItem]") {
  const std::string put = R"json({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"}},
                              "ConditionExpression":"attribute_not_exists(pk)"})json";
  Must("PutItem", put);
  const Answer again = Run("PutItem", put);
  CHECK(again.error() == kFailed);
  CHECK(again.body.size() == 2);  // __type and message, no Item
  const std::string remove = R"({"TableName":"things","Key":{"pk":{"S":"a"}},
      "ConditionExpression":"x = :v","ExpressionAttributeValues":{":v":{"N":"2"}}})";
  CHECK(Run("DeleteItem", remove).error() == kFailed);
  CHECK(Get("a")["Item"] == Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"}})"));
}

TEST_CASE_METHOD(Fixture, "A failed condition returns the item when asked",
                 "[operations][PutItem][DeleteItem]") {
  const std::string put = R"json({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"}},
                              "ConditionExpression":"attribute_not_exists(pk)",
                              "ReturnValuesOnConditionCheckFailure":"ALL_OLD"})json";
  Must("PutItem", put);
  const Json item = Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"}})");
  CHECK(Run("PutItem", put).at("/Item") == item);
  const std::string remove = R"json({"TableName":"things","Key":{"pk":{"S":"a"}},
                                 "ConditionExpression":"attribute_not_exists(pk)",
                                 "ReturnValuesOnConditionCheckFailure":"ALL_OLD"})json";
  const Answer failed = Run("DeleteItem", remove);
  CHECK(failed.error() == kFailed);
  CHECK(failed.at("/Item") == item);
  // Without an item there is none to return.
  const Answer missing = Run("DeleteItem", R"json({"TableName":"things","Key":{"pk":{"S":"no"}},
      "ConditionExpression":"attribute_exists(pk)",
      "ReturnValuesOnConditionCheckFailure":"ALL_OLD"})json");
  CHECK(missing.error() == kFailed);
  CHECK_FALSE(missing.body.contains("Item"));
}

TEST_CASE_METHOD(Fixture, "DeleteItem removes the item and can return it",
                 "[operations][DeleteItem]") {
  Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"}}})");
  const std::string remove =
      R"({"TableName":"things","Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})";
  CHECK(Must("DeleteItem", remove)["Attributes"] ==
        Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"}})"));
  CHECK(Get("a") == Json::object());
  CHECK(Must("DeleteItem", remove) == Json::object());  // there was no item
}

TEST_CASE_METHOD(Fixture, "GetItem projects attributes", "[operations][GetItem]") {
  Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"},
      "m":{"M":{"y":{"S":"in"},"z":{"S":"out"}}}}})");
  CHECK(Must("GetItem", R"({"TableName":"things","Key":{"pk":{"S":"a"}},
            "ProjectionExpression":"#x, m.y","ExpressionAttributeNames":{"#x":"x"}})")["Item"] ==
        Json::parse(R"({"x":{"N":"1"},"m":{"M":{"y":{"S":"in"}}}})"));
}

TEST_CASE_METHOD(Fixture, "Consumed capacity is reported when asked",
                 "[operations][GetItem][PutItem][DeleteItem]") {
  const std::string big(1100, 'x');
  const Json put = {{"TableName", "things"},
                    {"Item", {{"pk", {{"S", "a"}}}, {"v", {{"S", big}}}}},
                    {"ReturnConsumedCapacity", "INDEXES"}};
  CHECK(Must("PutItem", put.dump())["ConsumedCapacity"] ==
        Json::parse(R"({"TableName":"things","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}})"));
  const std::string get = R"({"TableName":"things","Key":{"pk":{"S":"a"}},
                              "ReturnConsumedCapacity":"TOTAL","ConsistentRead":)";
  CHECK(Must("GetItem", get + "false}")["ConsumedCapacity"] ==
        Json::parse(R"({"TableName":"things","CapacityUnits":0.5})"));
  CHECK(Must("GetItem", get + "true}")["ConsumedCapacity"]["CapacityUnits"] == 1.0);
  CHECK(Must("DeleteItem", R"({"TableName":"things","Key":{"pk":{"S":"absent"}},
            "ReturnConsumedCapacity":"TOTAL"})")["ConsumedCapacity"]["CapacityUnits"] == 1.0);
}

TEST_CASE_METHOD(Fixture, "Keys must fit the table", "[operations][GetItem][PutItem]") {
  const std::string mismatch =
      "ValidationException: The provided key element does not match the schema";
  for (const char* key : {R"({})", R"({"pk":{"N":"1"}})", R"({"q":{"S":"a"}})",
                          R"({"pk":{"S":"a"},"q":{"S":"a"}})"}) {
    CAPTURE(key);
    const std::string request = R"({"TableName":"things","Key":)" + std::string(key) + "}";
    CHECK(Run("GetItem", request).error() == mismatch);
    CHECK(Run("DeleteItem", request).error() == mismatch);
    CHECK(Run("UpdateItem", request).error() == mismatch);
  }
  CHECK(Run("PutItem", R"({"TableName":"things","Item":{"q":{"S":"a"}}})").error() ==
        kInvalid + "Missing the key pk in the item");
  CHECK(Run("PutItem", R"({"TableName":"things","Item":{"pk":{"N":"1"}}})").error() ==
        kInvalid + "Type mismatch for key pk expected: S actual: N");
}

TEST_CASE_METHOD(Fixture, "An item has at most 400 KB", "[operations][PutItem]") {
  const auto put = [&](std::size_t size) {
    const Json item = {{"pk", {{"S", "a"}}}, {"v", {{"S", std::string(size - 4, 'x')}}}};
    return Run("PutItem", Json{{"TableName", "things"}, {"Item", item}}.dump()).error();
  };
  CHECK(put(409'600) == "");
  CHECK(put(409'601) == "ValidationException: Item size has exceeded the maximum allowed size");
}

TEST_CASE_METHOD(Fixture, "Bad values are refused in the service's words",
                 "[operations][PutItem]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({})",
       "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the "
       "supported datatypes"},
      {R"({"S":"a","N":"1"})",
       "ValidationException: Supplied AttributeValue has more than one datatypes set, must "
       "contain "
       "exactly one of the supported datatypes"},
      {R"({"N":"x"})", kEnvelope + "The parameter cannot be converted to a numeric value: x"},
      {R"({"NULL":false})",
       kEnvelope +
           "One or more parameter values were invalid: Null attribute value types must have "
           "the value of true"},
      {R"({"SS":[]})",
       kEnvelope + "One or more parameter values were invalid: An string set  may not be empty"},
      {R"({"SS":["a","a"]})",
       kEnvelope + "One or more parameter values were invalid: Input collection [\"a\", \"a\"] "
                   "contains duplicates."},
      {R"({"NS":["1","1.0"]})",
       kEnvelope + "One or more parameter values were invalid: Input collection contains "
                   "duplicates."},
  };
  for (const auto& [value, error] : rows) {
    CAPTURE(value);
    CHECK(Run("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"v":)" + value + "}}")
              .error() == error);
  }
  CHECK(Get("a") == Json::object());
}

TEST_CASE_METHOD(DatabaseFixture, "Items of one partition are kept apart by their sort key",
                 "[operations][PutItem][GetItem]") {
  Must("CreateTable", R"({"TableName":"events","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                              {"AttributeName":"sk","AttributeType":"N"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                   {"AttributeName":"sk","KeyType":"RANGE"}]})");
  Must("PutItem", R"({"TableName":"events","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"x"}}})");
  Must("PutItem", R"({"TableName":"events","Item":{"pk":{"S":"a"},"sk":{"N":"2"},"v":{"S":"y"}}})");
  // 1.0 is the same key as 1.
  CHECK(
      Must("GetItem",
           R"({"TableName":"events","Key":{"pk":{"S":"a"},"sk":{"N":"1.0"}}})")["Item"]["v"]["S"] ==
      "x");
  CHECK(Must("GetItem",
             R"({"TableName":"events","Key":{"sk":{"N":"2"},"pk":{"S":"a"}}})")["Item"]["v"]["S"] ==
        "y");
}

TEST_CASE_METHOD(Fixture, "A set with null in it is refused", "[operations][PutItem]") {
  const auto fault = [&](const char* value) {
    return Run("PutItem",
               R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":)" + std::string(value) + "}}")
        .error();
  };
  const std::string invalid = kEnvelope + "One or more parameter values were invalid: ";
  CHECK(fault(R"({"SS":["a",null]})") ==
        invalid + "An string set  may not have a null string as a member");
  CHECK(fault(R"({"NS":[null]})") ==
        invalid + "An number set  may not have a null number as a member");
  CHECK(fault(R"({"BS":["YQ==",null]})") ==
        invalid + "Binary sets may not have a null binary as a member");
}

TEST_CASE_METHOD(Fixture, "Of an attribute given twice the last counts", "[operations][PutItem]") {
  Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},
      "x":{"S":"1"},"x":{"S":"2"}}})");
  CHECK(Get("a")["Item"] == Json::parse(R"({"pk":{"S":"a"},"x":{"S":"2"}})"));
}

TEST_CASE_METHOD(Fixture, "An attribute that is null is a value without a type",
                 "[operations][PutItem]") {
  const std::string empty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  const std::string fault = "ValidationException: " + empty;
  const std::string named =
      "ExpressionAttributeValues contains invalid value: " + empty + " for key :v";
  CHECK(Run("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":null}})").error() ==
        fault);
  CHECK(Run("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"x":{"M":{"y":null}}}})")
            .error() == fault);
  CHECK(Run("GetItem", R"({"TableName":"things","Key":{"pk":{"S":"a"},"x":null}})").error() ==
        fault);
  CHECK(Run("UpdateItem", R"({"TableName":"things","Key":{"pk":{"S":"a"}},
      "UpdateExpression":"SET a = :v","ExpressionAttributeValues":{":v":null}})")
            .error() == "ValidationException: " + named);
}

}  // namespace
}  // namespace weir::testing
