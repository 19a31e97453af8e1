// SPDX-License-Identifier: Apache-2.0
// Reads the bodies of control requests: a JSON object into a struct, by a table of its members.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "protocol/json_tree.h"

namespace weir::control {

// A member that a request may have, and the function that reads it. A value of another kind than
// `kind` is refused as if the member were unknown.
template <class Struct>
struct Member {
  std::string_view name;
  Status (*read)(const protocol::JsonNode& value, Struct& request);
  std::optional<protocol::JsonKind> kind = std::nullopt;  // nullopt: any
};

// The form of a request, and the texts for bodies that are not of it.
template <class Struct>
struct RequestForm {
  std::string_view example;  // a valid body, for an error text
  std::string_view known;    // the error text for any other member: "Only … are known"
  std::span<const Member<Struct>> members;
};

// Sets `kMember` to the text of the value.
template <class Struct, std::string Struct::*kMember>
Status ReadText(const protocol::JsonNode& value, Struct& request) {
  request.*kMember = value.text();
  return {};
}

// Reads a body. Fails with a ValidationException whose text says what is wrong with the body or
// with the first member that is not of the form. `{}` is a request without members.
template <class Struct>
Result<Struct> ReadRequest(std::string_view body, const RequestForm<Struct>& form) {
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(body);
  if (!tree.has_value() || tree->root().kind() != protocol::JsonKind::kObject) {
    return ValidationError("The body must be a JSON object, such as " + std::string(form.example));
  }
  Struct request;
  for (const protocol::JsonNode value : tree->root()) {
    const Member<Struct>* found = nullptr;
    for (const Member<Struct>& member : form.members) {
      const bool fits = !member.kind.has_value() || member.kind == value.kind();
      found = member.name == value.key() && fits ? &member : found;
    }
    if (found == nullptr) {
      return ValidationError(std::string(form.known));
    }
    WEIR_RETURN_IF_ERROR(found->read(value, request));
  }
  return request;
}

}  // namespace weir::control
