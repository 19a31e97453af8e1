// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/transaction_endpoint.h"

#include "control/control.h"
#include "services/dynamodb/transactions/held_transactions.h"
#include "services/dynamodb/wire/error_body.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kCommit = "/commit";

}  // namespace

void TransactionEndpoint::Handle(const protocol::HttpRequest& request,
                                 protocol::HttpResponse& response) {
  response.content_type = control::kControlContentType;
  std::string_view path = request.path();
  path.remove_prefix(kPath.size());
  const Status status = Call(request.method(), path, request.body(), response);
  if (!status.ok()) {
    dynamodb::WriteError(status.error(), response);
  }
}

Status TransactionEndpoint::Call(std::string_view method, std::string_view path,
                                 std::string_view sent, protocol::HttpResponse& response) {
  HeldTransactions& held = database_.held_transactions();
  if (path.empty() && (method == "GET" || method == "HEAD")) {
    AppendJson(held.List(), response.body);
    return {};
  }
  if (path.empty() && method == "POST") {
    return service_.HoldTransaction(sent, response.body);
  }
  if (path.starts_with('/')) {
    path.remove_prefix(1);
    if (method == "POST" && path.ends_with(kCommit)) {
      response.body = "{}";
      return held.Commit(path.substr(0, path.size() - kCommit.size()));
    }
    if (method == "DELETE") {
      response.body = "{}";
      return held.Cancel(path);
    }
  }
  control::AnswerFault(404, "There is no such control endpoint.", response);
  return {};
}

}  // namespace weir::dynamodb
