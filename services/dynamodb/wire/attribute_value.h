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

// Why a JSON value is not an attribute value, in the service's words.
struct ValueFault {
  std::string message;
  // The value has no type or several (rather than a bad number, set, NULL or name). The service
  // words this fault differently in some places, and never puts it into an envelope. Also set for
  // lists and maps that nest so deep that the service omits the envelope.
  bool is_shape = false;
  // A set has no elements. For a value of an expression, the texts of all operations but UpdateItem
  // name the placeholder (UpdateItem is recorded; on the others DynamoDB Local and Dynoxide agree).
  bool is_empty_set = false;
  // Two elements of a set are equal. In a start key the message stands alone, without the words for
  // start keys (observed on AWS).
  bool is_duplicate = false;
  // Lists and maps nest more deeply than an item may have them.
  bool is_nesting = false;
};

// Writes the attributes of `node` into `writer`, between the caller's BeginItem and FinishItem.
// `node` must have passed CheckRequest, so that JSON types and Base64 are right. An attribute that
// is null is a value without a type (DynamoDB Local and Dynoxide refuse it, too), while a null
// member of a value is ignored. Returns the first fault, if there is one; the writer's state is
// then unspecified.
std::optional<ValueFault> DecodeAttributes(
    const protocol::JsonNode& node, ValueWriter& writer,
    protocol::ValueTexts texts = protocol::ValueTexts::kNewer);

// Writes one attribute value, where `writer` expects a value. Otherwise as DecodeAttributes.
std::optional<ValueFault> DecodeAttributeValue(
    const protocol::JsonNode& node, ValueWriter& writer,
    protocol::ValueTexts texts = protocol::ValueTexts::kNewer,
    NestingRule nesting = NestingRule::kItem);

// The fault of a name that no attribute can have; nullopt for any other name.
std::optional<ValueFault> CheckAttributeName(std::string_view name);

// The fault of the first value in the attributes `node`, at any depth, that has no type or several;
// nullopt if all values have exactly one. In places the service reports it before other faults.
std::optional<ValueFault> FindAttributesShapeFault(const protocol::JsonNode& node);

// Append JSON: `{"S":"a"}`, and `{"name":{"S":"a"},…}`.
void AppendAttributeValue(Value value, std::string& out);
void AppendAttributes(MapView attributes, std::string& out);

}  // namespace weir::dynamodb
