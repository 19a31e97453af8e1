// SPDX-License-Identifier: Apache-2.0
// Carries out a call by its operation (services/dynamodb/operation.h). Only the operations.cc of
// each room include this, so that nothing else is compiled again when an operation changes.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/result.h"
#include "protocol/aws_json_service.h"
#include "protocol/request_check.h"
#include "services/dynamodb/context.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/operations.h"
#include "services/dynamodb/wire/attribute_value.h"
#include "services/dynamodb/wire/parameter_mix.h"
#include "services/dynamodb/wire/request_binding.h"
#include "services/dynamodb/wire/response_json.h"

namespace weir::dynamodb {

// The fault of the first value that has no type or several, in the item or keys of a request;
// nullopt if all values have exactly one.
std::optional<ValueFault> FindRequestShapeFault(const protocol::JsonNode& root);

// Checks what the service refuses before most faults of values: a mix of parameters, and late
// members. A value without exactly one type comes first: if there is one, its fault is returned
// instead.
template <class Operation>
Status CheckBeforeValues(const protocol::JsonCall& call) {
  Status status;
  if constexpr (requires { Operation::kParameterMix; }) {
    status = CheckParameterMix(call.root, Operation::kParameterMix);
    if (!status.ok() && Operation::kWording.envelope) {
      status = InEnvelope(std::move(status).error());
    }
  }
  if (status.ok()) {
    status = protocol::CheckLateMembers(call.root, call.shape);
  }
  if (!status.ok()) {
    if (std::optional<ValueFault> fault = FindRequestShapeFault(call.root)) {
      return ValidationError(std::move(fault->message));
    }
  }
  return status;
}

// Validates, executes, and encodes the answer.
template <class Operation>
Status Run(Context& context, const protocol::JsonCall& call, std::string& body) {
  Wording wording = Operation::kWording;
  if (call.texts == protocol::ValueTexts::kOlder) {
    wording.value_texts = protocol::ValueTexts::kOlder;
  }
  WEIR_RETURN_IF_ERROR(CheckBeforeValues<Operation>(call));
  typename Operation::Request request;
  RequestBinder binder(wording);
  WEIR_RETURN_IF_ERROR(binder.Bind(call.root, *call.shape.input, request));
  if constexpr (requires { request.value_fault; }) {
    request.value_fault = binder.value_fault();
  } else if (binder.value_fault().has_value()) {
    return *binder.value_fault();
  }
  WEIR_ASSIGN_OR_RETURN(const typename Operation::Plan plan, Operation::Validate(request));
  WEIR_ASSIGN_OR_RETURN(const typename Operation::Response response,
                        Operation::Execute(context, request, plan));
  AppendJson(response, body);
  return {};
}

template <class... Operations>
OperationList ListOf() {
  static constexpr std::array kEntries = {OperationEntry{Operations::kName, &Run<Operations>}...};
  return kEntries;
}

}  // namespace weir::dynamodb
