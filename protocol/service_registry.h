// SPDX-License-Identifier: Apache-2.0
// ServiceRegistry: all AWS services on one port.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"
#include "protocol/http.h"
#include "protocol/service.h"

namespace weir::protocol {

// Routes a request by the prefix of its X-Amz-Target, by the version of its `Action` (query
// protocol), or, where those say nothing, by the service that its signature names; without a
// signature, by its path. A request that names no service goes to the first one. A request for a
// service that Weir does not have gets an error that says so, in the form in which that service's
// clients expect errors. Thread-safe; the services must outlive it.
class ServiceRegistry final : public RequestHandler {
 public:
  // Called for the first refused request for each service that Weir does not have.
  using OnUnserved = std::function<void(std::string_view service, std::string_view operation)>;

  // `services` must not be empty.
  ServiceRegistry(std::vector<Service*> services, OnUnserved on_unserved);

  void Handle(const HttpRequest& request, HttpResponse& response) override;
  // Writes the error in the first service's form.
  void WriteError(const ApiError& error, HttpResponse& response) override;
  void Drain() override;

 private:
  // The service that the request is for; nullptr if Weir does not have it.
  [[nodiscard]] Service* Find(const HttpRequest& request) const;
  void Refuse(const HttpRequest& request, HttpResponse& response);

  const std::vector<Service*> services_;
  const OnUnserved on_unserved_;
  std::string titles_;  // of all services, joined for a sentence
  Mutex mutex_;
  // The services that `on_unserved_` was called for, kMostTold at most.
  std::set<std::string> told_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::protocol
