// SPDX-License-Identifier: Apache-2.0
// /_weir/transactions: transactions that are held open between their checks and their writes, so
// that a test sees what colliding requests are answered.
//
//   GET                            → {"Transactions": [{"TransactionId", "ActionCount"}, …]}
//   POST                           a TransactWriteItems request → {"TransactionId", "ActionCount"}
//   POST   /<TransactionId>/commit makes its writes             → {}
//   DELETE /<TransactionId>        ends it without them         → {}
//
// Refusals are AWS's errors, as of the operation itself; ResourceNotFoundException for an id of no
// held transaction.
#pragma once

#include <string_view>

#include "core/result.h"
#include "protocol/http.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/service.h"

namespace weir::dynamodb {

// Thread-safe. What it is made of must outlive it.
class TransactionEndpoint final : public protocol::RequestHandler {
 public:
  TransactionEndpoint(Database& database, DynamoDbService& service)
      : database_(database), service_(service) {}

  static constexpr std::string_view kPath = "/_weir/transactions";

  // For paths that are kPath or lie below it.
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  // Carries out what `method` and `path`, the part behind kPath, mean.
  Status Call(std::string_view method, std::string_view path, std::string_view sent,
              protocol::HttpResponse& response);

  Database& database_;
  DynamoDbService& service_;
};

}  // namespace weir::dynamodb
