// SPDX-License-Identifier: Apache-2.0
// StsService: AWS Security Token Service, but only the operation by which tools learn who they are:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#pragma once

#include "core/api_error.h"
#include "protocol/http.h"
#include "protocol/service.h"

namespace weir::sts {

// Every access key belongs to the root user of Weir's one account. Stateless, so thread-safe.
class StsService final : public protocol::Service {
 public:
  [[nodiscard]] protocol::ServiceNames names() const override;
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override;
};

}  // namespace weir::sts
