// SPDX-License-Identifier: Apache-2.0
// LambdaService: the Lambda API, on the port of all services.
// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
//
// It does what all operations have in common: access, credentials, the look-up by method and path,
// errors. The operations themselves are routes that the parts of this folder add.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/clock.h"
#include "core/mutex.h"
#include "protocol/http.h"
#include "protocol/rest_routes.h"
#include "protocol/service.h"
#include "services/lambda/errors.h"

namespace weir::lambda {

// Whether functions may be used at all: who may create one may run any program as Weir's user.
enum class FunctionAccess : std::uint8_t {
  kAllowed,
  kOff,          // --no-functions
  kNotLoopback,  // other machines reach the server, and --allow-functions is not given
};
// Why they may not, for people; empty for kAllowed.
[[nodiscard]] std::string_view RefusalOf(FunctionAccess access);

// Thread-safe if the routes' handlers are.
class LambdaService final : public protocol::Service {
 public:
  // Answers `routes`, and refuses by name the operations that Weir does not have. `clock` must
  // outlive it.
  LambdaService(protocol::RestRoutes routes, const Clock& clock, FunctionAccess access);

  [[nodiscard]] protocol::ServiceNames names() const override;
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override;

 private:
  // Holds one of the few places for requests with large bodies.
  class LargeBodyTurn;
  LambdaStatus Call(const protocol::HttpRequest& request, protocol::HttpResponse& response) const;

  protocol::RestRoutes routes_;
  const Clock& clock_;
  const FunctionAccess access_;
  Mutex mutex_;
  ConditionVariable body_done_;
  int large_bodies_ WEIR_GUARDED_BY(mutex_) = 0;
};

// Adds the operations of Lambda that Weir does not have; each is refused by its name.
void AddUnsupportedRoutes(protocol::RestRoutes& routes);

// A handler's usual form: makes `response` the error if `status` is one.
inline void WriteIfError(const LambdaStatus& status, protocol::HttpResponse& response) {
  if (!status.ok()) {
    WriteLambdaError(status.error(), response);
  }
}

}  // namespace weir::lambda
