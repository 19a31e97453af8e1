// SPDX-License-Identifier: Apache-2.0
// One page of items in key order: what Query and Scan have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/item.h"
#include "core/key.h"
#include "expression/condition.h"
#include "expression/projection.h"
#include "operations/capacity.h"
#include "operations/expression_parameters.h"
#include "operations/fields.h"
#include "storage/catalogue.h"
#include "storage/engine.h"

namespace weir::operations {

enum class Select : std::uint8_t {
  kAllAttributes,
  kAllProjectedAttributes,
  kSpecificAttributes,
  kCount,
};

template <>
struct EnumNames<Select> {
  static constexpr std::array<EnumName<Select>, 4> kNames{{
      {"ALL_ATTRIBUTES", Select::kAllAttributes},
      {"ALL_PROJECTED_ATTRIBUTES", Select::kAllProjectedAttributes},
      {"SPECIFIC_ATTRIBUTES", Select::kSpecificAttributes},
      {"COUNT", Select::kCount},
  }};
};

// Encoded keys from `low` up to but not including `high`.
struct KeySpan {
  std::string low;
  std::optional<std::string> high;  // none: to the end

  [[nodiscard]] bool Contains(std::string_view key) const {
    return low <= key && (!high.has_value() || key < *high);
  }
};

// The first key that is greater than `key`.
std::string KeyAfter(std::string_view key);
// The first key that is greater than all that start with `prefix`; none if there is no such key.
std::optional<std::string> KeyAfterPrefix(std::string prefix);

// What Query and Scan found out from their expressions.
struct ReadPlan {
  std::optional<expression::Condition> filter;
  std::optional<expression::Projection> projection;
  bool count_only = false;

  // No expression may look into key attributes.
  [[nodiscard]] Status CheckKeyPaths(const KeySchema& schema) const;
};

// The filter and projection of a query or scan.
template <class Request>
Result<ReadPlan> ParseReadExpressions(const Request& request,
                                      expression::Placeholders& placeholders) {
  ReadPlan plan;
  if (request.filter_expression.has_value()) {
    WEIR_ASSIGN_OR_RETURN(plan.filter,
                          expression::Condition::Parse(expression::ConditionKind::kFilter,
                                                       *request.filter_expression, placeholders));
  }
  if (request.projection_expression.has_value()) {
    WEIR_ASSIGN_OR_RETURN(plan.projection, expression::Projection::Parse(
                                               *request.projection_expression, placeholders));
  }
  plan.count_only = request.select == Select::kCount;
  return plan;
}

struct PageRequest {
  KeySpan span;
  bool forward = true;
  std::optional<std::int64_t> limit;  // items looked at
  bool at_most_one = false;           // the whole key is given: there is no next page
  bool consistent = false;
};

// Query's and Scan's answer.
struct PageResponse {
  std::optional<std::vector<Item>> items;  // none with Select COUNT
  std::int64_t count = 0;
  std::int64_t scanned_count = 0;
  std::optional<KeyAttributes> last_evaluated_key;
  std::optional<ConsumedCapacity> consumed_capacity;
  double read_units = 0;    // for all items looked at
  storage::TablePtr table;  // keeps the key schema that `last_evaluated_key` refers to
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Items", &PageResponse::items},
                           Field{"Count", &PageResponse::count},
                           Field{"ScannedCount", &PageResponse::scanned_count},
                           Field{"LastEvaluatedKey", &PageResponse::last_evaluated_key},
                           Field{"ConsumedCapacity", &PageResponse::consumed_capacity});
  }
};

// Reads until the span ends, `limit` items were looked at, or those looked at fill 1 MB; in the two
// latter cases LastEvaluatedKey is the last of them, even if nothing follows (observed on AWS).
// Each partition that is read rounds its units by itself: a scan of a small on-demand table costs
// at least as many as the table has partitions (observed on AWS).
Result<PageResponse> ReadPage(const storage::TablePtr& table, const PageRequest& request,
                              const ReadPlan& plan);

// The faults of Select:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
Status CheckSelect(std::optional<Select> select, bool has_projection, bool has_index);

// The position behind an ExclusiveStartKey; none when the request has none. ValidationException if
// it is not a key of the table.
Result<std::optional<PrimaryKey>> StartKeyOf(const KeySchema& schema, const Item& start_key);

// ValidationException: no table has indexes yet.
Status CheckIndexName(const std::optional<std::string>& index_name);

}  // namespace weir::operations
