// SPDX-License-Identifier: Apache-2.0
// What an operation must have, so that services/dynamodb/run_operation.h can carry it out:
//
//   struct GetItem {
//     static constexpr std::string_view kName = "GetItem";
//     static constexpr Wording kWording{};     // how it words faults in a request's values
//     using Request = …; using Response = …;   // structs with Fields()
//     using Plan = …;                          // what Validate found out: parsed expressions
//     static Result<Plan> Validate(const Request&);
//     static Result<Response> Execute(Context&, const Request&, const Plan&);
//   };
//
// The members of a request are checked against the service model before Validate. Validate makes
// the checks that the model cannot express and that need no table. A Plan may borrow from the
// request.
//
// An operation with legacy parameters says which of them exclude which expressions:
//   static constexpr ParameterMix kParameterMix{.legacy = …, .expressions = …};
//
// Members that the service knows are refused if Fields() does not have them. A request struct with
// this constant ignores them instead, because its operation is refused whatever they are:
//   static constexpr bool kTakesOthers = true;
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "protocol/shape.h"

namespace weir::dynamodb {

// How deep values may nest: as deep as in an item (kItem), a level deeper for values that are
// compared with those of items (kOperand), or as deep as JsonTree lets JSON nest (kJson).
enum class NestingRule : std::uint8_t { kItem, kOperand, kJson };

// Legacy and expression parameters, of which a request may have only one kind. They are in the
// order in which the service names them; empty names fill up the arrays.
struct ParameterMix {
  // The map whose values hold the parameters; empty if the request itself does.
  std::string_view within = {};
  std::array<std::string_view, 4> legacy = {};
  std::array<std::string_view, 3> expressions = {};
  // The legacy parameter `tolerant` excludes no expression but `tolerant_excludes`, the one in its
  // place: KeyConditions and FilterExpression go together, and a client in wide use relies on it
  // (observed on AWS).
  std::string_view tolerant = {};
  std::string_view tolerant_excludes = {};
};

// How an operation words faults in a request's values, as AWS does for that operation.
struct Wording {
  // The fault of a value in ExpressionAttributeValues names its placeholder, if the value does not
  // have exactly one type; with older texts, whatever the fault is.
  bool names_faulty_values = false;
  // The fault of an empty set in ExpressionAttributeValues names its placeholder.
  bool names_empty_sets = true;
  protocol::ValueTexts value_texts = protocol::ValueTexts::kNewer;
  // How deep the values of expressions may nest.
  NestingRule expression_values = NestingRule::kItem;
  bool envelope = false;  // InEnvelope around the faults
};

// The plan of an operation that has nothing to remember.
struct NoPlan {};

// The base of an operation whose requests need no checks besides those of their shapes.
struct WithoutPlan {
  using Plan = NoPlan;
  template <class Request>
  static Result<NoPlan> Validate(const Request& /*request*/) {
    return NoPlan{};
  }
};

// The error for a member that the service knows but Weir does not support.
inline ApiError NotSupported(std::string_view member) {
  return InvalidParameter(std::string(member) + " is not supported by Weir yet");
}

// The error for an operation that Weir does not support, for requests that AWS would accept.
inline ApiError OperationNotSupported(std::string_view operation) {
  return ValidationError(std::string(operation) + " is not supported by Weir yet");
}

// PutItem, UpdateItem and DeleteItem put every fault of the request itself, expressions included,
// into this envelope, unless the error is bare; the reads do not (observed on AWS, October 2026).
inline ApiError InEnvelope(ApiError error) {
  if (error.bare) {
    return error;
  }
  error.message = "1 validation error detected: " + error.message;
  return error;
}

template <class T>
Result<T> InEnvelope(Result<T> result) {
  if (!result.ok()) {
    return InEnvelope(std::move(result).error());
  }
  return result;
}

}  // namespace weir::dynamodb
