// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_binding.h"

#include "operations/operation.h"
#include "protocol/scalar.h"

namespace weir::protocol {

const Shape* RequestBinder::MemberShape(const Shape& shape, std::string_view name) {
  const auto found =
      std::find_if(shape.members.begin(), shape.members.end(),
                   [&](const ShapeMember& member) { return member.name == name; });
  return found == shape.members.end() ? nullptr : found->shape;
}

Status RequestBinder::RefuseOthers(const JsonNode& node, const Shape& shape,
                                   const std::vector<std::string_view>& names) {
  for (const JsonNode member : node) {
    if (member.kind() != JsonKind::kNull &&
        std::find(names.begin(), names.end(), member.key()) == names.end() &&
        MemberShape(shape, member.key()) != nullptr) {
      return InvalidParameter(std::string(member.key()) + " is not supported by Weir yet");
    }
  }
  return {};
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/, std::string& member) {
  member = node.text();
  return {};
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/, std::int64_t& member) {
  member = node.integer();
  return {};
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/, bool& member) {
  member = ReadBoolean(node);
  return {};
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/,
                           operations::NameMap& member) {
  for (const JsonNode entry : node) {
    member.emplace_back(entry.key(), entry.text());
  }
  return {};
}

ApiError RequestBinder::ErrorOf(ValueFault fault) const {
  ApiError error = ValidationError(std::move(fault.message));
  error.bare = fault.is_shape;
  return options_.envelopes_faults ? operations::InEnvelope(std::move(error)) : error;
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/, Item& member) {
  writer_.BeginItem();
  if (std::optional<ValueFault> fault = DecodeAttributes(node, writer_)) {
    return ErrorOf(std::move(*fault));
  }
  member = writer_.FinishItem();
  return {};
}

Status RequestBinder::Read(const JsonNode& node, const Shape& /*shape*/,
                           operations::ExpressionValues& member) {
  writer_.BeginItem();
  for (const JsonNode entry : node) {
    if (entry.kind() == JsonKind::kNull) {
      continue;
    }
    writer_.Name(entry.key());
    std::optional<ValueFault> fault = DecodeAttributeValue(entry, writer_);
    if (!fault.has_value()) {
      continue;
    }
    if (fault->is_shape && options_.names_faulty_values) {
      fault->message = "ExpressionAttributeValues contains invalid value: " + fault->message +
                       " for key " + std::string(entry.key());
    }
    member.fault = ValidationError(std::move(fault->message));
    member.fault->bare = fault->is_shape;
    return {};
  }
  member.values = writer_.FinishItem();
  return {};
}

}  // namespace weir::protocol
