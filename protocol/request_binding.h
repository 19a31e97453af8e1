// SPDX-License-Identifier: Apache-2.0
// Fills request structs from JSON, by their Fields().
//
// The JSON has passed CheckRequest, so its types are right. What is left to refuse are attribute
// values that are none, and members that the service knows but Weir does not carry out: nothing a
// client asks for is passed over in silence.
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
#include "core/shape.h"
#include "operations/fields.h"
#include "operations/legacy_members.h"
#include "operations/partiql_members.h"
#include "protocol/attribute_value.h"
#include "protocol/json_tree.h"

namespace weir::protocol {

// How an operation answers faults in attribute values (see operations/operation.h).
struct BindingOptions {
  bool names_faulty_values = false;
  ValueTexts value_texts = ValueTexts::kNewer;
  NestingRule expression_values = NestingRule::kItem;
};

class RequestBinder {
 public:
  explicit RequestBinder(BindingOptions options) : options_(options) {}

  // The first fault in the values of an item or key, but for that of a value without exactly one
  // type, which ends Bind: the service looks for some other faults before this one.
  [[nodiscard]] const std::optional<ApiError>& value_fault() const { return value_fault_; }

  // Fills `request` from `node`, an object of that shape.
  template <class Struct>
  Status Bind(const JsonNode& node, const Shape& shape, Struct& request) {
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
  Status BindField(const JsonNode& node, const Shape& shape,
                   const operations::Field<Owner, Member>& field, Struct& request) {
    const std::optional<JsonNode> member = node.Find(field.name);
    if (!member.has_value()) {
      return {};
    }
    return Read(*member, *MemberShape(shape, field.name), request.*field.member);
  }

  static const Shape* MemberShape(const Shape& shape, std::string_view name);

  // ValidationException for a member of the shape that is not among `names`.
  static Status RefuseOthers(const JsonNode& node, const Shape& shape,
                             const std::vector<std::string_view>& names);

  static Status Read(const JsonNode& node, const Shape& shape, std::string& member);
  static Status Read(const JsonNode& node, const Shape& shape, std::int64_t& member);
  static Status Read(const JsonNode& node, const Shape& shape, bool& member);
  static Status Read(const JsonNode& node, const Shape& shape, operations::Timestamp& member);
  static Status Read(const JsonNode& node, const Shape& shape, operations::Presence& member);
  static Status Read(const JsonNode& node, const Shape& shape, operations::NameMap& member);
  static Status Read(const JsonNode& node, const Shape& shape, operations::PolicyDocument& member);
  Status Read(const JsonNode& node, const Shape& shape, Item& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::CheckedItem& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::StartKey& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::ExpressionValues& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::LegacyConditions& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::LegacyUpdates& member);
  Status Read(const JsonNode& node, const Shape& shape, operations::StatementParameters& member);

  template <class T>
  Status Read(const JsonNode& node, const Shape& shape, std::optional<T>& member) {
    return Read(node, shape, member.emplace());
  }

  template <class T>
  Status Read(const JsonNode& node, const Shape& shape, std::vector<T>& member) {
    for (const JsonNode element : node) {
      WEIR_RETURN_IF_ERROR(Read(element, *shape.element, member.emplace_back()));
    }
    return {};
  }

  template <class T>
  Status Read(const JsonNode& node, const Shape& shape, operations::MapOf<T>& member) {
    for (const JsonNode entry : MapEntries(node)) {
      auto& [name, value] = member.entries.emplace_back(std::string(entry.key()), T());
      WEIR_RETURN_IF_ERROR(Read(entry, *shape.element, value));
    }
    return {};
  }

  template <operations::Enumeration Enum>
  Status Read(const JsonNode& node, const Shape& /*shape*/, Enum& member) {
    for (const auto& [name, value] : operations::EnumNames<Enum>::kNames) {
      if (name == node.text()) {
        member = value;
        return {};
      }
    }
    return ValidationError("Value '" + std::string(node.text()) + "' is not supported by Weir");
  }

  template <operations::Structure Struct>
  Status Read(const JsonNode& node, const Shape& shape, Struct& member) {
    return Bind(node, shape, member);
  }

  // One attribute value or a list of them, if there are any; or the fault of the first bad one.
  std::optional<ApiError> ReadValues(const std::optional<JsonNode>& node,
                                     operations::PackedValues& values);
  // The entries of a map that count: of several with one name the last, and none that is null. In
  // the order of the first with each name.
  static std::vector<JsonNode> MapEntries(const JsonNode& node);

  [[nodiscard]] ApiError ErrorOf(const ValueFault& fault) const;
  // The older layer words the fault of any value as the newer one does that of a value without a
  // type: with the placeholder, and never in an envelope.
  [[nodiscard]] bool IsBare(const ValueFault& fault) const {
    return fault.is_shape || options_.value_texts == ValueTexts::kOlder;
  }

  const BindingOptions options_;
  ValueWriter writer_;
  std::optional<ApiError> value_fault_;
};

}  // namespace weir::protocol
