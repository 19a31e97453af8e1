// SPDX-License-Identifier: Apache-2.0
#include "server/control.h"

namespace weir::server {
namespace {

constexpr std::string_view kPrefix = "/_weir/";

}  // namespace

ControlEndpoints::ControlEndpoints(std::string_view version, protocol::RequestHandler& next)
    : health_("{\"status\":\"ok\",\"version\":\"" + std::string(version) + "\"}"), next_(next) {}

void ControlEndpoints::Handle(const protocol::HttpRequest& request,
                              protocol::HttpResponse& response) {
  if (!request.target().starts_with(kPrefix)) {
    next_.Handle(request, response);
    return;
  }
  response.content_type = "application/json";
  const std::string_view path = request.target().substr(0, request.target().find('?'));
  if (path != "/_weir/health") {
    response.status = 404;
    response.body = "{\"message\":\"There is no such control endpoint.\"}";
    return;
  }
  if (request.method() != "GET" && request.method() != "HEAD") {
    response.status = 405;
    response.headers.emplace_back("Allow", "GET, HEAD");
    response.body = "{\"message\":\"This control endpoint answers GET only.\"}";
    return;
  }
  response.body = health_;
}

}  // namespace weir::server
