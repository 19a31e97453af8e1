// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/parameter_mix.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::dynamodb {
namespace {

// What holds the parameters: the request, or each value of a map in it.
std::vector<protocol::JsonNode> Holders(const protocol::JsonNode& root, std::string_view within) {
  if (within.empty()) {
    return {root};
  }
  std::vector<protocol::JsonNode> holders;
  if (const std::optional<protocol::JsonNode> map = root.Find(within)) {
    for (const protocol::JsonNode value : *map) {
      holders.push_back(value);
    }
  }
  return holders;
}

bool IsGiven(const std::vector<protocol::JsonNode>& holders, std::string_view name) {
  for (const protocol::JsonNode holder : holders) {
    if (!name.empty() && holder.Find(name).has_value()) {
      return true;
    }
  }
  return false;
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

std::vector<std::string_view> Given(const std::vector<protocol::JsonNode>& holders,
                                    std::span<const std::string_view> names) {
  std::vector<std::string_view> given;
  for (const std::string_view name : names) {
    if (IsGiven(holders, name)) {
      given.push_back(name);
    }
  }
  return given;
}

}  // namespace

Status CheckParameterMix(const protocol::JsonNode& root, const ParameterMix& mix) {
  const std::vector<protocol::JsonNode> holders = Holders(root, mix.within);
  const std::vector<std::string_view> expressions = Given(holders, mix.expressions);
  if (expressions.empty()) {
    return {};
  }
  std::vector<std::string_view> legacy = Given(holders, mix.legacy);
  if (!mix.tolerant.empty() && !IsGiven(holders, mix.tolerant_excludes)) {
    std::erase(legacy, mix.tolerant);
  }
  if (legacy.empty()) {
    return {};
  }
  return ValidationError(
      "Can not use both expression and non-expression parameters in the same request: "
      "Non-expression parameters: {" +
      Joined(legacy) + "} Expression parameters: {" + Joined(expressions) + "}");
}

}  // namespace weir::dynamodb
