// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/function.h"

#include "core/digits.h"
#include "protocol/request_context.h"

namespace weir::lambda {

std::optional<std::uint64_t> VersionNumber(std::string_view text) {
  return text.starts_with('0') ? std::nullopt : ReadDecimal(text);
}

std::string Function::Arn() const {
  return Arn({});
}

std::string Function::Arn(std::string_view qualifier) const {
  std::string arn =
      "arn:aws:lambda:" + region + ":" + std::string(protocol::kAccount) + ":function:" + name;
  return qualifier.empty() ? arn : arn.append(":").append(qualifier);
}

const Configuration* Function::Find(std::string_view version) const {
  if (version == kLatest) {
    return &latest;
  }
  const auto found = versions.find(VersionNumber(version).value_or(0));  // none has the number 0
  return found != versions.end() ? &found->second->configuration : nullptr;
}

}  // namespace weir::lambda
