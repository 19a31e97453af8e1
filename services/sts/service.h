// SPDX-License-Identifier: Apache-2.0
// StsService: AWS Security Token Service, as far as tools ask it who they are:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#pragma once

#include "core/api_error.h"
#include "protocol/http.h"
#include "protocol/service.h"

namespace weir::sts {

// Every key is the root user of the one account. Stateless, so thread-safe.
class StsService final : public protocol::Service {
 public:
  [[nodiscard]] protocol::ServiceNames names() const override;
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override;
};

}  // namespace weir::sts
