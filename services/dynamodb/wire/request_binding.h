// SPDX-License-Identifier: Apache-2.0
// Fills request structs from JSON, by their Fields().
//
// The JSON has passed CheckRequest, so its types are right. What is left to refuse is bad attribute
// values, and members that the service knows but Weir does not support, so that nothing a client
// asks for is ignored in silence.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/result.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/partiql/partiql_members.h"
#include "services/dynamodb/wire/attribute_value.h"
#include "services/dynamodb/wire/legacy_binding.h"

namespace weir::dynamodb {

class RequestBinder {
 public:
  explicit RequestBinder(Wording wording)
      : wording_(wording), legacy_(writer_, wording.value_texts) {}

  // The first fault in the values of an item or key. It does not make Bind fail, since the service
  // looks for some other faults first; only a value without exactly one type makes Bind fail.
  [[nodiscard]] const std::optional<ApiError>& value_fault() const { return value_fault_; }

  // Fills `request` from `node`, an object of that shape. Fails with ValidationException.
  template <class Struct>
  Status Bind(const protocol::JsonNode& node, const protocol::Shape& shape, Struct& request) {
    constexpr auto kFields = Struct::Fields();
    Status status;
    std::apply(
        [&](const auto&... field) {
          (void)((status = BindField(node, shape, field, request), status.ok()) && ...);
        },
        kFields);
    if constexpr (!requires { Struct::kTakesOthers; }) {
      if (status.ok()) {
        status = RefuseOthers(node, shape, NamesOf(kFields));
      }
    }
    return status;
  }

 private:
  template <class Fields>
  static std::vector<std::string_view> NamesOf(const Fields& fields) {
    return std::apply(
        [](const auto&... field) { return std::vector<std::string_view>{field.name...}; }, fields);
  }

  // `Owner` is the struct or a base of it.
  template <class Struct, class Owner, class Member>
  Status BindField(const protocol::JsonNode& node, const protocol::Shape& shape,
                   const Field<Owner, Member>& field, Struct& request) {
    const std::optional<protocol::JsonNode> member = node.Find(field.name);
    if (!member.has_value()) {
      return {};
    }
    return Read(*member, *MemberShape(shape, field.name), request.*field.member);
  }

  static const protocol::Shape* MemberShape(const protocol::Shape& shape, std::string_view name);

  // ValidationException for a member of the shape that is not among `names`.
  static Status RefuseOthers(const protocol::JsonNode& node, const protocol::Shape& shape,
                             const std::vector<std::string_view>& names);

  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                     std::string& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                     std::int64_t& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, bool& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                     Timestamp& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                     Presence& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, NameMap& member);
  static Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                     PolicyDocument& member);
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, Item& member);
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, CheckedItem& member);
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, StartKey& member);
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
              ExpressionValues& member);
  template <class Legacy>
  requires std::is_same_v<Legacy, LegacyConditions> || std::is_same_v<Legacy, LegacyUpdates> Status
  Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/, Legacy& member) {
    legacy_.Read(node, member);
    return {};
  }
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
              StatementParameters& member);

  template <class T>
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
              std::optional<T>& member) {
    return Read(node, shape, member.emplace());
  }

  template <class T>
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape,
              std::vector<T>& member) {
    for (const protocol::JsonNode element : node) {
      WEIR_RETURN_IF_ERROR(Read(element, *shape.element, member.emplace_back()));
    }
    return {};
  }

  template <class T>
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, MapOf<T>& member) {
    for (const protocol::JsonNode entry : MapEntries(node)) {
      auto& [name, value] = member.entries.emplace_back(std::string(entry.key()), T());
      WEIR_RETURN_IF_ERROR(Read(entry, *shape.element, value));
    }
    return {};
  }

  template <Enumeration Enum>
  Status Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/, Enum& member) {
    for (const auto& [name, value] : EnumNames<Enum>::kNames) {
      if (name == node.text()) {
        member = value;
        return {};
      }
    }
    if constexpr (requires { EnumNames<Enum>::kUnknown; }) {
      return ValidationError(std::string(EnumNames<Enum>::kUnknown));
    }
    return ValidationError("Value '" + std::string(node.text()) + "' is not supported by Weir");
  }

  template <Structure Struct>
  Status Read(const protocol::JsonNode& node, const protocol::Shape& shape, Struct& member) {
    return Bind(node, shape, member);
  }

  // The entries of a map that count: of several with one name the last, and no entry if that is
  // null. In the order in which the names first occur.
  static std::vector<protocol::JsonNode> MapEntries(const protocol::JsonNode& node);

  [[nodiscard]] ApiError ErrorOf(const ValueFault& fault) const;
  // Whether a fault is never in an envelope, and names the placeholder (names_faulty_values). The
  // newer layer has this for values without exactly one type, the older layer for all faults.
  [[nodiscard]] bool IsBare(const ValueFault& fault) const {
    return fault.is_shape || wording_.value_texts == protocol::ValueTexts::kOlder;
  }

  const Wording wording_;
  ValueWriter writer_;
  LegacyBinder legacy_;  // uses writer_
  std::optional<ApiError> value_fault_;
};

}  // namespace weir::dynamodb
