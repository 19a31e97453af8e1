// SPDX-License-Identifier: Apache-2.0
// Functions as JSON: as Lambda answers them, and as their records keep them.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "protocol/http.h"
#include "protocol/json_tree.h"
#include "services/lambda/functions/function.h"

namespace weir::lambda {

using Json = nlohmann::json;

// What an answer says of how far a version has come. Weir is done at once, but says so, as Lambda
// does, from the next answer on.
enum class VersionState : std::uint8_t {
  kCreating,  // Pending
  kUpdating,  // Active, with an update in progress
  kSettled,   // Active
  kListed,    // lists leave it out
};

// A FunctionConfiguration. `version` is "$LATEST" or a number.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
Json ConfigurationJson(const Function& function, std::string_view version,
                       const Configuration& configuration, VersionState state);
// The same with the ARN of a qualifier.
Json QualifiedConfigurationJson(const Function& function, std::string_view version,
                                const Configuration& configuration, VersionState state);

// https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html
Json AliasJson(const Function& function, std::string_view name, const Alias& alias);

// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionEventInvokeConfig.html
Json EventInvokeJson(const Function& function, std::string_view qualifier,
                     const EventInvokeConfig& config);

// "2026-12-01T12:00:00.000+0000".
std::string DateText(Micros time);

// The record of a function without its versions, and that of a version.
std::string FunctionRecord(const Function& function);
std::string VersionRecord(const Version& version);
// nullopt for text that is no such record. The zips are not looked for.
std::optional<Function> ReadFunctionRecord(std::string_view text);
std::optional<Version> ReadVersionRecord(std::string_view text);

// Makes `response` the JSON.
void Answer(unsigned status, const Json& json, protocol::HttpResponse& response);

}  // namespace weir::lambda
