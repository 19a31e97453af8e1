// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/table_arn.h"

#include <algorithm>
#include <array>

#include "core/digits.h"

namespace weir::dynamodb {
namespace {

constexpr std::size_t kAccountDigits = 12;
constexpr std::string_view kTable = "table/";

}  // namespace

std::optional<std::string_view> TableNameOfArn(std::string_view text) {
  std::array<std::string_view, 5> parts;  // arn, partition, service, region, account
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto [arn, partition, service, region, account] = parts;
  if (arn != "arn" || partition.empty() || service != "dynamodb" || region.empty() ||
      account.size() != kAccountDigits || !std::all_of(account.begin(), account.end(), IsDigit) ||
      !text.starts_with(kTable)) {
    return std::nullopt;
  }
  text.remove_prefix(kTable.size());
  return IsTableName(text) ? std::optional(text) : std::nullopt;
}

bool IsTablePartArn(std::string_view text, std::string_view part) {
  const std::size_t place = text.find(part);
  if (place == std::string_view::npos || !TableNameOfArn(text.substr(0, place)).has_value()) {
    return false;
  }
  const std::string_view id = text.substr(place + part.size());
  return !id.empty() && id.find('/') == std::string_view::npos;
}

std::string MakeTableArn(std::string_view region, std::string_view account, std::string_view name) {
  std::string arn = "arn:aws:dynamodb:";
  arn.append(region).append(":").append(account).append(":").append(kTable).append(name);
  return arn;
}

}  // namespace weir::dynamodb
