// SPDX-License-Identifier: Apache-2.0
// Attribute values between JSON and the packed form:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/item.h"
#include "core/value.h"
#include "core/value_writer.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// Why a JSON value is no attribute value, in the service's words.
struct ValueFault {
  std::string message;
  // It has no type or several (rather than a bad number, set, NULL or name): the service words it
  // differently in some places, and never puts it into an envelope.
  bool is_shape = false;
  // A set has no elements: among the values of an expression all operations but UpdateItem name the
  // placeholder (UpdateItem is recorded; of the others DynamoDB Local and Dynoxide agree).
  bool is_empty_set = false;
  // Two elements of a set are equal: a start key says no more than that (observed on AWS).
  bool is_duplicate = false;
  // Lists and maps stand in each other more deeply than an item may have them.
  bool is_nesting = false;
};

// Writes the attributes of `node` into `writer` between BeginItem and FinishItem. `node` has passed
// CheckRequest: JSON types and Base64 are right. An attribute that is null is a value without a
// type (DynamoDB Local and Dynoxide refuse it, too), unlike a null member of a value, which is
// none. The first fault ends it; the writer's state is then of no use.
std::optional<ValueFault> DecodeAttributes(
    const protocol::JsonNode& node, ValueWriter& writer,
    protocol::ValueTexts texts = protocol::ValueTexts::kNewer);

// One attribute value, in place of a value of `writer`.
std::optional<ValueFault> DecodeAttributeValue(
    const protocol::JsonNode& node, ValueWriter& writer,
    protocol::ValueTexts texts = protocol::ValueTexts::kNewer,
    NestingRule nesting = NestingRule::kItem);

// Why a name is that of no attribute.
std::optional<ValueFault> CheckAttributeName(std::string_view name);

// The first of the attributes `node`, at any depth, that has no type or several: what the service
// refuses before all other faults of values.
std::optional<ValueFault> FindAttributesShapeFault(const protocol::JsonNode& node);

// Append JSON: `{"S":"a"}`, and `{"name":{"S":"a"},…}`.
void AppendAttributeValue(Value value, std::string& out);
void AppendAttributes(MapView attributes, std::string& out);

}  // namespace weir::dynamodb
