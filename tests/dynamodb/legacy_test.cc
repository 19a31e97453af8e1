// SPDX-License-Identifier: Apache-2.0
// Legacy parameters, and the order in which their faults are found.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kValidation = "ValidationException: ";
const std::string kEnvelope = kValidation + "1 validation error detected: ";
const std::string kInvalid = "One or more parameter values were invalid: ";
const std::string kMix =
    "Can not use both expression and non-expression parameters in the same request: ";
const std::string kFailed = "ConditionalCheckFailedException: The conditional request failed";

// A table "events" with the keys pk (S) and sk (N).
struct Fixture : DatabaseFixture {
  Fixture() {
    Must("CreateTable", R"({"TableName":"events","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                     {"AttributeName":"sk","KeyType":"RANGE"}],
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                {"AttributeName":"sk","AttributeType":"N"}]})");
  }

  // Sends a request on that table, with the key ("a", 1) if the operation is on one item.
  Answer Call(const std::string& operation, const std::string& members) {
    Json request = {{"TableName", "events"}};
    const Json key = Json::parse(R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
    if (operation == "PutItem") {
      request["Item"] = key;
    } else if (operation != "Query" && operation != "Scan") {
      request["Key"] = key;
    }
    request.update(Json::parse(members));
    return Run(operation, request.dump());
  }
  std::string Fault(const std::string& operation, const std::string& members) {
    return Call(operation, members).error();
  }
  void Put(const std::string& sort, const std::string& attributes) {
    Json item = Json::parse(attributes);
    item["pk"]["S"] = "a";
    item["sk"]["N"] = sort;
    Must("PutItem", Json{{"TableName", "events"}, {"Item", item}}.dump());
  }
  Json Item() { return Call("GetItem", "{}").body["Item"]; }
};

// The member KeyConditions for the partition "a".
const std::string kPartition =
    R"("KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}})";

TEST_CASE_METHOD(Fixture, "Expected lets a write through or not",
                 "[operations][legacy][PutItem][DeleteItem][UpdateItem]") {
  CHECK(Fault("PutItem", R"({"Expected":{"pk":{"Exists":false}}})") == "");
  CHECK(Fault("PutItem", R"({"Expected":{"pk":{"Exists":false}}})") == kFailed);
  CHECK(Fault("UpdateItem", R"({"AttributeUpdates":{"x":{"Value":{"N":"1"}}},
      "Expected":{"x":{"Value":{"N":"2"}}}})") == kFailed);
  CHECK(Fault("UpdateItem", R"({"AttributeUpdates":{"x":{"Value":{"N":"1"}}},
      "Expected":{"x":{"ComparisonOperator":"NULL"}}})") == "");
  CHECK(Fault("DeleteItem", R"({"Expected":{"x":{"Exists":true,"Value":{"N":"1.0"}},
      "y":{"Exists":false},"z":{"Exists":true,"Value":{"N":"1"}}}})") == kFailed);
  const Answer told = Call("DeleteItem", R"({"Expected":{"x":{"Value":{"N":"2"}}},
      "ReturnValuesOnConditionCheckFailure":"ALL_OLD"})");
  CHECK(told.at("/Item/x/N") == "1");
  CHECK(Fault("DeleteItem", R"({"ConditionalOperator":"OR","Expected":{
      "x":{"Value":{"N":"2"}},"y":{"Exists":false}}})") == "");
  CHECK(Item().is_null());
  CHECK(Fault("PutItem", R"({"Expected":{}})") == "");
}

TEST_CASE_METHOD(Fixture, "Each combination in an Expected element that is none is refused",
                 "[operations][legacy][PutItem]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{}", "Value must be provided when Exists is null for Attribute: a"},
      {R"({"Exists":true})", "Value must be provided when Exists is true for Attribute: a"},
      {R"({"Exists":false,"Value":{"S":"x"}})",
       "Value cannot be used when Exists is false for Attribute: a"},
      {R"({"ComparisonOperator":"LT"})",
       "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a"},
      {R"({"ComparisonOperator":"LT","Exists":true})",
       "Exists and ComparisonOperator cannot be used together for Attribute: a"},
      {R"({"Value":{"S":"x"},"AttributeValueList":[]})",
       "Value and AttributeValueList cannot be used together for Attribute: a"},
      {R"({"AttributeValueList":[]})",
       "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"},
      {R"({"Exists":true,"AttributeValueList":[]})",
       "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"},
      {R"({"ComparisonOperator":"lt","Value":{"S":"x"}})", "Invalid comparison operator"},
      {R"({"ComparisonOperator":"","Value":{"S":"x"}})", "Invalid comparison operator"},
      {R"({"ComparisonOperator":"NULL","Value":{"S":"x"}})",
       "Invalid number of argument(s) for the NULL ComparisonOperator"},
      {R"({"ComparisonOperator":"BETWEEN","Value":{"S":"x"}})",
       "Invalid number of argument(s) for the BETWEEN ComparisonOperator"},
      {R"({"ComparisonOperator":"BEGINS_WITH","Value":{"N":"1"}})",
       "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"},
  };
  for (const auto& [element, text] : rows) {
    CAPTURE(element);
    const std::string members = R"({"Expected":{"a":)" + element + "}}";
    std::string refusal = kEnvelope;
    refusal.append(kInvalid).append(text);
    for (const char* operation : {"PutItem", "DeleteItem", "UpdateItem"}) {
      CHECK(Fault(operation, members) == refusal);
    }
  }
  CHECK(Fault("PutItem", R"({"Expected":{"a":{"ComparisonOperator":"BETWEEN",
      "AttributeValueList":[{"N":"2"},{"N":"1"}]}}})") ==
        kEnvelope +
            "The BETWEEN condition was provided a range where the lower bound is greater "
            "than the upper bound");
  CHECK(Item().is_null());
}

TEST_CASE_METHOD(Fixture, "ConditionalOperator joins two conditions or more",
                 "[operations][legacy]") {
  const std::string without = "ConditionalOperator cannot be used without Filter or Expected";
  const std::string one =
      "ConditionalOperator can only be used when Filter or Expected has two or more elements";
  const auto given = [](const char* name, const char* conditions) {
    Json members = {{"ConditionalOperator", "AND"}};
    if (*conditions != '\0') {
      members[name] = Json::parse(conditions);
    }
    return members.dump();
  };
  const char* const condition = R"({"a":{"ComparisonOperator":"NULL"}})";
  for (const char* operation : {"PutItem", "DeleteItem", "UpdateItem"}) {
    CHECK(Fault(operation, given("Expected", "")) == kEnvelope + without);
    CHECK(Fault(operation, given("Expected", "{}")) == kEnvelope + without);
    CHECK(Fault(operation, given("Expected", condition)) == kEnvelope + one);
  }
  for (const auto& [operation, filter] :
       {std::pair("Query", "QueryFilter"), {"Scan", "ScanFilter"}}) {
    CHECK(Fault(operation, given(filter, "")) == kValidation + without);
    CHECK(Fault(operation, given(filter, "{}")) == kValidation + without);
    CHECK(Fault(operation, given(filter, condition)) == kValidation + one);
  }
  CHECK(Fault("Scan", R"({"ConditionalOperator":"XOR","ScanFilter":{
      "a":{"ComparisonOperator":"NULL"},"b":{"ComparisonOperator":"NULL"}}})") ==
        kValidation +
            "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]");
}

TEST_CASE_METHOD(Fixture, "Legacy and expression parameters do not mix", "[operations][legacy]") {
  const auto mixed = [](const std::string& legacy, const std::string& expressions) {
    return kMix + "Non-expression parameters: {" + legacy + "} Expression parameters: {" +
           expressions + "}";
  };
  CHECK(Fault("PutItem", R"({"Expected":{},"ConditionExpression":""})") ==
        kEnvelope + mixed("Expected", "ConditionExpression"));
  CHECK(Fault("DeleteItem", R"({"ConditionalOperator":"X","ConditionExpression":"a"})") ==
        kEnvelope + mixed("ConditionalOperator", "ConditionExpression"));
  CHECK(Fault("UpdateItem", R"({"ConditionExpression":"","UpdateExpression":"",
      "ConditionalOperator":"X","Expected":{},"AttributeUpdates":{"a":{"Action":"X"}}})") ==
        kEnvelope + mixed("AttributeUpdates, Expected, ConditionalOperator",
                          "UpdateExpression, ConditionExpression"));
  CHECK(Fault("GetItem", R"({"AttributesToGet":["a"],"ProjectionExpression":""})") ==
        kValidation + mixed("AttributesToGet", "ProjectionExpression"));
  CHECK(Fault("Query", R"({"FilterExpression":"","KeyConditionExpression":"",
      "ProjectionExpression":"","KeyConditions":{},"ConditionalOperator":"X","QueryFilter":{},
      "AttributesToGet":["a"],"Select":"X"})") ==
        kValidation + mixed("AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions",
                            "ProjectionExpression, FilterExpression, KeyConditionExpression"));
  CHECK(Fault("Query", R"({"FilterExpression":"","KeyConditions":{},"QueryFilter":{}})") ==
        kValidation + mixed("QueryFilter", "FilterExpression"));
  CHECK(Fault("Scan", R"({"FilterExpression":"","ScanFilter":{},"AttributesToGet":["a"],
      "ConditionalOperator":"AND"})") ==
        kValidation +
            mixed("AttributesToGet, ScanFilter, ConditionalOperator", "FilterExpression"));
  CreateTable("other");
  CHECK(Run("BatchGetItem", R"({"RequestItems":{
      "events":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}],"AttributesToGet":["a"]},
      "other":{"Keys":[{"pk":{"S":"a"}}],"ProjectionExpression":"a"}}})")
            .error() == kValidation + mixed("AttributesToGet", "ProjectionExpression"));
  // A null counts as a missing member.
  CHECK(Fault("GetItem", R"({"AttributesToGet":["a"],"ProjectionExpression":null})") == "");
}

TEST_CASE_METHOD(Fixture, "Legacy faults are found in the service's order",
                 "[operations][legacy][protocol]") {
  // A request with a fault for each step; the test removes one fault after the other.
  Json request = Json::parse(R"({"TableName":"x","Item":{"pk":{}},
      "Expected":{"a":{"ComparisonOperator":"EQ"},"b":{"Value":{"N":"bad"}}},
      "ConditionalOperator":"XOR","ConditionExpression":"","ReturnValues":"ALL_NEW",
      "ExpressionAttributeNames":{}})");
  const auto fault = [&] { return Run("PutItem", request.dump()).error(); };
  CHECK(fault() == kEnvelope +
                       "Value 'x' at 'tableName' failed to satisfy constraint: Member must "
                       "have length greater than or equal to 3");
  request["TableName"] = "nowhere";
  CHECK(fault() == kValidation +
                       "Supplied AttributeValue is empty, must contain exactly one of "
                       "the supported datatypes");
  request["Item"]["pk"] = {{"L", {{{"N", "1"}}, {{"S", "a"}, {"N", "1"}}}}};
  CHECK(fault() == kValidation +
                       "Supplied AttributeValue has more than one datatypes set, must "
                       "contain exactly one of the supported datatypes");
  request["Item"]["pk"] = {{"S", "a"}};
  CHECK(fault() == kEnvelope + kMix +
                       "Non-expression parameters: {Expected, ConditionalOperator} "
                       "Expression parameters: {ConditionExpression}");
  request.erase("ConditionExpression");
  CHECK(fault() == kEnvelope +
                       "Failed to satisfy constraint: Member must satisfy enum value set: "
                       "[ALL, OR]");
  request["ConditionalOperator"] = "OR";
  CHECK(fault() == kEnvelope +
                       "ExpressionAttributeNames can only be specified when using "
                       "expressions");
  request.erase("ExpressionAttributeNames");
  CHECK(fault() == kEnvelope + "The parameter cannot be converted to a numeric value: bad");
  request["Expected"]["b"]["Value"] = Json::object();
  CHECK(fault() == kValidation +
                       "Supplied AttributeValue is empty, must contain exactly one of "
                       "the supported datatypes");
  request["Expected"]["b"]["Value"] = {{"N", "1"}};
  CHECK(fault() == kEnvelope + kInvalid +
                       "Value or AttributeValueList must be used with "
                       "ComparisonOperator: EQ for Attribute: a");
  request["Expected"]["a"]["Value"] = {{"N", "1"}};
  CHECK(fault() == kEnvelope + "ReturnValues can only be ALL_OLD or NONE");
  request.erase("ReturnValues");
  CHECK(fault() == "ResourceNotFoundException: Requested resource not found");
}

TEST_CASE_METHOD(Fixture, "AttributeUpdates puts, adds and deletes",
                 "[operations][legacy][UpdateItem]") {
  CHECK(Call("UpdateItem", R"({"AttributeUpdates":{}})").body == Json::object());
  CHECK(Item() == Json::parse(R"({"pk":{"S":"a"},"sk":{"N":"1"}})"));
  CHECK(Call("UpdateItem", R"({"ReturnValues":"ALL_NEW","AttributeUpdates":{
      "x":{"Value":{"N":"5"}},"l":{"Action":"ADD","Value":{"L":[{"N":"1"}]}},
      "s":{"Action":"PUT","Value":{"SS":["b","a"]}},"gone":{"Action":"DELETE"}}})")
            .at("/Attributes") == Json::parse(R"({"pk":{"S":"a"},"sk":{"N":"1"},"x":{"N":"5"},
                "l":{"L":[{"N":"1"}]},"s":{"SS":["a","b"]}})"));
  const std::string update = R"("AttributeUpdates":{"x":{"Action":"ADD","Value":{"N":"-1"}},
      "l":{"Action":"ADD","Value":{"L":[{"S":"y"}]}},"s":{"Action":"DELETE","Value":{"SS":["a","b"]}},
      "new":{"Value":{"BOOL":true}}}})";
  CHECK(Call("UpdateItem", R"({"ReturnValues":"UPDATED_NEW",)" + update).at("/Attributes") ==
        Json::parse(R"({"x":{"N":"4"},"l":{"L":[{"N":"1"},{"S":"y"}]},"new":{"BOOL":true}})"));
  CHECK(Call("UpdateItem", R"({"ReturnValues":"UPDATED_OLD",)" + update).at("/Attributes") ==
        Json::parse(R"({"x":{"N":"4"},"l":{"L":[{"N":"1"},{"S":"y"}]},"new":{"BOOL":true}})"));
  Must("DeleteItem", R"({"TableName":"events","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}})");
  CHECK(Call("UpdateItem", R"({"ReturnValues":"ALL_NEW",
      "AttributeUpdates":{"x":{"Action":"DELETE"}}})")
            .body == Json::object());
  CHECK(Item().is_null());
}

TEST_CASE_METHOD(Fixture, "Faults of AttributeUpdates come bare",
                 "[operations][legacy][UpdateItem]") {
  const auto fault = [&](const std::string& updates) {
    return Fault("UpdateItem", R"({"AttributeUpdates":)" + updates + "}");
  };
  CHECK(fault(R"({"a":{}})") ==
        kValidation + kInvalid +
            "Only DELETE action is allowed when no attribute value is specified");
  CHECK(fault(R"({"a":{"Action":"DELETE","Value":{"S":"x"}}})") ==
        kValidation + kInvalid + "DELETE action with value is not supported for the type S");
  CHECK(fault(R"({"a":{"Action":"ADD","Value":{"M":{}}}})") ==
        kValidation + kInvalid + "ADD action is not supported for the type M");
  CHECK(fault(R"({"a":{"Action":"put","Value":{"N":"1"}}})") ==
        kEnvelope + "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action");
  CHECK(fault(R"({"a":{"Value":{"N":"x"}}})") ==
        kEnvelope + "The parameter cannot be converted to a numeric value: x");
  CHECK(fault(R"({"sk":{"Value":{"N":"1"}}})") ==
        kValidation + kInvalid + "Cannot update attribute sk. This attribute is part of the key");
  Put("1", R"({"n":{"S":"text"}})");
  CHECK(fault(R"({"n":{"Action":"ADD","Value":{"N":"1"}}})") ==
        kValidation + "Type mismatch for attribute to update");
  const std::string large(409'600 - 12, 'x');
  CHECK(fault(R"({"a":{"Value":{"S":")" + large + "\"}}}") ==
        kValidation + "Item size to update has exceeded the maximum allowed size");
  CHECK(Item()["n"]["S"] == "text");
}

TEST_CASE_METHOD(Fixture, "KeyConditions and QueryFilter read what expressions read",
                 "[operations][legacy][Query]") {
  for (const char* sort : {"1", "2", "3", "10"}) {
    Put(sort, R"({"v":{"S":"v)" + std::string(sort) + R"("},"d":{"N":")" + sort + R"("}})");
  }
  const auto keys = [&](const std::string& members) {
    const Json answer = Call("Query", members).body;
    std::string text;
    for (const Json& item : answer["Items"]) {
      text += (text.empty() ? "" : " ") + item["sk"]["N"].get<std::string>();
    }
    return text + "/" + answer["ScannedCount"].dump();
  };
  const auto range = [](const std::string& op, const std::string& values) {
    return R"({"KeyConditions":{"sk":{"ComparisonOperator":")" + op + R"(","AttributeValueList":)" +
           values + R"(},"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}}})";
  };
  CHECK(keys("{" + kPartition + "}") == "1 2 3 10/4");
  CHECK(keys("{" + kPartition + R"(,"ScanIndexForward":false,"Limit":2})") == "10 3/2");
  CHECK(keys(range("EQ", R"([{"N":"2.0"}])")) == "2/1");
  CHECK(keys(range("GT", R"([{"N":"2"}])")) == "3 10/2");
  CHECK(keys(range("BETWEEN", R"([{"N":"2"},{"N":"9"}])")) == "2 3/2");
  const std::string d_above_2 =
      R"("d":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"2"}]})";
  const std::string v_is_1 = R"("v":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"v1"}]})";
  CHECK(keys("{" + kPartition + R"(,"QueryFilter":{)" + d_above_2 + "}}") == "3 10/4");
  CHECK(keys("{" + kPartition + R"(,"QueryFilter":{)" + d_above_2 + "," + v_is_1 + "}}") == "/4");
  CHECK(keys("{" + kPartition + R"(,"ConditionalOperator":"OR","QueryFilter":{)" + d_above_2 + "," +
             v_is_1 + "}}") == "1 3 10/4");
  // KeyConditions may be combined with every expression but KeyConditionExpression.
  CHECK(keys("{" + kPartition + R"(,"FilterExpression":"d < :two","ProjectionExpression":"sk",
      "ExpressionAttributeValues":{":two":{"N":"2"}}})") == "1/4");
  CHECK(Call("Query", "{" + kPartition + R"(,"Select":"COUNT"})").at("/Count") == 4);
}

TEST_CASE_METHOD(Fixture, "Faults of KeyConditions and QueryFilter",
                 "[operations][legacy][Query]") {
  const auto fault = [&](const std::string& members) { return Fault("Query", members); };
  CHECK(fault("{}") == kValidation +
                           "Either the KeyConditions or KeyConditionExpression parameter "
                           "must be specified in the request.");
  CHECK(fault(R"({"KeyConditions":{}})") ==
        kValidation + "Query condition missed key schema element: pk");
  CHECK(fault(R"({"KeyConditions":{"pk":{"AttributeValueList":[{"S":"a"}]}}})") ==
        kEnvelope +
            "Value null at 'keyConditions.pk.member.comparisonOperator' failed to satisfy "
            "constraint: Member must not be null");
  CHECK(fault(R"({"KeyConditions":{"pk":{"ComparisonOperator":"eq"}}})") ==
        kValidation + kInvalid + "Invalid comparison operator");
  CHECK(fault(R"({"KeyConditions":{"pk":{"ComparisonOperator":"NULL"}}})") ==
        kValidation + "Attempted conditional constraint is not an indexable operation");
  CHECK(fault(R"({"KeyConditions":{"pk":{"ComparisonOperator":"EQ",
      "AttributeValueList":[{"S":""}]}}})") ==
        kValidation +
            "One or more parameter values are not valid. The AttributeValue for a key "
            "attribute cannot contain an empty string value. Key: pk");
  CHECK(fault(R"({"KeyConditions":{"pk":{"ComparisonOperator":"EQ",
      "AttributeValueList":[{"N":"1"}]}}})") ==
        kValidation + kInvalid + "Condition parameter type does not match schema type");
  CHECK(fault("{" + kPartition + R"(,"QueryFilter":{"sk":{"ComparisonOperator":"NOT_NULL"}}})") ==
        kValidation +
            "QueryFilter can only contain non-primary key attributes: Primary key "
            "attribute: sk");
  CHECK(fault("{" + kPartition + R"(,"QueryFilter":{"x":{"ComparisonOperator":"IN",
      "AttributeValueList":[]}}})") ==
        kValidation + kInvalid + "Invalid number of argument(s) for the IN ComparisonOperator");
  CHECK(fault("{" + kPartition + R"(,"QueryFilter":{"x":{"ComparisonOperator":"EQ",
      "AttributeValueList":[{"NULL":false}]}}})") ==
        kValidation + kInvalid + "Null attribute value types must have the value of true");
  CHECK(fault("{" + kPartition + R"(,"AttributesToGet":["a","b","a"]})") ==
        kValidation + kInvalid + "Duplicate value in attribute name: a");
  CHECK(fault("{" + kPartition + R"(,"AttributesToGet":["a"],"Select":"COUNT"})") ==
        kEnvelope + "Cannot specify the AttributesToGet when choosing to get only the Count");
  CHECK(fault("{" + kPartition + R"(,"AttributesToGet":["a"],"Select":"ALL_ATTRIBUTES"})") ==
        kEnvelope + "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES");
  CHECK(fault("{" + kPartition + R"(,"AttributesToGet":["a"],"Select":"SPECIFIC_ATTRIBUTES"})") ==
        "");
  CHECK(fault("{" + kPartition + R"(,"ExpressionAttributeValues":{":a":{"N":"x"}}})") ==
        kValidation +
            "ExpressionAttributeValues can only be specified when using expressions: "
            "FilterExpression is null and KeyConditionExpression is null");
}

TEST_CASE_METHOD(Fixture, "ScanFilter and AttributesToGet read what expressions read",
                 "[operations][legacy][Scan][GetItem][BatchGetItem]") {
  Put("1", R"({"v":{"SS":["a","b"]},"d":{"M":{"x":{"N":"1"}}}})");
  Put("2", R"({"v":{"S":"abc"}})");
  Put("3", R"({"d":{"N":"1"}})");
  const auto found = [&](const std::string& filter) {
    return Call("Scan", R"({"Select":"COUNT","ScanFilter":)" + filter + "}").at("/Count");
  };
  CHECK(found("{}") == 3);
  CHECK(found(R"({"v":{"ComparisonOperator":"CONTAINS","AttributeValueList":[{"S":"b"}]}})") == 2);
  CHECK(found(R"({"v":{"ComparisonOperator":"NOT_CONTAINS","AttributeValueList":[{"S":"c"}]}})") ==
        1);
  CHECK(found(R"({"v":{"ComparisonOperator":"NULL"}})") == 1);
  CHECK(found(R"({"sk":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"3"},{"N":"1"}]}})") ==
        2);  // a scan may filter on keys
  CHECK(found(R"({"v":null,"d":{"ComparisonOperator":"NULL"},
      "d":{"ComparisonOperator":"NOT_NULL"}})") == 2);
  const Json projected = Json::parse(R"({"sk":{"N":"1"},"d":{"M":{"x":{"N":"1"}}}})");
  CHECK(Call("GetItem", R"({"AttributesToGet":["d","sk","d.x"]})").at("/Item") == projected);
  CHECK(Call("GetItem", R"({"AttributesToGet":["gone"]})").body == Json::parse(R"({"Item":{}})"));
  CHECK(Call("Scan", R"({"AttributesToGet":["d"],
      "ScanFilter":{"d":{"ComparisonOperator":"NOT_NULL"}}})")
            .at("/Items/0/sk")
            .is_null());
  CHECK(Run("BatchGetItem", R"({"RequestItems":{"events":{"AttributesToGet":["d","sk"],
      "Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}})")
            .at("/Responses/events/0") == projected);
  CHECK(Run("BatchGetItem", R"({"RequestItems":{"events":{"AttributesToGet":["d","d"],
      "Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}})")
            .error() == kValidation + kInvalid + "Duplicate value in attribute name: d");
}

}  // namespace
}  // namespace weir::testing
