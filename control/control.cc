// SPDX-License-Identifier: Apache-2.0
#include "control/control.h"

#include <algorithm>
#include <string>
#include <utility>

#include "control/clock_endpoint.h"
#include "control/control_path.h"
#include "protocol/json_text.h"

namespace weir::control {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;

bool Reads(const HttpRequest& request) {
  return request.method() == "GET" || request.method() == "HEAD";
}

// Whether `method` is one of `methods`, such as "GET, HEAD, POST".
bool IsAmong(std::string_view method, std::string_view methods) {
  while (!methods.empty()) {
    const std::size_t end = std::min(methods.find(", "), methods.size());
    if (methods.substr(0, end) == method) {
      return true;
    }
    methods.remove_prefix(std::min(end + 2, methods.size()));
  }
  return false;
}

// "This control endpoint answers GET and POST only."
std::string MethodFault(std::string_view methods) {
  std::string names;
  for (const std::string_view name : {"GET", "POST", "DELETE"}) {
    if (IsAmong(name, methods)) {
      names.append(names.empty() ? "" : " and ").append(name);
    }
  }
  return "This control endpoint answers " + names + " only.";
}

}  // namespace

void AnswerFault(unsigned status, std::string_view text, HttpResponse& response) {
  response.status = status;
  response.content_type = kControlContentType;
  response.body = "{\"message\":";
  protocol::AppendJsonString(text, response.body);
  response.body += '}';
}

void AnswerMethodNotAllowed(std::string_view allowed, HttpResponse& response) {
  constexpr unsigned kMethodNotAllowed = 405;
  response.headers.emplace_back("Allow", allowed);
  AnswerFault(kMethodNotAllowed, MethodFault(allowed), response);
}

class ControlEndpoints::Health final : public protocol::RequestHandler {
 public:
  explicit Health(std::string_view version)
      : members_("{\"status\":\"ok\",\"version\":\"" + std::string(version) + '"') {}
  void DescribeBy(std::function<void(std::string& members)> describe) {
    describe_ = std::move(describe);
  }
  void Handle(const HttpRequest& request, HttpResponse& response) override {
    response.body = members_;
    if (request.query() == kVerboseQuery && describe_) {
      describe_(response.body);
    }
    response.body += '}';
  }

 private:
  const std::string members_;
  std::function<void(std::string& members)> describe_;
};

ControlEndpoints::ControlEndpoints(std::string_view version, Timeline& timeline,
                                   protocol::RequestHandler& next)
    : health_(std::make_unique<Health>(version)),
      clock_(std::make_unique<ClockEndpoint>(timeline)),
      next_(next) {
  Add({.path = kHealthPath,
       .methods = "GET, HEAD",
       .purpose = "whether the server answers, and its version; ?verbose: what takes its memory",
       .handler = health_.get()});
  Add({.path = "/_weir/clock",
       .methods = "GET, HEAD, POST",
       .purpose = "the server's clock, which can be stopped and moved forward",
       .handler = clock_.get()});
}

ControlEndpoints::~ControlEndpoints() = default;

void ControlEndpoints::DescribeBy(std::function<void(std::string& members)> describe) {
  health_->DescribeBy(std::move(describe));
}

void ControlEndpoints::Handle(const HttpRequest& request, HttpResponse& response) {
  const std::string_view path = request.path();
  const bool lists = Reads(request) && (path == kControlRoot || path == kControlPrefix);
  if (!lists && !IsControlPath(path)) {
    next_.Handle(request, response);
    return;
  }
  response.content_type = kControlContentType;
  const ControlEndpoint* const endpoint = lists ? nullptr : Find(path);
  if (lists) {
    List(response);
  } else if (endpoint != nullptr && !endpoint->has_paths_below &&
             !IsAmong(request.method(), endpoint->methods)) {
    AnswerMethodNotAllowed(endpoint->methods, response);
  } else if (endpoint != nullptr && endpoint->handler != nullptr) {
    endpoint->handler->Handle(request, response);
  } else {
    AnswerFault(404, "There is no such control endpoint.", response);
  }
}

const ControlEndpoint* ControlEndpoints::Find(std::string_view path) const {
  const auto found =
      std::find_if(endpoints_.begin(), endpoints_.end(), [path](const ControlEndpoint& one) {
        const bool below = one.has_paths_below && path.starts_with(one.path) &&
                           path.substr(one.path.size()).starts_with('/');
        return path == one.path || below;
      });
  return found == endpoints_.end() ? nullptr : &*found;
}

void ControlEndpoints::List(HttpResponse& response) const {
  std::string& body = response.body;
  body = "{\"endpoints\":[";
  for (const ControlEndpoint& endpoint : endpoints_) {
    body += &endpoint == &endpoints_.front() ? "{\"path\":" : ",{\"path\":";
    protocol::AppendJsonString(endpoint.path, body);
    body += ",\"methods\":";
    protocol::AppendJsonString(endpoint.methods, body);
    body += ",\"purpose\":";
    protocol::AppendJsonString(endpoint.purpose, body);
    body += '}';
  }
  body += "]}";
}

}  // namespace weir::control
