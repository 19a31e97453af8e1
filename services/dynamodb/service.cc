// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/service.h"

#include <array>
#include <cassert>
#include <optional>

#include "protocol/authorization.h"
#include "protocol/json_tree.h"
#include "protocol/request_check.h"
#include "services/dynamodb/context.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operations.h"
#include "services/dynamodb/shapes/shapes.h"
#include "services/dynamodb/wire/error_body.h"

namespace weir::dynamodb {
namespace {

constexpr std::array<std::string_view, 2> kTargetPrefixes = {"DynamoDB_20120810",
                                                             "DynamoDBStreams_20120810"};
// Weir has no region of its own; this one stands in the health text.
constexpr std::string_view kHealthText = "healthy: dynamodb.us-east-1.amazonaws.com ";

}  // namespace

DynamoDbService::DynamoDbService(Database& database, Greeting greeting)
    : AwsJsonService(database.clock(), "application/x-amz-json-1.0"),
      database_(database),
      greeting_(greeting) {
  for (const protocol::OperationShape& shape : AllOperationShapes()) {
    Add(shape);
  }
  for (const auto& room : kRooms) {
    for (const OperationEntry& entry : room()) {
      const protocol::OperationShape* const shape = FindOperationShape(entry.name);
      assert(shape != nullptr);
      Add(*shape, [this, run = entry.run](const protocol::JsonCall& call, std::string& body) {
        Context context{database_, call.context};
        return run(context, call, body);
      });
    }
  }
}

protocol::ServiceNames DynamoDbService::names() const {
  return {.title = "DynamoDB, DynamoDB Streams",
          .signing_name = "dynamodb",
          .target_prefixes = kTargetPrefixes};
}

void DynamoDbService::Handle(const protocol::HttpRequest& request,
                             protocol::HttpResponse& response) {
  const std::string_view method = request.method();
  if ((method == "GET" || method == "HEAD") && request.path() == "/") {
    Greet(response);
  } else {
    AwsJsonService::Handle(request, response);
  }
}

void DynamoDbService::WriteError(const ApiError& error, protocol::HttpResponse& response) {
  dynamodb::WriteError(error, response);
}

void DynamoDbService::Greet(protocol::HttpResponse& response) {
  if (greeting_ == Greeting::kDynamoDbLocal) {
    WriteError(protocol::MissingAuthenticationToken(), response);
    // The tools that wait for this do not read it, and would keep the connection.
    response.closes = true;
    return;
  }
  response.content_type = "text/plain";
  response.body = kHealthText;
}

Status DynamoDbService::HoldTransaction(std::string_view request, std::string& body) {
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(request);
  if (!tree.has_value()) {
    return MakeError(ErrorCode::kSerialization, {});
  }
  const OperationEntry hold = HoldOperation();
  const protocol::OperationShape& shape = *FindOperationShape(hold.name);
  WEIR_ASSIGN_OR_RETURN(const protocol::ValueTexts texts,
                        protocol::CheckRequest(tree->root(), shape));
  // A control request is not signed, and the operation does not ask for the region.
  const protocol::RequestContext caller{.service = names().signing_name,
                                        .operation = shape.name,
                                        .account = protocol::kAccount,
                                        .time = database_.clock().Now()};
  Context context{database_, caller};
  return hold.run(context, {caller, shape, tree->root(), texts}, body);
}

}  // namespace weir::dynamodb
