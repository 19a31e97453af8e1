// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kEnvelope = "ValidationException: 1 validation error detected: ";

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("things"); }

  // Sends an UpdateItem of the key "a" with these additional members.
  Answer Update(const std::string& members) {
    Json request = Json::parse(R"({"TableName":"things","Key":{"pk":{"S":"a"}}})");
    request.update(Json::parse(members));
    return Run("UpdateItem", request.dump());
  }
  Json Item() {
    return Must("GetItem", R"({"TableName":"things","Key":{"pk":{"S":"a"}}})")["Item"];
  }
  void Put(const std::string& attributes) {
    Json item = Json::parse(attributes);
    item["pk"]["S"] = "a";
    Must("PutItem", Json{{"TableName", "things"}, {"Item", item}}.dump());
  }
};

TEST_CASE_METHOD(Fixture, "UpdateItem without an expression makes sure the item is there",
                 "[operations][UpdateItem]") {
  CHECK(Update("{}").body == Json::object());
  CHECK(Item() == Json::parse(R"({"pk":{"S":"a"}})"));
  CHECK(Update("{}").ok());
  CHECK(Item() == Json::parse(R"({"pk":{"S":"a"}})"));
}

TEST_CASE_METHOD(Fixture, "SET and REMOVE change only what they name", "[operations][UpdateItem]") {
  Put(R"({"x":{"N":"1"},"y":{"S":"keep"},"z":{"S":"go"}})");
  REQUIRE(Update(R"({"UpdateExpression":"SET x = x + :one, #n = :s REMOVE z",
                     "ExpressionAttributeNames":{"#n":"new"},
                     "ExpressionAttributeValues":{":one":{"N":"1"},":s":{"S":"v"}}})")
              .error() == "");
  CHECK(Item() ==
        Json::parse(R"({"pk":{"S":"a"},"x":{"N":"2"},"y":{"S":"keep"},"new":{"S":"v"}})"));
}

TEST_CASE_METHOD(Fixture, "UpdateItem inserts an item that is not there",
                 "[operations][UpdateItem]") {
  REQUIRE(Update(R"json({"UpdateExpression":"SET x = if_not_exists(x, :zero)",
                         "ExpressionAttributeValues":{":zero":{"N":"0"}}})json")
              .ok());
  CHECK(Item() == Json::parse(R"({"pk":{"S":"a"},"x":{"N":"0"}})"));
}

TEST_CASE_METHOD(Fixture, "REMOVE alone creates no item", "[operations][UpdateItem]") {
  CHECK(Update(R"({"UpdateExpression":"REMOVE x"})").body == Json::object());
  CHECK(Item().is_null());
}

TEST_CASE_METHOD(Fixture, "UpdateItem returns what it is asked for", "[operations][UpdateItem]") {
  const std::vector<std::pair<std::string, Json>> rows = {
      {"NONE", Json()},
      {"ALL_OLD", Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"},"y":{"S":"keep"}})")},
      {"ALL_NEW", Json::parse(R"({"pk":{"S":"a"},"x":{"N":"3"},"y":{"S":"keep"}})")},
      {"UPDATED_OLD", Json::parse(R"({"x":{"N":"1"}})")},
      {"UPDATED_NEW", Json::parse(R"({"x":{"N":"3"}})")},
  };
  for (const auto& [values, attributes] : rows) {
    CAPTURE(values);
    Put(R"({"x":{"N":"1"},"y":{"S":"keep"}})");
    const Answer answer = Update(R"({"UpdateExpression":"SET x = :v",
        "ExpressionAttributeValues":{":v":{"N":"3"}},"ReturnValues":")" +
                                 values + "\"}");
    CHECK(answer.at("/Attributes") == attributes);
  }
}

TEST_CASE_METHOD(Fixture, "There are no old values of a new item, nor updated ones of nothing",
                 "[operations][UpdateItem]") {
  const std::string set = R"({"UpdateExpression":"SET x = :v",
      "ExpressionAttributeValues":{":v":{"N":"3"}},"ReturnValues":")";
  CHECK(Update(set + "ALL_OLD\"}").body == Json::object());
  Must("DeleteItem", R"({"TableName":"things","Key":{"pk":{"S":"a"}}})");
  CHECK(Update(set + "UPDATED_OLD\"}").body == Json::object());
  CHECK(Update(R"({"ReturnValues":"UPDATED_NEW"})").body == Json::object());
  CHECK(Update(R"({"UpdateExpression":"REMOVE x","ReturnValues":"UPDATED_NEW"})").body ==
        Json::object());
}

TEST_CASE_METHOD(Fixture, "A failed condition stops the update and can return the item",
                 "[operations][UpdateItem]") {
  const std::string update = R"({"UpdateExpression":"SET x = :v","ConditionExpression":"x = :v",
      "ExpressionAttributeValues":{":v":{"N":"3"}},
      "ReturnValuesOnConditionCheckFailure":"ALL_OLD"})";
  const std::string failed = "ConditionalCheckFailedException: The conditional request failed";
  const Answer missing = Update(update);
  CHECK(missing.error() == failed);
  CHECK_FALSE(missing.body.contains("Item"));
  Put(R"({"x":{"N":"1"}})");
  const Answer present = Update(update);
  CHECK(present.error() == failed);
  CHECK(present.at("/Item") == Json::parse(R"({"pk":{"S":"a"},"x":{"N":"1"}})"));
  CHECK(Item()["x"]["N"] == "1");
}

TEST_CASE_METHOD(Fixture, "Key attributes can't be updated", "[operations][UpdateItem]") {
  const std::string error =
      "ValidationException: One or more parameter values were invalid: Cannot update attribute pk. "
      "This attribute is part of the key";
  CHECK(Update(R"({"UpdateExpression":"SET pk = :v",
                   "ExpressionAttributeValues":{":v":{"S":"b"}}})")
            .error() == error);
  CHECK(Update(R"({"UpdateExpression":"REMOVE pk"})").error() == error);
  CHECK(Item().is_null());
}

TEST_CASE_METHOD(Fixture, "Faults of the request come in the envelope, those of the item do not",
                 "[operations][UpdateItem]") {
  Put(R"({"s":{"S":"text"}})");
  CHECK(Update(R"({"UpdateExpression":"SET x = :v"})").error() ==
        kEnvelope +
            "Invalid UpdateExpression: An expression attribute value used in expression is "
            "not defined; attribute value: :v");
  CHECK(Update(R"({"ExpressionAttributeNames":{"#n":"x"}})").error() ==
        kEnvelope + "ExpressionAttributeNames can only be specified when using expressions");
  CHECK(Update(R"({"UpdateExpression":"SET x = y"})").error() ==
        "ValidationException: The provided expression refers to an attribute that does not exist "
        "in the item");
  CHECK(Update(R"({"UpdateExpression":"SET x = s + :one",
                   "ExpressionAttributeValues":{":one":{"N":"1"}}})")
            .error() ==
        "ValidationException: An operand in the update expression has an incorrect data type");
  CHECK(Item() == Json::parse(R"({"pk":{"S":"a"},"s":{"S":"text"}})"));
}

TEST_CASE_METHOD(Fixture, "An update keeps to 400 KB", "[operations][UpdateItem]") {
  // A SET counts as 3 + 19 bytes more than the attribute that it writes.
  const auto set = [&](std::size_t size) {
    const Json values = {{":v", {{"S", std::string(size, 'x')}}}};
    return Update(Json{{"UpdateExpression", "SET v = :v"}, {"ExpressionAttributeValues", values}}
                      .dump())
        .error();
  };
  CHECK(set(409'600 - 1 - 22) == "");
  CHECK(set(409'600 - 1 - 22 + 1) ==
        "ValidationException: Item size to update has exceeded the maximum allowed size");
}

}  // namespace
}  // namespace weir::testing
