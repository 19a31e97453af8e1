// SPDX-License-Identifier: Apache-2.0
// DynamoDbService: DynamoDB and DynamoDB Streams over one database.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/api_error.h"
#include "core/result.h"
#include "protocol/aws_json_service.h"
#include "protocol/http.h"
#include "protocol/service.h"

namespace weir::dynamodb {

class Database;

// What GET / answers.
enum class Greeting : std::uint8_t {
  kHealthText,     // as AWS does: 200, "healthy: …"
  kDynamoDbLocal,  // as DynamoDB Local does: 400, which tools that start it wait for
};

// Answers `X-Amz-Target: DynamoDB_20120810.<operation>` and `DynamoDBStreams_20120810.<operation>`.
// Thread-safe. `database` must outlive it.
class DynamoDbService final : public protocol::AwsJsonService {
 public:
  explicit DynamoDbService(Database& database, Greeting greeting = Greeting::kHealthText);

  [[nodiscard]] protocol::ServiceNames names() const override;
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override;

  // Holds the transaction of a TransactWriteItems request open
  // (services/dynamodb/transactions/held_transactions.h) and appends the answer's body. Fails as
  // that operation does.
  Status HoldTransaction(std::string_view request, std::string& body);

 private:
  void Greet(protocol::HttpResponse& response);

  Database& database_;
  const Greeting greeting_;
};

}  // namespace weir::dynamodb
