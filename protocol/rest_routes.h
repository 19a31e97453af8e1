// SPDX-License-Identifier: Apache-2.0
// RestRoutes: the operations of a REST service by method and path:
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/http.h"
#include "protocol/request_context.h"

namespace weir::protocol {

// A request for an operation. Valid until its answer is made; a `later` must copy what it uses.
struct RestCall {
  const HttpRequest& request;
  RequestContext context;
  // The parts of the path that stand for {Name} in the route, percent-decoded.
  std::map<std::string, std::string, std::less<>> labels;
  // Percent-decoded, in the order of the query.
  std::vector<std::pair<std::string, std::string>> query;

  [[nodiscard]] std::string_view label(std::string_view name) const;  // empty if there is none
  // The first value of a member of the query; empty if there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

// The query of a request, as RestCall has it. A plus stays one.
std::vector<std::pair<std::string, std::string>> ReadQuery(std::string_view query);

// Filled before the first request; then immutable, so thread-safe if the handlers are.
class RestRoutes {
 public:
  using Handler = std::function<void(const RestCall& call, HttpResponse& response)>;
  struct Route {
    std::string_view method;     // "GET"; like the other two in static storage
    std::string_view path;       // "/2015-03-31/functions/{FunctionName}"; no slash at its end
    std::string_view operation;  // "GetFunction"
    Handler handler;
  };
  void Add(Route route);

  // The first route of a request whose path may end with a slash, and its labels; nullptr if there
  // is none.
  const Route* Find(std::string_view method, std::string_view path,
                    std::map<std::string, std::string, std::less<>>& labels) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace weir::protocol
