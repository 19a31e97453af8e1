// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/member_reader.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/text.h"
#include "protocol/check_types.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::MemberPath;

// The texts of AWS's layer for JSON, which its services share.
std::string WrongType(JsonKind kind, std::string_view expected) {
  if (kind == JsonKind::kObject) {
    return "Start of structure or map found where not expected";
  }
  if (kind == JsonKind::kArray) {
    return "Start of list found where not expected";
  }
  if (expected.empty()) {
    return "Unexpected field type";
  }
  return std::string(protocol::TokenName(kind)) + " cannot be converted to " +
         std::string(expected);
}

std::string SetOf(std::span<const std::string_view> values) {
  std::string text = "[";
  for (const std::string_view value : values) {
    text.append(text.size() > 1 ? ", " : "").append(value);
  }
  return text + "]";
}

}  // namespace

void RequestFaults::AddSerialization(std::string text) {
  if (!serialization_.has_value()) {
    serialization_ = std::move(text);
  }
}

void RequestFaults::Add(const MemberPath& path, std::optional<std::string_view> echo,
                        std::string_view rule) {
  if (echo.has_value()) {
    list_.Add(protocol::EchoedFault(path, TruncateUtf8(*echo, protocol::kMaxEchoSize), rule));
    return;
  }
  std::string text = "Value at '";
  path.AppendTo(text);
  list_.Add(std::move(text) + "' failed to satisfy constraint: " + std::string(rule));
}

void RequestFaults::AddMissing(const MemberPath& path) {
  list_.Add(protocol::EchoedFault(path, {}, "Member must not be null"));
}

LambdaStatus RequestFaults::ToStatus() const {
  if (serialization_.has_value()) {
    return MakeLambdaError(LambdaErrorCode::kSerialization, *serialization_);
  }
  return list_.empty()
             ? LambdaStatus()
             : LambdaStatus(MakeLambdaError(LambdaErrorCode::kValidation, list_.ToError().message));
}

MemberReader::MemberReader(JsonNode object, RequestFaults& faults, const MemberPath* path)
    : object_(object),
      is_object_(object.kind() == JsonKind::kObject),
      faults_(faults),
      path_(path) {
  if (!is_object_) {
    faults_.AddSerialization("Unexpected field type");
  }
}

std::optional<JsonNode> MemberReader::Find(std::string_view name) const {
  return is_object_ ? object_.Find(name) : std::nullopt;
}

std::optional<std::string_view> MemberReader::Text(std::string_view name,
                                                   const TextLimits& limits) {
  const std::optional<JsonNode> node = Find(name);
  if (!node.has_value()) {
    return std::nullopt;
  }
  if (node->kind() != JsonKind::kString) {
    faults_.AddSerialization(WrongType(node->kind(), "String"));
    return std::nullopt;
  }
  CheckText(PathOf(name), node->text(), limits, faults_);
  return node->text();
}

std::optional<std::int64_t> MemberReader::Integer(std::string_view name, std::int64_t min,
                                                  std::int64_t max) {
  const std::optional<JsonNode> node = Find(name);
  if (!node.has_value()) {
    return std::nullopt;
  }
  if (node->kind() != JsonKind::kInteger && node->kind() != JsonKind::kDecimal) {
    faults_.AddSerialization(WrongType(node->kind(), "Integer"));
    return std::nullopt;
  }
  const std::int64_t value = node->integer();
  if (value < min) {
    faults_.Add(PathOf(name), std::to_string(value),
                "Member must have value greater than or equal to " + std::to_string(min));
  }
  if (value > max) {
    faults_.Add(PathOf(name), std::to_string(value),
                "Member must have value less than or equal to " + std::to_string(max));
  }
  return value;
}

std::optional<bool> MemberReader::Boolean(std::string_view name) {
  const std::optional<JsonNode> node = Find(name);
  if (!node.has_value()) {
    return std::nullopt;
  }
  if (node->kind() != JsonKind::kTrue && node->kind() != JsonKind::kFalse) {
    faults_.AddSerialization(WrongType(node->kind(), "Boolean"));
    return std::nullopt;
  }
  return node->kind() == JsonKind::kTrue;
}

std::optional<JsonNode> MemberReader::Object(std::string_view name) {
  std::optional<JsonNode> node = Find(name);
  if (node.has_value() && node->kind() != JsonKind::kObject) {
    faults_.AddSerialization(WrongType(node->kind(), {}));
    return std::nullopt;
  }
  return node;
}

std::optional<JsonNode> MemberReader::Array(std::string_view name) {
  std::optional<JsonNode> node = Find(name);
  if (node.has_value() && node->kind() != JsonKind::kArray) {
    faults_.AddSerialization(WrongType(node->kind(), {}));
    return std::nullopt;
  }
  return node;
}

void MemberReader::Require(std::string_view name) {
  if (!Find(name).has_value()) {
    faults_.AddMissing(PathOf(name));
  }
}

void CheckText(const MemberPath& path, std::string_view text, const TextLimits& limits,
               RequestFaults& faults) {
  const std::size_t size = Utf16Size(text);
  if (size < limits.min) {
    faults.Add(path, text,
               "Member must have length greater than or equal to " + std::to_string(limits.min));
  }
  if (size > limits.max) {
    faults.Add(path, text,
               "Member must have length less than or equal to " + std::to_string(limits.max));
  }
  if (limits.matches != nullptr && !limits.matches(text)) {
    faults.Add(path, text,
               "Member must satisfy regular expression pattern: " + std::string(limits.pattern));
  }
  if (!limits.values.empty() &&
      std::find(limits.values.begin(), limits.values.end(), text) == limits.values.end()) {
    faults.Add(path, text, "Member must satisfy enum value set: " + SetOf(limits.values));
  }
}

std::optional<std::int64_t> ReadQueryInteger(const protocol::RestCall& call, std::string_view name,
                                             std::int64_t max, RequestFaults& faults) {
  const std::string_view text = call.parameter(name);
  if (text.empty()) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    faults.AddSerialization("STRING_VALUE cannot be converted to Integer");
    return std::nullopt;
  }
  const MemberPath path(nullptr, name);
  if (value < 1) {
    faults.Add(path, text, "Member must have value greater than or equal to 1");
  } else if (value > max) {
    faults.Add(path, text, "Member must have value less than or equal to " + std::to_string(max));
  }
  return value;
}

LambdaResult<protocol::JsonTree> ParseBody(const protocol::RestCall& call) {
  const std::string_view body = call.request.body();
  std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(body.empty() ? "{}" : body);
  if (!tree.has_value()) {
    return MakeLambdaError(LambdaErrorCode::kSerialization, {});
  }
  return *std::move(tree);
}

}  // namespace weir::lambda
