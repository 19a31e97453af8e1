// SPDX-License-Identifier: Apache-2.0
// /_weir/transactions: transactions that are held open between their checks and their writes, so
// that a test can see the errors that colliding requests get.
//
//   GET                            → {"Transactions": [{"TransactionId", "ActionCount"}, …]}
//   POST                           a TransactWriteItems request → {"TransactionId", "ActionCount"}
//   POST   /<TransactionId>/commit makes the writes             → {}
//   DELETE /<TransactionId>        ends it without its writes   → {}
//
// Errors are those of TransactWriteItems; ResourceNotFoundException if no held transaction has the
// id.
#pragma once

#include <string_view>

#include "core/result.h"
#include "protocol/http.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/service.h"

namespace weir::dynamodb {

// Thread-safe. `database` and `service` must outlive it.
class TransactionEndpoint final : public protocol::RequestHandler {
 public:
  TransactionEndpoint(Database& database, DynamoDbService& service)
      : database_(database), service_(service) {}

  static constexpr std::string_view kPath = "/_weir/transactions";

  // The request's path must be kPath or lie below it.
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  // Carries out what `method` and `path`, the part of the request's path after kPath, ask for.
  Status Call(std::string_view method, std::string_view path, std::string_view sent,
              protocol::HttpResponse& response);

  Database& database_;
  DynamoDbService& service_;
};

}  // namespace weir::dynamodb
