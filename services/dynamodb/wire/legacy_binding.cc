// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/legacy_binding.h"

#include <algorithm>
#include <utility>

#include "protocol/check_types.h"

namespace weir::dynamodb {
namespace {

// The entries of a map that count, ascending by name: of those given twice the last, and no entry
// if that is null.
std::vector<protocol::JsonNode> SortedEntries(const protocol::JsonNode& map) {
  std::vector<protocol::JsonNode> entries;
  entries.reserve(map.size());
  for (const protocol::JsonNode entry : map) {
    entries.push_back(entry);
  }
  std::stable_sort(
      entries.begin(), entries.end(),
      [](const protocol::JsonNode& a, const protocol::JsonNode& b) { return a.key() < b.key(); });
  std::vector<protocol::JsonNode> last;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool replaced = i + 1 < entries.size() && entries[i + 1].key() == entries[i].key();
    if (!replaced && entries[i].kind() != protocol::JsonKind::kNull) {
      last.push_back(entries[i]);
    }
  }
  return last;
}

ApiError ToError(ValueFault fault) {
  ApiError error = ValidationError(std::move(fault.message));
  error.bare = fault.is_shape;
  return error;
}

// The fault of the first name that no attribute can have; nullopt if there is none.
std::optional<ApiError> CheckNames(const std::vector<protocol::JsonNode>& entries) {
  for (const protocol::JsonNode entry : entries) {
    if (std::optional<ValueFault> fault = CheckAttributeName(entry.key())) {
      return ToError(std::move(*fault));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> LegacyBinder::ReadValues(const std::optional<protocol::JsonNode>& node,
                                                 NestingRule nesting, PackedValues& values) {
  if (!node.has_value()) {
    return std::nullopt;
  }
  std::optional<ValueFault> fault;
  writer_.BeginItem();
  writer_.Name("");
  writer_.BeginList();
  if (node->kind() == protocol::JsonKind::kArray) {
    for (const protocol::JsonNode value : *node) {
      fault = DecodeAttributeValue(value, writer_, texts_, nesting);
      if (fault.has_value()) {
        break;
      }
    }
  } else {
    fault = DecodeAttributeValue(*node, writer_, texts_, nesting);
  }
  if (fault.has_value()) {
    return ToError(std::move(*fault));
  }
  writer_.EndList();
  values.holder = writer_.FinishItem();
  return std::nullopt;
}

void LegacyBinder::Read(const protocol::JsonNode& node, LegacyConditions& member) {
  const std::vector<protocol::JsonNode> entries = SortedEntries(node);
  member.fault = CheckNames(entries);
  if (member.fault.has_value()) {
    return;
  }
  for (const protocol::JsonNode condition : entries) {
    LegacyConditions::Entry& entry = member.entries.emplace_back();
    entry.attribute = condition.key();
    if (const std::optional<protocol::JsonNode> op = condition.Find("ComparisonOperator")) {
      entry.has_operator = true;
      entry.op = expression::ComparisonOperatorNamed(op->text());
    }
    if (const std::optional<protocol::JsonNode> exists = condition.Find("Exists")) {
      entry.exists = protocol::ReadBoolean(*exists).value_or(false);
    }
    member.fault = ReadValues(condition.Find("Value"), NestingRule::kOperand, entry.value);
    if (!member.fault.has_value()) {
      member.fault =
          ReadValues(condition.Find("AttributeValueList"), NestingRule::kOperand, entry.values);
    }
    if (member.fault.has_value()) {
      return;
    }
  }
}

void LegacyBinder::Read(const protocol::JsonNode& node, LegacyUpdates& member) {
  const std::vector<protocol::JsonNode> entries = SortedEntries(node);
  member.fault = CheckNames(entries);
  if (member.fault.has_value()) {
    return;
  }
  for (const protocol::JsonNode update : entries) {
    LegacyUpdates::Entry& entry = member.entries.emplace_back();
    entry.attribute = update.key();
    if (const std::optional<protocol::JsonNode> action = update.Find("Action")) {
      // CheckLateMembers has refused all other actions.
      entry.action = action->text() == "ADD"      ? expression::UpdateAction::kAdd
                     : action->text() == "DELETE" ? expression::UpdateAction::kDelete
                                                  : expression::UpdateAction::kPut;
    }
    member.fault = ReadValues(update.Find("Value"), NestingRule::kItem, entry.value);
    if (member.fault.has_value()) {
      return;
    }
  }
}

}  // namespace weir::dynamodb
