// SPDX-License-Identifier: Apache-2.0
// One page of items in key order: what Query and Scan have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/item.h"
#include "expression/condition.h"
#include "expression/projection.h"
#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/reads/read_target.h"

namespace weir::dynamodb {

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

// What Query and Scan found out from their expressions.
struct ReadPlan {
  std::optional<expression::Condition> filter;
  std::optional<expression::Projection> projection;
  bool count_only = false;
  std::string_view filter_name = "Filter Expression";  // as a fault names the filter

  // No expression may look into key attributes.
  [[nodiscard]] Status CheckKeyPaths(const storage::TableMetadata& table) const;
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

// What QueryFilter or ScanFilter and AttributesToGet make in place of a filter and a projection.
struct LegacyRead {
  std::optional<expression::Condition> filter;
  std::optional<expression::Projection> projection;

  void MoveInto(ReadPlan& plan) &&;
};

struct PageRequest {
  KeySpan span;
  bool forward = true;
  std::optional<std::int64_t> limit;  // items looked at
  bool at_most_one = false;           // the whole key is given: there is no next page
  bool consistent = false;
  bool fetches = false;  // whole items from the table, for a local secondary index
};

// Query's and Scan's answer.
struct PageResponse {
  std::optional<std::vector<Item>> items;  // none with Select COUNT
  std::int64_t count = 0;
  std::int64_t scanned_count = 0;
  Item last_evaluated_key;
  std::optional<ConsumedCapacity> consumed_capacity;
  CapacityCharge charge;  // for all items looked at
  std::size_t size = 0;   // what they take of the 1 MB of a page
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
//
// An index is charged for what its entries show. What is fetched from the table costs there, and
// takes of the page's 1 MB, item by item:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
Result<PageResponse> ReadPage(const ReadTarget& target, const PageRequest& request,
                              const ReadPlan& plan);

// The faults of Select:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
// `projection`: the parameter that chooses attributes; empty if the request has none.
Status CheckSelect(std::optional<Select> select, std::string_view projection, bool has_index);

// The name that CheckSelect wants, of a query or scan.
template <class Request>
std::string_view ProjectionParameter(const Request& request) {
  if (request.attributes_to_get.has_value()) {
    return "AttributesToGet";
  }
  return request.projection_expression.has_value() ? "ProjectionExpression" : "";
}

// The position of an ExclusiveStartKey; none when the request has none. ValidationException if it
// is not a key of the target.
Result<std::optional<KeyPosition>> StartOf(const ReadTarget& target, const StartKey& start_key);

}  // namespace weir::dynamodb
