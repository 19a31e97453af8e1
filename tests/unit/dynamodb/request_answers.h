// SPDX-License-Identifier: Apache-2.0
// Writes the outcome of the request checks as one line of text, for tests that compare tables of
// them.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/request_check.h"
#include "services/dynamodb/shapes/shapes.h"

namespace weir::dynamodb {

inline const protocol::OperationShape& ShapeOf(std::string_view operation) {
  const protocol::OperationShape* shape = FindOperationShape(operation);
  REQUIRE(shape != nullptr);
  return *shape;
}

// The outcome of a request's checks: "ok", or "S: " (SerializationException) or "V: "
// (ValidationException) and the text. Also checks late members, as an operation without legacy
// parameters does.
inline std::string Answer(std::string_view operation, std::string_view body) {
  const auto tree = protocol::JsonTree::Parse(body);
  REQUIRE(tree);
  const protocol::OperationShape& shape = ShapeOf(operation);
  const Result<protocol::ValueTexts> checked = protocol::CheckRequest(tree->root(), shape);
  const Status late = checked.ok() ? protocol::CheckLateMembers(tree->root(), shape) : Status();
  if (checked.ok() && late.ok()) {
    return "ok";
  }
  const ApiError& error = checked.ok() ? late.error() : checked.error();
  REQUIRE((error.code == ErrorCode::kSerialization || error.code == ErrorCode::kValidation));
  return (error.code == ErrorCode::kSerialization ? "S: " : "V: ") + error.message;
}

struct Case {
  std::string operation;
  std::string body;
  std::string answer;
};

inline void CheckAll(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    CAPTURE(one.operation, one.body);
    CHECK(Answer(one.operation, one.body) == one.answer);
  }
}

// A GetItem with a key attribute of this value.
inline std::string WithValue(const std::string& value) {
  return R"({"TableName":"abc","Key":{"a":)" + value + "}}";
}

}  // namespace weir::dynamodb
