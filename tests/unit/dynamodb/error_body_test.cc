// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/error_body.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir::dynamodb {
namespace {

protocol::HttpResponse Answer(const ApiError& error) {
  protocol::HttpResponse response;
  response.body = "half an answer";  // must be replaced
  WriteError(error, response);
  return response;
}

TEST_CASE("Each error has its status, prefix and spelling of message", "[protocol][error]") {
  struct Row {
    ErrorCode code;
    unsigned status;
    std::string type;
    std::string member;
  };
  const std::string service = "com.amazonaws.dynamodb.v20120810#";
  const std::string coral = "com.amazon.coral.service#";
  using enum ErrorCode;
  const std::vector<Row> rows = {
      {kValidation, 400, "com.amazon.coral.validate#ValidationException", "message"},
      {kSerialization, 400, coral + "SerializationException", "Message"},
      {kUnknownOperation, 400, coral + "UnknownOperationException", "message"},
      {kMissingAuthenticationToken, 400, coral + "MissingAuthenticationTokenException", "message"},
      {kIncompleteSignature, 400, coral + "IncompleteSignatureException", "message"},
      {kInvalidSignature, 400, coral + "InvalidSignatureException", "message"},
      {kUnrecognizedClient, 400, coral + "UnrecognizedClientException", "message"},
      {kAccessDenied, 400, coral + "AccessDeniedException", "Message"},
      {kResourceNotFound, 400, service + "ResourceNotFoundException", "message"},
      {kResourceInUse, 400, service + "ResourceInUseException", "message"},
      {kTableNotFound, 400, service + "TableNotFoundException", "message"},
      {kTableAlreadyExists, 400, service + "TableAlreadyExistsException", "message"},
      {kConditionalCheckFailed, 400, service + "ConditionalCheckFailedException", "message"},
      {kItemCollectionSizeLimitExceeded, 400, service + "ItemCollectionSizeLimitExceededException",
       "message"},
      {kLimitExceeded, 400, service + "LimitExceededException", "message"},
      {kThrottling, 400, service + "ThrottlingException", "message"},
      {kProvisionedThroughputExceeded, 400, service + "ProvisionedThroughputExceededException",
       "message"},
      {kRequestEntityTooLarge, 413, coral + "RequestEntityTooLargeException", "message"},
      {kTrimmedDataAccess, 400, service + "TrimmedDataAccessException", "message"},
      {kExpiredIterator, 400, service + "ExpiredIteratorException", "message"},
      {kInternalServerError, 500, service + "InternalServerError", "message"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type);
    const protocol::HttpResponse response = Answer(MakeError(row.code, "a \"text\""));
    CHECK(response.status == row.status);
    CHECK(response.body ==
          R"({"__type":")" + row.type + R"(",")" + row.member + R"(":"a \"text\""})");
  }
}

TEST_CASE("An error without a text has no message", "[protocol][error]") {
  CHECK(Answer(MakeError(ErrorCode::kUnknownOperation, "")).body ==
        R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST_CASE("A failed condition may carry the item", "[protocol][error]") {
  ApiError error = MakeError(ErrorCode::kConditionalCheckFailed, "x");
  error.item = testing::StringItem({{"b", "2"}, {"a", "1"}});
  CHECK(Answer(error).body ==
        R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
        R"("message":"x","Item":{"a":{"S":"1"},"b":{"S":"2"}}})");
}

}  // namespace
}  // namespace weir::dynamodb
