// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/query.h"

#include <utility>

#include "expression/fault.h"
#include "services/dynamodb/reads/index_read.h"

namespace weir::dynamodb {
namespace {

using expression::KeyRange;

// The keys that a query covers.
struct QueryKeys {
  std::string partition;  // the prefix of all keys in the partition
  KeySpan span;
  bool single = false;  // the whole key of a table is given: at most one item
  bool has_sort_condition = false;
};

// Each attribute's value must be one that a key can have.
Status CheckValues(const ReadTarget& target, const KeyRange& range) {
  for (std::size_t i = 0; i < range.hash.size(); ++i) {
    WEIR_RETURN_IF_ERROR(target.CheckKeyValue(target.partition_key()[i], false, range.hash[i]));
  }
  for (std::size_t i = 0; i < range.range_prefix.size(); ++i) {
    WEIR_RETURN_IF_ERROR(target.CheckKeyValue(target.sort_key()[i], true, range.range_prefix[i]));
  }
  if (!range.range.has_value()) {
    return {};
  }
  const KeyAttribute& attribute = target.sort_key()[range.range_prefix.size()];
  WEIR_RETURN_IF_ERROR(target.CheckKeyValue(attribute, true, range.range->value));
  return range.range->upper.has_value() ? target.CheckKeyValue(attribute, true, *range.range->upper)
                                        : Status();
}

Result<QueryKeys> KeysOf(const ReadTarget& target, const expression::KeyConditions& conditions) {
  WEIR_ASSIGN_OR_RETURN(const KeyRange range,
                        conditions.Resolve(target.partition_key(), target.sort_key()));
  WEIR_RETURN_IF_ERROR(CheckValues(target, range));
  QueryKeys keys;
  keys.partition = ReadTarget::PartitionPrefix(range.hash);
  keys.span = {keys.partition, KeyAfterPrefix(keys.partition)};
  for (const Value value : range.range_prefix) {
    keys.span = target.Exactly(keys.span.low, value);
  }
  if (range.range.has_value()) {
    keys.span = SpanOf(target, keys.span.low, *range.range);
  }
  keys.has_sort_condition =
      range.range.has_value() || (target.index() != nullptr && !range.range_prefix.empty());
  keys.single = target.index() == nullptr && range.range_prefix.size() == target.sort_key().size();
  return keys;
}

// Checks an ExclusiveStartKey in AWS's order: the sort key before the partition, where a key of
// another partition gets the text of a query for one row.
Status CheckStart(const KeyPosition& start, const QueryRequest& request, const ReadTarget& target,
                  const QueryKeys& keys) {
  constexpr const char* kOneRow = "The query can return at most one row and cannot be restarted";
  const bool same_partition = start.bytes.starts_with(keys.partition);
  const bool has_sort_key = !target.sort_key().empty();
  if (has_sort_key && keys.single) {
    return ValidationError(kOneRow);
  }
  if (!same_partition && !keys.has_sort_condition) {
    return ValidationError(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!has_sort_key && target.index() == nullptr) {
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

// A query's filter may name neither key attributes nor attributes that the index does not project.
Status CheckFilter(const ReadPlan& plan, const ReadTarget& target) {
  if (plan.filter.has_value()) {
    for (const expression::AttributeUse& use : plan.filter->attributes()) {
      if (target.IsKey(use.name)) {
        return ValidationError(
            std::string(plan.filter_name)
                .append(" can only contain non-primary key attributes: Primary key attribute: ")
                .append(use.name));
      }
    }
  }
  return CheckFilteredAttributes(target, plan);
}

// What the legacy parameters ask for.
struct LegacyQuery {
  std::optional<expression::KeyConditions> keys;
  LegacyRead read;
};

Result<LegacyQuery> ParseLegacyQuery(const QueryRequest& request) {
  LegacyQuery legacy;
  // Faults of values are reported before those of conditions.
  for (const auto* conditions : {&request.query_filter, &request.key_conditions}) {
    if (conditions->has_value() && (*conditions)->fault.has_value()) {
      return *(*conditions)->fault;
    }
  }
  WEIR_ASSIGN_OR_RETURN(legacy.read.filter,
                        ParseFilter(request.query_filter, request.conditional_operator));
  if (request.key_conditions.has_value()) {
    WEIR_ASSIGN_OR_RETURN(legacy.keys, ParseKeyConditions(*request.key_conditions));
  }
  WEIR_ASSIGN_OR_RETURN(legacy.read.projection, ParseAttributesToGet(request.attributes_to_get));
  return legacy;
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
  WEIR_ASSIGN_OR_RETURN(LegacyQuery legacy, ParseLegacyQuery(request));
  WEIR_RETURN_IF_ERROR(
      CheckSelect(request.select, ProjectionParameter(request), request.index_name.has_value()));
  if (!has_keys && !legacy.keys.has_value()) {
    return ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  expression::Placeholders placeholders =
      MakePlaceholders(request.expression_attribute_names, request.expression_attribute_values);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  if (has_filter && request.filter_expression->empty()) {  // before faults of the key condition
    return expression::Condition::Parse(expression::ConditionKind::kFilter, "", placeholders)
        .error();
  }
  if (has_keys) {
    WEIR_ASSIGN_OR_RETURN(legacy.keys, expression::KeyConditions::Parse(
                                           *request.key_condition_expression, placeholders));
  }
  WEIR_ASSIGN_OR_RETURN(ReadPlan read, ParseReadExpressions(request, placeholders));
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  std::move(legacy.read).MoveInto(read);
  return Plan{*std::move(legacy.keys), std::move(read)};
}

Result<Query::Response> Query::Execute(Context& context, const Request& request, const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const ReadTarget target,
                        ReadTarget::Find(context, request.table_name, request.index_name));
  const bool consistent = request.consistent_read.value_or(false);
  WEIR_RETURN_IF_ERROR(CheckIndexOptions(target, request.select, consistent));
  WEIR_ASSIGN_OR_RETURN(const std::optional<KeyPosition> start,
                        StartOf(target, request.exclusive_start_key));
  WEIR_ASSIGN_OR_RETURN(QueryKeys keys, KeysOf(target, plan.keys));
  WEIR_RETURN_IF_ERROR(plan.read.CheckKeyPaths(target.table()));
  WEIR_RETURN_IF_ERROR(CheckFilter(plan.read, target));
  WEIR_RETURN_IF_ERROR(CheckProjectedAttributes(target, plan.read));
  const bool forward = request.scan_index_forward.value_or(true);
  if (start.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStart(*start, request, target, keys));
    if (forward) {
      keys.span.low = KeyAfter(start->bytes);
    } else {
      keys.span.high = start->bytes;
    }
  }
  const PageRequest page{std::move(keys.span), forward,
                         request.limit,        keys.single,
                         consistent,           FetchesItems(target, request.select, plan.read)};
  WEIR_ASSIGN_OR_RETURN(Response response, ReadPage(target, page, plan.read));
  response.consumed_capacity =
      response.charge.Report(request.return_consumed_capacity, target.table().name);
  return response;
}

}  // namespace weir::dynamodb
