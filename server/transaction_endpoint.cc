// SPDX-License-Identifier: Apache-2.0
#include "server/transaction_endpoint.h"

#include "operations/held_transactions.h"
#include "protocol/error_body.h"
#include "protocol/response_writer.h"
#include "server/control.h"

namespace weir::server {
namespace {

constexpr std::string_view kCommit = "/commit";

}  // namespace

void TransactionEndpoint::Handle(const protocol::HttpRequest& request,
                                 protocol::HttpResponse& response) {
  response.content_type = kControlContentType;
  std::string_view path = request.path();
  path.remove_prefix(kPath.size());
  const Status status = Call(request.method(), path, request.body(), response);
  if (!status.ok()) {
    protocol::WriteError(status.error(), response);
  }
}

Status TransactionEndpoint::Call(std::string_view method, std::string_view path,
                                 std::string_view sent, protocol::HttpResponse& response) {
  operations::HeldTransactions& held = database_.held_transactions();
  if (path.empty() && (method == "GET" || method == "HEAD")) {
    protocol::AppendJson(held.List(), response.body);
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
  AnswerFault(404, "There is no such control endpoint.", response);
  return {};
}

}  // namespace weir::server
