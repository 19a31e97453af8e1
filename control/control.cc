// SPDX-License-Identifier: Apache-2.0
#include "control/control.h"

#include "control/control_path.h"
#include "protocol/json_text.h"

namespace weir::control {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;

bool Reads(const HttpRequest& request) {
  return request.method() == "GET" || request.method() == "HEAD";
}

void AnswerMethodFault(const char* allowed, std::string_view text, HttpResponse& response) {
  response.headers.emplace_back("Allow", allowed);
  AnswerFault(405, text, response);
}

}  // namespace

void AnswerFault(unsigned status, std::string_view text, HttpResponse& response) {
  response.status = status;
  response.content_type = kControlContentType;
  response.body = "{\"message\":";
  protocol::AppendJsonString(text, response.body);
  response.body += '}';
}

ControlEndpoints::ControlEndpoints(std::string_view version, Timeline& timeline,
                                   protocol::RequestHandler& next)
    : health_("{\"status\":\"ok\",\"version\":\"" + std::string(version) + "\"}"),
      clock_(timeline),
      next_(next) {}

void ControlEndpoints::Handle(const HttpRequest& request, HttpResponse& response) {
  if (!IsControlPath(request.target())) {
    next_.Handle(request, response);
    return;
  }
  response.content_type = kControlContentType;
  const std::string_view path = request.path();
  if (path == kHealthPath) {
    if (!Reads(request)) {
      AnswerMethodFault("GET, HEAD", "This control endpoint answers GET only.", response);
      return;
    }
    response.body = health_;
  } else if (path == "/_weir/clock") {
    if (!Reads(request) && request.method() != "POST") {
      AnswerMethodFault("GET, HEAD, POST", "This control endpoint answers GET and POST only.",
                        response);
      return;
    }
    clock_.Handle(request, response);
  } else if (protocol::RequestHandler* endpoint = Find(path)) {
    endpoint->Handle(request, response);
  } else {
    AnswerFault(404, "There is no such control endpoint.", response);
  }
}

protocol::RequestHandler* ControlEndpoints::Find(std::string_view path) const {
  for (const Endpoint& endpoint : endpoints_) {
    const std::string_view own = endpoint.path;
    const bool below = endpoint.has_paths_below && path.starts_with(own) &&
                       path.substr(own.size()).starts_with('/');
    if (path == own || below) {
      return endpoint.handler;
    }
  }
  return nullptr;
}

}  // namespace weir::control
