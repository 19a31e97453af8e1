// SPDX-License-Identifier: Apache-2.0
// DynamoDbService: both JSON protocols over one database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <semaphore>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/shape.h"
#include "operations/database.h"
#include "protocol/attribute_value.h"
#include "protocol/http.h"
#include "protocol/json_tree.h"

namespace weir::protocol {

// How many large bodies are decoded and carried out at a time.
inline constexpr std::ptrdiff_t kMostLargeBodies = 4;
using LargeBodies = std::counting_semaphore<kMostLargeBodies>;

// What GET / answers.
enum class Greeting : std::uint8_t {
  kHealthText,     // as AWS does: 200, "healthy: …"
  kDynamoDbLocal,  // as DynamoDB Local does: 400, for which tools wait that start it
};

// Answers `X-Amz-Target: DynamoDB_20120810.<operation>` and `DynamoDBStreams_20120810.<operation>`
// on one port. Thread-safe. `database` must outlive it.
class DynamoDbService final : public RequestHandler {
 public:
  explicit DynamoDbService(operations::Database& database,
                           Greeting greeting = Greeting::kHealthText);

  // The checks of a request, in AWS's order: method, content type, JSON, target, credentials, then
  // those of the operation.
  void Handle(const HttpRequest& request, HttpResponse& response) override;

  // Holds the transaction of a TransactWriteItems request open (operations/held_transactions.h) and
  // appends the answer's body. Fails as that operation does.
  Status HoldTransaction(std::string_view request, std::string& body);

 private:
  // Carries out a request that is JSON and authenticated, and appends the answer's body.
  using Runner = Status (*)(operations::Context& context, const JsonNode& root,
                            const OperationShape& shape, ValueTexts texts, std::string& body);
  struct Target {
    const OperationShape* shape = nullptr;
    Runner run = nullptr;  // null: Weir knows the operation but does not carry it out
  };

  void Greet(HttpResponse& response) const;
  void HandlePost(const HttpRequest& request, HttpResponse& response);
  // `sent` is the request's body, decoded.
  Status Call(const HttpRequest& request, std::string_view sent, std::string& body);

  operations::Database& database_;
  const Greeting greeting_;
  LargeBodies large_bodies_{kMostLargeBodies};
  std::unordered_map<std::string, Target> targets_;  // by X-Amz-Target
};

}  // namespace weir::protocol
