// SPDX-License-Identifier: Apache-2.0
#include "protocol/service_registry.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/authorization.h"
#include "protocol/query_request.h"
#include "protocol/unserved.h"

namespace weir::protocol {
namespace {

// How many services OnUnserved is called for at most. AWS has some four hundred.
constexpr std::size_t kMostTold = 64;

std::string JoinTitles(const std::vector<Service*>& services) {
  std::string titles;
  for (const Service* service : services) {
    const bool is_last = service == services.back();
    if (!titles.empty()) {
      titles += is_last ? " and " : ", ";
    }
    titles += service->names().title;
  }
  return titles;
}

bool HasTargetPrefix(const ServiceNames& names, std::string_view prefix) {
  return std::find(names.target_prefixes.begin(), names.target_prefixes.end(), prefix) !=
         names.target_prefixes.end();
}

}  // namespace

ServiceRegistry::ServiceRegistry(std::vector<Service*> services, OnUnserved on_unserved)
    : services_(std::move(services)),
      on_unserved_(std::move(on_unserved)),
      titles_(JoinTitles(services_)) {}

void ServiceRegistry::Handle(const HttpRequest& request, HttpResponse& response) {
  if (Service* const service = Find(request)) {
    service->Handle(request, response);
  } else {
    Refuse(request, response);
  }
}

void ServiceRegistry::WriteError(const ApiError& error, HttpResponse& response) {
  services_.front()->WriteError(error, response);
}

void ServiceRegistry::Drain() {
  for (Service* service : services_) {
    service->Drain();
  }
}

Service* ServiceRegistry::Find(const HttpRequest& request) const {
  const auto find = [this](const auto& is_its) -> Service* {
    const auto found = std::find_if(services_.begin(), services_.end(),
                                    [&](const Service* one) { return is_its(one->names()); });
    return found == services_.end() ? nullptr : *found;
  };
  const std::string_view target = request.header("X-Amz-Target");
  if (!target.empty()) {
    const std::string_view prefix = target.substr(0, target.find('.'));
    if (Service* const service =
            find([&](const ServiceNames& names) { return HasTargetPrefix(names, prefix); })) {
      return service;
    }
  } else if (const std::optional<QueryRequest> query = QueryRequest::Of(request)) {
    if (Service* const service = find([&](const ServiceNames& names) {
          return !names.query_version.empty() && names.query_version == query->version();
        })) {
      return service;
    }
  }
  const std::string signing_name = SigningName(request);
  if (signing_name.empty()) {
    Service* const by_path = find([&](const ServiceNames& names) {
      return !names.path.empty() && request.path().starts_with(names.path);
    });
    return by_path == nullptr ? services_.front() : by_path;
  }
  return find([&](const ServiceNames& names) { return names.signing_name == signing_name; });
}

void ServiceRegistry::Refuse(const HttpRequest& request, HttpResponse& response) {
  const UnservedCall call = UnservedCall::Of(request);
  bool is_first = false;
  {
    const MutexLock lock(mutex_);
    is_first = told_.size() < kMostTold && told_.insert(call.service).second;
  }
  if (is_first) {
    on_unserved_(call.service, call.operation);
  }
  call.Refuse("Weir serves " + titles_ + "; this was " + call.service + " " + call.operation,
              response);
}

}  // namespace weir::protocol
