// SPDX-License-Identifier: Apache-2.0
// LambdaEndpoints: which functions run elsewhere, and where: what the flags --lambda-endpoint and
// --lambda say.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace weir::runtimes {

// Where the Runtime Interface Emulator, which AWS's base images contain, takes invocations of the
// one function of its container: https://github.com/aws/aws-lambda-runtime-interface-emulator
inline constexpr std::string_view kEmulatorPath = "/2015-03-31/functions/function/invocations";

struct EndpointFlagFault {
  std::string text;  // a sentence for people, without a full stop
};

// What `--lambda NAME=URL` says.
struct NamedEndpoint {
  std::string name;
  std::string url;  // the whole URL that invocations are POSTed to
};

// Reads `NAME=URL`. A URL without a path is that of a container with a Runtime Interface Emulator,
// and gets kEmulatorPath.
[[nodiscard]] Result<NamedEndpoint, EndpointFlagFault> ParseEndpointFlag(std::string_view text);

// Immutable once it is made, so threads share it.
class LambdaEndpoints {
 public:
  // No function runs elsewhere.
  LambdaEndpoints() = default;
  // `any`: the URL of --lambda-endpoint, an Invoke API for functions of any name, such as that of
  // `sam local start-lambda`; empty: there is none. `named`: each NAME=URL of --lambda, which comes
  // before it.
  [[nodiscard]] static Result<LambdaEndpoints, EndpointFlagFault> Parse(
      std::string_view any, const std::vector<std::string>& named);

  // The whole URL that invocations of the function are POSTed to; nullopt if it does not run
  // elsewhere.
  [[nodiscard]] std::optional<std::string> EndpointOf(std::string_view name) const;

 private:
  std::string any_;  // without a slash at its end
  std::map<std::string, std::string, std::less<>> by_name_;
};

}  // namespace weir::runtimes
