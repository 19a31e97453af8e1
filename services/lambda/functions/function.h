// SPDX-License-Identifier: Apache-2.0
// Function: all that is known of one function, with its versions, aliases and settings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "services/lambda/functions/code_store.h"

namespace weir::lambda {

using Tags = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kLatest = "$LATEST";

// Where a version's code is. A function that was made for `weir lambda run` has none.
struct Code {
  std::string sha256;            // hex digits, of the zip; empty: no zip
  std::uint64_t size = 0;        // of the zip
  StoredZipPtr zip;              // nullptr if it is lost
  std::filesystem::path folder;  // of code that is run from where it is ("hot-reload"); else empty
};

// What Lambda calls a function's configuration, and its code.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
struct Configuration {
  std::string runtime;
  std::string role;
  std::string handler;
  std::string description;
  int timeout_s = 3;
  int memory_mb = 128;
  int storage_mb = 512;
  // nullopt: never set, so the answers leave it out.
  std::optional<std::map<std::string, std::string>> environment;
  std::string kms_key_arn;
  std::string tracing_mode = "PassThrough";
  std::string architecture = "x86_64";
  std::string log_format = "Text";
  std::string log_group;              // "/aws/lambda/orders" if none is asked for
  std::string application_log_level;  // of format JSON; else empty
  std::string system_log_level;
  Code code;
  Micros last_modified{0};
  std::string revision_id;  // as the API has it
  std::string change_id;    // changes only with code and configuration
};

// A published version. Only its revision changes.
struct Version {
  std::uint64_t number = 0;
  Configuration configuration;
};
using VersionPtr = std::shared_ptr<const Version>;

// https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html
struct Alias {
  std::string version;  // "$LATEST" or a number
  std::string description;
  // At most one: the share, from 0 to 1, of the invocations that another version gets.
  std::map<std::string, double> weights;
  std::string revision_id;
};

// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionEventInvokeConfig.html
struct EventInvokeConfig {
  std::optional<int> maximum_retry_attempts;
  std::optional<int> maximum_event_age_s;
  Micros last_modified{0};
};

// A statement of a resource-based policy: kept and answered, not enforced.
struct Statement {
  std::string id;
  std::string json;
};
using Policy = std::vector<Statement>;

// The number that stands for a version in `text`; nullopt if it is none.
std::optional<std::uint64_t> VersionNumber(std::string_view text);

// Immutable once the directory has it; a change makes another one.
struct Function {
  std::string name;
  std::string region;  // of its ARN: where it was created
  Configuration latest;
  std::map<std::uint64_t, VersionPtr> versions;
  std::uint64_t next_version = 1;
  std::map<std::string, Alias, std::less<>> aliases;
  std::map<std::string, EventInvokeConfig, std::less<>> event_invoke;  // by qualifier
  std::map<std::string, Policy, std::less<>> policies;  // by qualifier; "": of the function
  Tags tags;
  std::optional<int> reserved_concurrency;
  std::string recursive_loop = "Terminate";

  // arn:aws:lambda:<region>:<account>:function:<name>
  [[nodiscard]] std::string Arn() const;
  // With ":<qualifier>", unless that is empty.
  [[nodiscard]] std::string Arn(std::string_view qualifier) const;
  // The configuration of "$LATEST" or of a published version; nullptr if there is none.
  [[nodiscard]] const Configuration* Find(std::string_view version) const;
};
using FunctionPtr = std::shared_ptr<const Function>;

}  // namespace weir::lambda
