// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/scan.h"

#include <utility>

#include "services/dynamodb/indexes/index_keys.h"
#include "services/dynamodb/reads/index_read.h"

namespace weir::dynamodb {
namespace {

Status CheckSegments(const ScanRequest& request) {
  if (request.segment.has_value() && !request.total_segments.has_value()) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!request.segment.has_value() && request.total_segments.has_value()) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (request.segment.has_value() && *request.segment >= *request.total_segments) {
    const std::string segment = std::to_string(*request.segment);
    const std::string total = std::to_string(*request.total_segments);
    std::string message =
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: ";
    message.append("Segment: ").append(segment);
    message.append(" is not less than TotalSegments: ").append(total);
    return ValidationError(std::move(message));
  }
  return {};
}

// The least encoded key of a segment. Keys start with a hash, whose first 12 bits decide the
// segment (recorded on AWS).
std::string SegmentBegin(std::int64_t segment, std::int64_t total) {
  constexpr std::int64_t kSlices = 4096;
  constexpr std::size_t kHashSize = sizeof(std::uint64_t);
  const std::int64_t slice = (kSlices * segment + total - 1) / total;
  if (slice == kSlices) {
    return std::string(kHashSize + 1, '\xff');  // greater than all keys
  }
  std::string bytes(kHashSize, '\0');
  bytes[0] = static_cast<char>(slice >> 4);
  bytes[1] = static_cast<char>((slice << 4) & 0xFF);
  return bytes;
}

KeySpan SegmentSpan(const ScanRequest& request) {
  KeySpan span;
  if (request.segment.has_value()) {
    span.low = SegmentBegin(*request.segment, *request.total_segments);
    if (*request.segment + 1 < *request.total_segments) {
      span.high = SegmentBegin(*request.segment + 1, *request.total_segments);
    }
  }
  return span;
}

Status StartBehind(const KeyPosition& start, const ScanRequest& request, KeySpan& span) {
  if (!span.Contains(start.bytes)) {
    return ValidationError(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: " +
        std::to_string(*request.total_segments) + " Segment: " + std::to_string(*request.segment));
  }
  span.low = KeyAfter(start.bytes);
  return {};
}

// On a table with indexes, a value of a wrong type in an ExclusiveStartKey is reported as a fault
// of the index that is read, or of the first index if the table is read (observed on AWS).
Status CheckStartTypes(const ReadTarget& target, MapView start_key) {
  const auto& indexes = target.table().indexes;
  if (indexes.empty()) {
    return {};
  }
  const storage::IndexDefinition& index =
      target.index() != nullptr ? *target.index() : *indexes.front();
  for (const KeyAttribute& attribute : target.table().attribute_definitions) {
    const std::optional<Value> value = start_key.Find(attribute.name);
    const bool is_key = index.key_schema.Contains(attribute.name) ||
                        target.table().key_schema.Contains(attribute.name);
    if (is_key && value.has_value() && value->type() != attribute.type) {
      return IndexKeyError(index, attribute, *value, IndexKeyFault::kType);
    }
  }
  return {};
}

}  // namespace

Result<Scan::Plan> Scan::Validate(const Request& request) {
  const bool has_filter = request.filter_expression.has_value();
  const bool has_projection = request.projection_expression.has_value();
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(request.expression_attribute_names,
                                          request.expression_attribute_values,
                                          {.any = has_filter || has_projection,
                                           .with_values = has_filter,
                                           .absent = ": FilterExpression is null"}));
  LegacyRead legacy;
  WEIR_ASSIGN_OR_RETURN(legacy.filter,
                        ParseFilter(request.scan_filter, request.conditional_operator));
  WEIR_ASSIGN_OR_RETURN(legacy.projection, ParseAttributesToGet(request.attributes_to_get));
  WEIR_RETURN_IF_ERROR(
      CheckSelect(request.select, ProjectionParameter(request), request.index_name.has_value()));
  WEIR_RETURN_IF_ERROR(CheckSegments(request));
  expression::Placeholders placeholders =
      MakePlaceholders(request.expression_attribute_names, request.expression_attribute_values);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  WEIR_ASSIGN_OR_RETURN(ReadPlan plan, ParseReadExpressions(request, placeholders));
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  std::move(legacy).MoveInto(plan);
  return plan;
}

Result<Scan::Response> Scan::Execute(Context& context, const Request& request, const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const ReadTarget target,
                        ReadTarget::Find(context, request.table_name, request.index_name));
  const bool consistent = request.consistent_read.value_or(false);
  WEIR_RETURN_IF_ERROR(CheckIndexOptions(target, request.select, consistent));
  WEIR_RETURN_IF_ERROR(CheckStartTypes(target, request.exclusive_start_key.key.attributes()));
  WEIR_ASSIGN_OR_RETURN(const std::optional<KeyPosition> start,
                        StartOf(target, request.exclusive_start_key));
  KeySpan span = SegmentSpan(request);
  if (start.has_value()) {
    WEIR_RETURN_IF_ERROR(StartBehind(*start, request, span));
  }
  WEIR_RETURN_IF_ERROR(plan.CheckKeyPaths(target.table()));
  WEIR_RETURN_IF_ERROR(CheckProjectedAttributes(target, plan));
  const PageRequest page{std::move(span), true,       request.limit,
                         false,           consistent, FetchesItems(target, request.select, plan)};
  WEIR_ASSIGN_OR_RETURN(Response response, ReadPage(target, page, plan));
  response.consumed_capacity =
      response.charge.Report(request.return_consumed_capacity, target.table().name);
  return response;
}

}  // namespace weir::dynamodb
