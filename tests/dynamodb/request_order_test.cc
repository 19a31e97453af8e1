// SPDX-License-Identifier: Apache-2.0
// The order of the steps in which a request is checked, and the answers to what is not a request.
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

// A request that every step would refuse.
Request Hopeless() {
  Request request = DatabaseFixture::Signed("NoSuchOperation", "{");
  request.method_text = "PATCH";
  request.headers["content-type"] = "text/plain";
  request.headers.erase("authorization");
  return request;
}

std::string Type(const std::string& name) {
  return R"({"__type":"com.amazon.coral.service#)" + name + "\"";
}

TEST_CASE_METHOD(DatabaseFixture, "Each step of a request is judged before the next",
                 "[operations][protocol]") {
  Request request = Hopeless();
  protocol::HttpResponse response = Send(request);
  CHECK(response.status == 404);  // the method
  CHECK(response.body == "<UnknownOperationException/>\n");

  request.method_text = "POST";
  response = Send(request);
  CHECK(response.status == 404);  // the content type
  CHECK(response.body == "<UnknownOperationException/>\n");

  request.headers["content-type"] = "application/x-amz-json-1.0";
  response = Send(request);
  CHECK(response.status == 400);  // the JSON
  CHECK(response.body == Type("SerializationException") + "}");

  request.body_text = R"({"TableName":["x"],"Key":{}})";
  response = Send(request);
  CHECK(response.status == 400);  // the target
  CHECK(response.body == Type("UnknownOperationException") + "}");

  request.headers["x-amz-target"] = "DynamoDB_20120810.GetItem";
  response = Send(request);
  CHECK(response.status == 400);  // the credentials
  CHECK(response.body == Type("MissingAuthenticationTokenException") +
                             R"(,"message":"Request is missing Authentication Token"})");

  request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=k/20231114/r/dynamodb/aws4_request";
  response = Send(request);
  CHECK(response.status == 400);  // their parts
  CHECK(response.body.starts_with(Type("IncompleteSignatureException")));

  request.headers["authorization"] = Signed("GetItem", "").headers["authorization"];
  response = Send(request);
  CHECK(response.status == 400);  // the types of the members
  CHECK(response.body ==
        Type("SerializationException") +
            R"(,"Message":"Unrecognized collection type class java.lang.String"})");

  request.body_text = R"({"TableName":"x","Key":{"pk":{"N":"bad"}}})";
  response = Send(request);
  CHECK(response.status == 400);  // the members
  CHECK(Json::parse(response.body)["message"] ==
        "1 validation error detected: Value 'x' at 'tableName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3");

  request.body_text = R"({"TableName":"xyz","Key":{"pk":{"N":"bad"}},"ProjectionExpression":""})";
  response = Send(request);  // the values
  CHECK(Json::parse(response.body)["message"] ==
        "The parameter cannot be converted to a numeric value: bad");

  request.body_text = R"({"TableName":"xyz","Key":{"pk":{"N":"1"}},"ProjectionExpression":""})";
  response = Send(request);  // the expressions
  CHECK(Json::parse(response.body)["message"] ==
        "Invalid ProjectionExpression: The expression can not be empty;");

  request.body_text = R"({"TableName":"xyz","Key":{"pk":{"N":"1"}}})";
  response = Send(request);  // the table
  CHECK(Json::parse(response.body)["message"] == "Requested resource not found");

  CreateTable("xyz");
  response = Send(request);  // the key
  CHECK(Json::parse(response.body)["message"] ==
        "The provided key element does not match the schema");

  request.body_text = R"({"TableName":"xyz","Key":{"pk":{"S":"1"}}})";
  response = Send(request);
  CHECK(response.status == 200);
  CHECK(response.body == "{}");
}

TEST_CASE_METHOD(DatabaseFixture, "A target belongs to its service", "[operations][protocol]") {
  Request request = Signed("GetItem", "{}");
  for (const char* target :
       {"", "GetItem", "DynamoDB_20120810", "DynamoDB_20120810.", "DynamoDB_20120810.getItem",
        "DynamoDBStreams_20120810.GetItem", "DynamoDB_20120810.GetRecords",
        "DynamoDB_20111205.GetItem", "Kinesis_20131202.ListStreams"}) {
    CAPTURE(target);
    request.headers["x-amz-target"] = target;
    CHECK(Send(request).body == Type("UnknownOperationException") + "}");
  }
}

TEST_CASE_METHOD(DatabaseFixture, "An answer has the content type of its request",
                 "[operations][protocol]") {
  Request request = Signed("ListTables", "{}");
  CHECK(Send(request).content_type == "application/x-amz-json-1.0");
  request.headers["content-type"] = "application/json; charset=utf-8";
  const protocol::HttpResponse response = Send(request);
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/json");
}

TEST_CASE_METHOD(DatabaseFixture, "GET / tells that the server is healthy",
                 "[operations][protocol]") {
  Request request;
  request.method_text = "GET";
  const protocol::HttpResponse response = Send(request);
  CHECK(response.status == 200);
  CHECK(response.body == "healthy: dynamodb.us-east-1.amazonaws.com ");
}

TEST_CASE_METHOD(DatabaseFixture, "A presigned request needs no header", "[operations][protocol]") {
  Request request = Signed("ListTables", "{}");
  request.headers.erase("authorization");
  request.target_text =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F20231114%2Feu-west-1%2Fdynamodb%2F"
      "aws4_request&X-Amz-Date=20231114T221320Z&X-Amz-SignedHeaders=host&X-Amz-Signature=0";
  CHECK(Send(request).status == 200);
}

TEST_CASE_METHOD(DatabaseFixture,
                 "A table belongs to the region it was created in, and is seen "
                 "from all",
                 "[operations][protocol]") {
  CreateTable("things");
  Request request = Signed("DescribeTable", R"({"TableName":"things"})");
  request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=another/20231114/local/dynamodb/aws4_request, "
      "SignedHeaders=host, Signature=0";
  const protocol::HttpResponse response = Send(request);
  REQUIRE(response.status == 200);
  CHECK(Json::parse(response.body)["Table"]["TableArn"] ==
        "arn:aws:dynamodb:eu-west-1:000000000000:table/things");
}

TEST_CASE_METHOD(DatabaseFixture, "A needless substitution comes before a bad value of the item",
                 "[operations][PutItem]") {
  CreateTable("tab");
  const std::string item = R"("TableName":"tab","Item":{"pk":{"S":"a"},"n":{"N":"x"}})";
  const std::string key = R"("TableName":"tab","Key":{"pk":{"N":"x"}})";
  const std::string names = R"("ExpressionAttributeNames":{"#a":"a"})";
  const std::string needless =
      "ExpressionAttributeNames can only be specified when using expressions";
  const std::string bad = "The parameter cannot be converted to a numeric value: x";
  const std::string plain = "ValidationException: ";
  const std::string wrapped = plain + "1 validation error detected: ";
  CHECK(Run("PutItem", "{" + item + "," + names + "}").error() == wrapped + needless);
  CHECK(Run("UpdateItem", "{" + key + "," + names + "}").error() == wrapped + needless);
  CHECK(Run("DeleteItem", "{" + key + "," + names + "}").error() == wrapped + needless);
  CHECK(Run("GetItem", "{" + key + "," + names + "}").error() == plain + needless);
  // Other faults come after those of the values.
  const std::string broken = R"("ConditionExpression":"a =")";
  CHECK(Run("PutItem", "{" + item + "," + broken + "}").error() == wrapped + bad);
  CHECK(Run("UpdateItem", "{" + key + "," + broken + "}").error() == wrapped + bad);
  CHECK(Run("DeleteItem", "{" + key + "," + broken + "}").error() == wrapped + bad);
  CHECK(Run("GetItem", "{" + key + R"(,"ProjectionExpression":"a b"})").error() == plain + bad);
  CHECK(Run("BatchWriteItem", R"({"RequestItems":{"tab":[{"PutRequest":
      {"Item":{"pk":{"S":"a"},"n":{"N":"x"}}}}]}})")
            .error() == plain + bad);
}

}  // namespace
}  // namespace weir::testing
