// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_limits.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/base64.h"
#include "core/text.h"
#include "protocol/check_echo.h"
#include "protocol/check_string.h"
#include "protocol/check_types.h"

namespace weir::protocol {
namespace {

std::string LengthRule(bool least, std::int64_t limit) {
  return (least ? "have length greater than or equal to " : "have length less than or equal to ") +
         std::to_string(limit);
}

std::string ValueRule(bool least, std::int64_t limit) {
  return (least ? "have value greater than or equal to " : "have value less than or equal to ") +
         std::to_string(limit);
}

std::string PatternRule(const Shape& shape) {
  return std::string("satisfy regular expression pattern: ").append(shape.pattern);
}

// The model's limit for an ARN that stands in place of a name.
constexpr std::size_t kMaxArnSize = 1024;

using RuleText = std::string (*)(bool, std::int64_t);

void AddRange(std::int64_t value, const Shape& shape, RuleText rule,
              std::vector<std::string>& broken) {
  if (shape.min != kUnbounded && value < shape.min) {
    broken.push_back(rule(true, shape.min));
  }
  if (shape.max != kUnbounded && value > shape.max) {
    broken.push_back(rule(false, shape.max));
  }
}

std::vector<std::string> BrokenStringLimits(std::string_view text, const Shape& shape) {
  std::vector<std::string> broken;
  if (shape.name_in_arn != nullptr && shape.name_in_arn(text).has_value()) {
    return broken;
  }
  if (shape.name_in_arn != nullptr && text.starts_with("arn:") && Utf16Size(text) > kMaxArnSize) {
    broken.push_back(LengthRule(false, kMaxArnSize));
    return broken;
  }
  if (!shape.values.empty()) {
    if (!FitsString(text, shape)) {
      broken.push_back(EnumRule(shape));
    }
    return broken;
  }
  AddRange(static_cast<std::int64_t>(LengthOf(text, shape)), shape, LengthRule, broken);
  if (!MatchesPattern(shape.matcher, text)) {
    broken.insert(shape.pattern_first ? broken.begin() : broken.end(), PatternRule(shape));
  }
  return broken;
}

// The limits of a map's keys or values as the service lists them, whichever of them is broken.
std::string ListLimits(const Shape& shape) {
  std::string text = "[";
  std::string_view separator;
  const auto add = [&](const std::string& rule) {
    text.append(separator).append("Member must ").append(rule);
    separator = ", ";
  };
  if (shape.max != kUnbounded) {
    add(LengthRule(false, shape.max));
  }
  if (shape.min != kUnbounded) {
    add(LengthRule(true, shape.min));
  }
  if (!shape.pattern.empty()) {
    add(PatternRule(shape));
  }
  return text += ']';
}

bool LimitsListOrMap(const Shape& shape) {
  return (shape.kind == ShapeKind::kList || shape.kind == ShapeKind::kMap) &&
         (shape.min != kUnbounded || shape.max != kUnbounded);
}

// "Map value must satisfy constraint: [...]" for a map with a list or map outside its limits.
std::optional<std::string> BrokenValueLimits(const JsonNode& map, const Shape& shape) {
  if (!LimitsListOrMap(*shape.element)) {
    return std::nullopt;
  }
  for (const JsonNode child : map) {
    if (child.kind() != JsonKind::kNull && !BrokenLimits(child, *shape.element).empty()) {
      return "Map value must satisfy constraint: " + ListLimits(*shape.element);
    }
  }
  return std::nullopt;
}

bool HasRequired(const Shape& shape) {
  return std::any_of(shape.members.begin(), shape.members.end(),
                     [](const ShapeMember& member) { return member.required; });
}

void CheckValue(const JsonNode& node, const Shape& shape, const MemberPath& path,
                FaultList& faults) {
  CheckSelf(node, shape, path, faults);
  CheckBelow(node, shape, path, faults);
}

void CheckMapValues(const JsonNode& map, const Shape& shape, const MemberPath& path,
                    FaultList& faults) {
  for (const JsonNode child : map) {
    if (faults.full()) {
      return;
    }
    if (child.kind() == JsonKind::kNull) {
      continue;
    }
    const MemberPath child_path = MemberPath::Value(path, child.key());
    // CheckSelf of this map reports the limits of lists and maps in it.
    if (!LimitsListOrMap(*shape.element)) {
      CheckSelf(child, *shape.element, child_path, faults);
    }
    CheckBelow(child, *shape.element, child_path, faults);
  }
}

}  // namespace

std::string EnumRule(const Shape& shape) {
  std::string text = "satisfy enum value set: [";
  std::string_view separator;
  for (const std::string_view value : shape.values) {
    text.append(separator).append(value);
    separator = ", ";
  }
  return text += ']';
}

std::vector<std::string> BrokenLimits(const JsonNode& node, const Shape& shape) {
  std::vector<std::string> broken;
  switch (shape.kind) {
    case ShapeKind::kString:
      return BrokenStringLimits(node.text(), shape);
    case ShapeKind::kBlob:
      AddRange(static_cast<std::int64_t>(DecodedBase64Size(node.text())), shape, LengthRule,
               broken);
      return broken;
    case ShapeKind::kList:
    case ShapeKind::kMap:
      AddRange(node.size(), shape, LengthRule, broken);
      return broken;
    case ShapeKind::kInteger:
      AddRange(ReadInteger(node), shape, ValueRule, broken);
      return broken;
    case ShapeKind::kLong:
    case ShapeKind::kDouble:
      AddRange(node.integer(), shape, ValueRule, broken);
      return broken;
    default:
      return broken;
  }
}

std::optional<std::string> BrokenKeyLimits(const JsonNode& map, const Shape& shape) {
  const Shape& key = *shape.map_key;
  if (!key.constrained) {
    return std::nullopt;
  }
  for (const JsonNode child : map) {
    if (!FitsString(child.key(), key)) {
      return "Map keys must satisfy constraint: " + ListLimits(key);
    }
  }
  return std::nullopt;
}

void CheckPresence(const ShapeMember& member, const MemberPath& path, FaultList& faults) {
  if (member.required) {
    faults.Add(EchoedFault(path, {}, "Member must not be null"));
  }
}

void CheckSelf(const JsonNode& node, const Shape& shape, const MemberPath& path,
               FaultList& faults) {
  if (!shape.constrained) {
    return;
  }
  std::vector<std::string> rules = BrokenLimits(node, shape);
  for (std::string& rule : rules) {
    rule.insert(0, "Member must ");
  }
  if (shape.kind == ShapeKind::kMap) {
    for (auto&& broken : {BrokenKeyLimits(node, shape), BrokenValueLimits(node, shape)}) {
      if (broken) {
        rules.push_back(*broken);
      }
    }
  }
  if (rules.empty()) {
    return;
  }
  const std::string echo = JavaEcho(node, shape);
  for (const std::string& rule : rules) {
    faults.Add(EchoedFault(path, echo, rule));
  }
}

void CheckBelow(const JsonNode& node, const Shape& shape, const MemberPath& path,
                FaultList& faults) {
  if (!shape.constrained) {
    return;
  }
  if (shape.kind == ShapeKind::kStructure) {
    for (const ShapeMember& member : shape.members) {
      CheckMember(node, member, &path, faults);
    }
  } else if (shape.kind == ShapeKind::kMap) {
    CheckMapValues(node, shape, path, faults);
  } else if (shape.kind == ShapeKind::kList) {
    std::uint32_t number = 0;
    for (const JsonNode child : node) {
      ++number;
      if (faults.full()) {
        return;
      }
      const MemberPath element_path = MemberPath::Element(path, number);
      if (child.kind() != JsonKind::kNull) {
        CheckValue(child, *shape.element, element_path, faults);
      } else if (HasRequired(*shape.element)) {
        faults.Add(EchoedFault(element_path, {}, "Member must not be null"));
      }
    }
  }
}

void CheckMember(const JsonNode& structure, const ShapeMember& member, const MemberPath* parent,
                 FaultList& faults) {
  if (faults.full() || (!member.required && !member.shape->constrained)) {
    return;
  }
  const MemberPath path(parent, member.name);
  if (const std::optional<JsonNode> value = structure.Find(member.name)) {
    CheckValue(*value, *member.shape, path, faults);
  } else {
    CheckPresence(member, path, faults);
  }
}

}  // namespace weir::protocol
