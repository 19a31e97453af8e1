// SPDX-License-Identifier: Apache-2.0
#include "operations/query.h"

#include <span>
#include <utility>

#include "expression/fault.h"

namespace weir::operations {
namespace {

using expression::KeyCondition;
using expression::KeyOperator;
using expression::KeyRange;

// What a condition on the sort key leaves of a partition whose keys start with `prefix`.
KeySpan SpanOf(const std::string& prefix, const KeyCondition& condition) {
  const std::string key = prefix + std::string(condition.value.bytes());
  switch (condition.op) {
    case KeyOperator::kEqual:
      return {key, KeyAfter(key)};
    case KeyOperator::kLess:
      return {prefix, key};
    case KeyOperator::kLessOrEqual:
      return {prefix, KeyAfter(key)};
    case KeyOperator::kGreater:
      return {KeyAfter(key), KeyAfterPrefix(prefix)};
    case KeyOperator::kGreaterOrEqual:
      return {key, KeyAfterPrefix(prefix)};
    case KeyOperator::kBetween:
      return {key, KeyAfter(prefix + std::string(condition.upper->bytes()))};
    case KeyOperator::kBeginsWith:
      return {key, KeyAfterPrefix(key)};
  }
  return {};
}

// The keys a query covers.
struct QueryKeys {
  std::string partition;  // what they all start with
  KeySpan span;
  bool single = false;  // the whole key is given: at most one item
  bool has_sort_condition = false;
};

Status CheckSortValue(const KeyAttribute& attribute, Value value) {
  WEIR_RETURN_IF_ERROR(CheckKeyNotEmpty(attribute, value));
  return CheckSortKeySize(value);
}

Result<QueryKeys> KeysOf(const KeySchema& schema, const expression::KeyConditions& conditions) {
  const std::span<const KeyAttribute> sort_part =
      schema.sort.has_value() ? std::span(&*schema.sort, 1) : std::span<const KeyAttribute>();
  WEIR_ASSIGN_OR_RETURN(const KeyRange range,
                        conditions.Resolve(std::span(&schema.partition, 1), sort_part));
  WEIR_RETURN_IF_ERROR(CheckKeyNotEmpty(schema.partition, range.hash[0]));
  WEIR_RETURN_IF_ERROR(CheckPartitionKeySize(range.hash[0]));
  QueryKeys keys;
  keys.partition = PrimaryKey::PartitionPrefix(range.hash[0]);
  if (!range.range_prefix.empty()) {
    WEIR_RETURN_IF_ERROR(CheckSortValue(*schema.sort, range.range_prefix[0]));
    keys.span = SpanOf(keys.partition, {.attribute = schema.sort->name,
                                        .op = KeyOperator::kEqual,
                                        .value = range.range_prefix[0],
                                        .upper = std::nullopt});
    keys.single = true;
  } else if (range.range.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckSortValue(*schema.sort, range.range->value));
    if (range.range->upper.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckSortValue(*schema.sort, *range.range->upper));
    }
    keys.span = SpanOf(keys.partition, *range.range);
    keys.has_sort_condition = true;
  } else {
    keys.span = {keys.partition, KeyAfterPrefix(keys.partition)};
    keys.single = !schema.sort.has_value();
  }
  return keys;
}

// The faults of an ExclusiveStartKey, in AWS's order: the sort key is looked at before the
// partition, and another partition is then called a row that the query cannot return.
Status CheckStart(const PrimaryKey& start, const QueryRequest& request, const KeySchema& schema,
                  const QueryKeys& keys) {
  constexpr const char* kOneRow = "The query can return at most one row and cannot be restarted";
  const bool same_partition = start.bytes().starts_with(keys.partition);
  if (schema.sort.has_value() && keys.single) {
    return ValidationError(kOneRow);
  }
  if (!same_partition && !keys.has_sort_condition) {
    return ValidationError(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!schema.sort.has_value()) {
    const MapView::Entry entry = *request.exclusive_start_key.key.attributes().begin();
    std::string message = "The provided exclusive start key is invalid: ExclusiveStartKey: {";
    message.append(entry.name).append("=").append(expression::ScalarText(entry.value)).append("}");
    return ValidationError(std::move(message));
  }
  if (!keys.span.Contains(keys.partition + std::string(start.sort_bytes()))) {
    return ValidationError("The provided starting key does not match the range key predicate");
  }
  return same_partition ? Status() : Status(ValidationError(kOneRow));
}

// A query's filter sees only what its key conditions do not.
Status CheckFilter(const ReadPlan& plan, const KeySchema& schema) {
  if (plan.filter.has_value()) {
    for (const expression::AttributeUse& use : plan.filter->attributes()) {
      if (schema.Contains(use.name)) {
        return ValidationError(
            "Filter Expression can only contain non-primary key attributes: Primary key "
            "attribute: " +
            std::string(use.name));
      }
    }
  }
  return {};
}

}  // namespace

Result<Query::Plan> Query::Validate(const Request& request) {
  const bool has_keys = request.key_condition_expression.has_value();
  const bool has_filter = request.filter_expression.has_value();
  const bool has_projection = request.projection_expression.has_value();
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(
      request.expression_attribute_names, request.expression_attribute_values,
      {.any = has_keys || has_filter || has_projection,
       .with_values = has_keys || has_filter,
       .absent = ": FilterExpression is null and KeyConditionExpression is null"}));
  WEIR_RETURN_IF_ERROR(CheckSelect(request.select, has_projection, request.index_name.has_value()));
  if (!has_keys) {
    return ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  expression::Placeholders placeholders =
      MakePlaceholders(request.expression_attribute_names, request.expression_attribute_values);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  WEIR_ASSIGN_OR_RETURN(
      expression::KeyConditions keys,
      expression::KeyConditions::Parse(*request.key_condition_expression, placeholders));
  WEIR_ASSIGN_OR_RETURN(ReadPlan read, ParseReadExpressions(request, placeholders));
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  return Plan{std::move(keys), std::move(read)};
}

Result<Query::Response> Query::Execute(Context& context, const Request& request, const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        context.database.FindTable(request.table_name));
  WEIR_RETURN_IF_ERROR(CheckIndexName(request.index_name));
  const KeySchema& schema = table->key_schema();
  WEIR_ASSIGN_OR_RETURN(const std::optional<PrimaryKey> start,
                        StartKeyOf(schema, request.exclusive_start_key.key));
  WEIR_ASSIGN_OR_RETURN(QueryKeys keys, KeysOf(schema, plan.keys));
  WEIR_RETURN_IF_ERROR(plan.read.CheckKeyPaths(schema));
  WEIR_RETURN_IF_ERROR(CheckFilter(plan.read, schema));
  if (start.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStart(*start, request, schema, keys));
    if (request.scan_index_forward.value_or(true)) {
      keys.span.low = KeyAfter(start->bytes());
    } else {
      keys.span.high = std::string(start->bytes());
    }
  }
  const PageRequest page{std::move(keys.span), request.scan_index_forward.value_or(true),
                         request.limit, keys.single, request.consistent_read.value_or(false)};
  WEIR_ASSIGN_OR_RETURN(Response response, ReadPage(table, page, plan.read));
  response.consumed_capacity = ReportCapacity(request.return_consumed_capacity,
                                              TableNameOf(request.table_name), response.read_units);
  return response;
}

}  // namespace weir::operations
