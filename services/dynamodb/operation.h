// SPDX-License-Identifier: Apache-2.0
// What an operation is: to services/dynamodb/run_operation.h, which carries it out.
//
//   struct GetItem {
//     static constexpr std::string_view kName = "GetItem";
//     static constexpr Wording kWording{};     // how it answers what is wrong with a request
//     using Request = …; using Response = …;   // structs with Fields()
//     using Plan = …;                          // what Validate found out: parsed expressions
//     static Result<Plan> Validate(const Request&);
//     static Result<Response> Execute(Context&, const Request&, const Plan&);
//   };
//
// The members of a request are checked against the service model before Validate; Validate holds
// what the model cannot say and needs no table. A Plan may borrow from the request.
//
// An operation that knows parameters from before expressions says which of them exclude which
// expressions:
//   static constexpr ParameterMix kParameterMix{.legacy = …, .expressions = …};
//
// A request struct with this member takes all others that the service knows, because the operation
// is refused whatever they are:
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

// Whether values that nest deeper than those of items (kItem), or than what may be compared with
// them (kOperand, a level more), are refused, or only bounded by the JSON's
// own limit.
enum class NestingRule : std::uint8_t { kItem, kOperand, kJson };

// Parameters of which a request may have those of one kind only, in the order in which the service
// names them. Empty names fill the arrays up.
struct ParameterMix {
  // The map whose values hold the parameters; empty: the request does.
  std::string_view within = {};
  std::array<std::string_view, 4> legacy = {};
  std::array<std::string_view, 3> expressions = {};
  // This legacy parameter only excludes the expression in its place: KeyConditions and
  // FilterExpression go together, and a client in wide use relies on it (observed on AWS).
  std::string_view tolerant = {};
  std::string_view tolerant_excludes = {};
};

// How an operation answers faults in a request's values, as AWS does it there.
struct Wording {
  bool names_faulty_values = false;  // with the placeholder of a value that is none
  bool names_empty_sets = true;      // likewise of one that is an empty set
  protocol::ValueTexts value_texts = protocol::ValueTexts::kNewer;
  // How deep the values of expressions may nest.
  NestingRule expression_values = NestingRule::kItem;
  bool envelope = false;  // InEnvelope around the faults
};

// The plan of an operation that has nothing to remember.
struct NoPlan {};

// The base of an operation whose requests no more can be said of than their shapes say.
struct WithoutPlan {
  using Plan = NoPlan;
  template <class Request>
  static Result<NoPlan> Validate(const Request& /*request*/) {
    return NoPlan{};
  }
};

// The refusal of a member that the service knows and Weir does not carry out.
inline ApiError NotSupported(std::string_view member) {
  return InvalidParameter(std::string(member) + " is not supported by Weir yet");
}

// The refusal of an operation that Weir does not carry out, once AWS would have found no fault.
inline ApiError OperationNotSupported(std::string_view operation) {
  return ValidationError(std::string(operation) + " is not supported by Weir yet");
}

// PutItem, UpdateItem and DeleteItem put every fault of the request itself, expressions included,
// into this envelope; the reads do not (observed on AWS, October 2026).
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
