// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/dynamodb/request_answers.h"

namespace weir::dynamodb {
namespace {

TEST_CASE("SerializationException: strings", "[protocol][types]") {
  const auto body = [](const std::string& name) { return R"({"TableName":)" + name + "}"; };
  CheckAll({
      {"GetItem", body("true"), "S: TRUE_VALUE cannot be converted to String"},
      {"GetItem", body("false"), "S: FALSE_VALUE cannot be converted to String"},
      {"GetItem", body("23"), "S: NUMBER_VALUE cannot be converted to String"},
      {"GetItem", body("-0"), "S: NUMBER_VALUE cannot be converted to String"},
      {"GetItem", body("123456789012345678901234567890"),
       "S: NUMBER_VALUE cannot be converted to String"},
      {"GetItem", body("34.56"), "S: DECIMAL_VALUE cannot be converted to String"},
      {"GetItem", body("[]"), "S: Unrecognized collection type class java.lang.String"},
      {"GetItem", body("{}"), "S: Start of structure or map found where not expected"},
      {"GetItem", WithValue(R"({"N":5})"), "S: NUMBER_VALUE cannot be converted to String"},
      {"GetItem", WithValue(R"({"SS":[true]})"), "S: TRUE_VALUE cannot be converted to String"},
  });
}

TEST_CASE("SerializationException: numbers", "[protocol][types]") {
  const auto scan = [](const std::string& limit) { return R"({"Limit":)" + limit + "}"; };
  const auto create = [](const std::string& units) {
    return R"({"ProvisionedThroughput":{"ReadCapacityUnits":)" + units + "}}";
  };
  CheckAll({
      {"Scan", scan("true"), "S: TRUE_VALUE cannot be converted to Integer"},
      {"Scan", scan("\"5\""), "S: STRING_VALUE cannot be converted to Integer"},
      {"Scan", scan("[]"), "S: Unrecognized collection type class java.lang.Integer"},
      {"Scan", scan("{}"), "S: Start of structure or map found where not expected"},
      {"CreateTable", create("false"), "S: FALSE_VALUE cannot be converted to Long"},
      {"CreateTable", create("\"5\""), "S: STRING_VALUE cannot be converted to Long"},
      {"CreateTable", create("[]"), "S: Unrecognized collection type class java.lang.Long"},
      {"CreateTable", create("{}"), "S: Start of structure or map found where not expected"},
  });
}

TEST_CASE("SerializationException: booleans", "[protocol][types]") {
  const auto body = [](const std::string& read) {
    return R"({"TableName":"abc","Key":{},"ConsistentRead":)" + read + "}";
  };
  CheckAll({
      {"GetItem", body("1"), "S: NUMBER_VALUE cannot be converted to Boolean"},
      {"GetItem", body("-0"), "S: NUMBER_VALUE cannot be converted to Boolean"},
      {"GetItem", body("12345678901234567890123"),
       "S: NUMBER_VALUE cannot be converted to Boolean"},
      {"GetItem", body("1.0"), "S: DECIMAL_VALUE cannot be converted to Boolean"},
      {"GetItem", body("1e0"), "S: DECIMAL_VALUE cannot be converted to Boolean"},
      {"GetItem", body("\"\""), "S: Unexpected token received from parser"},
      {"GetItem", body("\"on\""), "S: Unexpected token received from parser"},
      {"GetItem", body("\"truee\""), "S: Unexpected token received from parser"},
      {"GetItem", body("[]"), "S: Unrecognized collection type class java.lang.Boolean"},
      {"GetItem", body("{}"), "S: Start of structure or map found where not expected"},
      {"GetItem", WithValue(R"({"NULL":"x"})"), "S: Unexpected token received from parser"},
      {"GetItem", WithValue(R"({"BOOL":0})"), "S: NUMBER_VALUE cannot be converted to Boolean"},
  });
  for (const std::string text : {"true", "T", "yEs", "y", "1", "FALSE", "f", "No", "n", "0"}) {
    const std::string quoted = "\"" + text + "\"";
    CHECK(Answer("GetItem", body(quoted)) == "ok");
    CHECK(Answer("GetItem", WithValue(R"({"BOOL":)" + quoted + "}")) == "ok");
    CHECK(Answer("GetItem", WithValue(R"({"NULL":)" + quoted + "}")) == "ok");
    CHECK(Answer("Query", R"({"TableName":"abc","ScanIndexForward":)" + quoted + "}") == "ok");
    CHECK(Answer("PutItem", R"({"TableName":"abc","Item":{},"Expected":{"a":{"Exists":)" + quoted +
                                "}}}") == "ok");
  }
}

TEST_CASE("SerializationException: binary values", "[protocol][types]") {
  const std::string bytes = "S: only base-64-encoded strings are convertible to bytes";
  CheckAll({
      {"GetItem", WithValue(R"({"B":true})"), bytes},
      {"GetItem", WithValue(R"({"B":23})"), bytes},
      {"GetItem", WithValue(R"({"B":3.5})"), bytes},
      {"GetItem", WithValue(R"({"B":[]})"),
       "S: Unrecognized collection type class java.nio.ByteBuffer"},
      {"GetItem", WithValue(R"({"B":{}})"),
       "S: Start of structure or map found where not expected"},
      {"GetItem", WithValue(R"({"B":"23456"})"),
       "S: Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
      {"GetItem", WithValue(R"({"BS":["AAAA","=+/="]})"),
       "S: Invalid last non-pad Base64 character dectected"},
      {"GetItem", WithValue(R"({"B":"AAA="})"), "ok"},
  });
}

TEST_CASE("SerializationException: structures, lists and maps", "[protocol][types]") {
  const std::string package = "com.amazonaws.dynamodb.v20120810.";
  const std::string field = "S: Unexpected field type";
  const std::string start = "S: Start of structure or map found where not expected";
  const std::string list_of = "S: Unrecognized collection type class " + package;
  const std::string map_of = "S: Unrecognized collection type java.util.Map<java.lang.String, ";
  const std::string cast =
      "S: class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to "
      "class java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
      "java.lang.Class are in module java.base of loader 'bootstrap')";
  CheckAll({
      {"CreateTable", R"({"KeySchema":"x"})", field},
      {"CreateTable", R"({"KeySchema":{}})", start},
      {"CreateTable", R"({"KeySchema":[5]})", "S: Unexpected value type in payload"},
      {"CreateTable", R"({"KeySchema":[[]]})", list_of + "KeySchemaElement"},
      {"CreateTable", R"({"ProvisionedThroughput":5})", field},
      {"CreateTable", R"({"ProvisionedThroughput":[]})", list_of + "ProvisionedThroughput"},
      {"GetItem", R"({"Key":"x"})", field},
      {"GetItem", R"({"Key":[]})", map_of + package + "AttributeValue>"},
      {"GetItem", R"({"ExpressionAttributeNames":[]})", map_of + "java.lang.String>"},
      {"GetItem", WithValue("true"), "S: Unexpected value type in payload"},
      {"GetItem", WithValue("[]"), list_of + "AttributeValue"},
      {"GetItem", WithValue(R"({"L":5})"), field},
      {"GetItem", WithValue(R"({"M":[]})"), map_of + package + "AttributeValue>"},
      {"GetItem", WithValue(R"({"L":[{"M":{"x":"y"}}]})"), "S: Unexpected value type in payload"},
      {"PutItem", R"({"Expected":{"a":{"Value":5}}})", field},
      {"PutItem", R"({"Expected":[]})", map_of + package + "ExpectedAttributeValue>"},
      {"BatchGetItem", R"({"RequestItems":{"abc":{"Keys":[5]}}})", cast},
      {"BatchGetItem", R"({"RequestItems":{"abc":{"Keys":[[]]}}})",
       map_of + package + "AttributeValue>"},
      {"BatchGetItem", R"({"RequestItems":[]})", map_of + package + "KeysAndAttributes>"},
      {"BatchWriteItem", R"({"RequestItems":[]})",
       map_of + "java.util.List<" + package + "WriteRequest>>"},
      {"BatchWriteItem", R"({"RequestItems":{"abc":"x"}})", cast},
      {"BatchWriteItem", R"({"RequestItems":{"abc":{}}})", start},
      {"BatchWriteItem", R"({"RequestItems":{"abc":[{"PutRequest":[]}]}})", list_of + "PutRequest"},
      {"DescribeStream", R"({"ShardFilter":[]})", list_of + "ShardFilter"},
      {"GetItem", "[]", "S: "},
      {"GetItem", "\"{}\"", "S: "},
      {"GetItem", "null", "S: "},
  });
}

TEST_CASE("The first wrong type in document order wins over everything", "[protocol][types]") {
  CheckAll({
      {"GetItem", R"({"Key":{"a":{"S":1}},"TableName":[]})",
       "S: NUMBER_VALUE cannot be converted to String"},
      {"GetItem", R"({"TableName":"","Key":{"a":{"S":true}}})",
       "S: TRUE_VALUE cannot be converted to String"},
      {"GetItem", R"({"TableName":1,"TableName":"abc","Key":{}})",
       "S: NUMBER_VALUE cannot be converted to String"},
  });
}

}  // namespace
}  // namespace weir::dynamodb
