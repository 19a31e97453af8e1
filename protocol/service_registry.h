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
// protocol), or, where those say nothing, by the service that its signature names. What names no
// service is the first one's. A request for a service that is not here gets an error that says so,
// in the form in which that service's clients expect one. Thread-safe; the services outlive it.
class ServiceRegistry final : public RequestHandler {
 public:
  // Told of the first refused request for each service: its name, and the operation.
  using OnUnserved = std::function<void(std::string_view service, std::string_view operation)>;

  // `services` are not empty.
  ServiceRegistry(std::vector<Service*> services, OnUnserved on_unserved);

  void Handle(const HttpRequest& request, HttpResponse& response) override;
  // In the first service's form.
  void WriteError(const ApiError& error, HttpResponse& response) override;
  void Drain() override;

 private:
  // Null if it is for a service that is not here.
  [[nodiscard]] Service* Find(const HttpRequest& request) const;
  void Refuse(const HttpRequest& request, HttpResponse& response);

  const std::vector<Service*> services_;
  const OnUnserved on_unserved_;
  std::string titles_;  // of all, for a sentence
  Mutex mutex_;
  std::set<std::string> told_ WEIR_GUARDED_BY(mutex_);  // kMostTold at most
};

}  // namespace weir::protocol
