// SPDX-License-Identifier: Apache-2.0
// What CreateFunction and UpdateFunctionConfiguration ask for.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/member_reader.h"

namespace weir::lambda {

// The members that both CreateFunction and UpdateFunctionConfiguration have; nullopt: not given.
struct ConfigurationRequest {
  std::optional<std::string> runtime;
  std::optional<std::string> role;
  std::optional<std::string> handler;
  std::optional<std::string> description;
  std::optional<int> timeout_s;
  std::optional<int> memory_mb;
  std::optional<int> storage_mb;
  std::optional<std::map<std::string, std::string>> environment;
  std::optional<std::string> kms_key_arn;
  std::optional<std::string> tracing_mode;
  std::optional<std::string> log_format;
  std::optional<std::string> log_group;
  std::optional<std::string> application_log_level;
  std::optional<std::string> system_log_level;
  // What is refused although its form is right; to be answered after all faults of form.
  std::optional<LambdaError> refusal;

  // Does to `configuration`, of the function with that name, what the request asks for.
  void Apply(std::string_view name, Configuration& configuration) const;
};
ConfigurationRequest ReadConfigurationRequest(MemberReader& members);

// Sets a refusal, unless there is one: InvalidParameterValueException with that text, or
// `<name> is not supported by Weir yet`.
void Refuse(std::string text, std::optional<LambdaError>& refusal);
void RefuseByName(std::string_view name, std::optional<LambdaError>& refusal);

// Fails with PreconditionFailedException if `given` is another revision.
LambdaStatus CheckRevision(std::optional<std::string_view> given, std::string_view revision_id);

inline constexpr TextLimits kDescriptionLimits = {.max = 256};

}  // namespace weir::lambda
