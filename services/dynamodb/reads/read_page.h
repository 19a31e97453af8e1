// SPDX-License-Identifier: Apache-2.0
// Reads one page of items in key order, for Query, Scan and SELECT.
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

// What Query and Scan learn from their expressions or legacy parameters.
struct ReadPlan {
  std::optional<expression::Condition> filter;
  std::optional<expression::Projection> projection;
  bool count_only = false;
  std::string_view filter_name = "Filter Expression";  // the filter's name in error messages

  // ValidationException if an expression addresses something inside a key attribute.
  [[nodiscard]] Status CheckKeyPaths(const storage::TableMetadata& table) const;
};

// Parses the FilterExpression and ProjectionExpression of a query or scan.
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

// A filter made from the legacy parameter QueryFilter or ScanFilter, and a projection made from
// AttributesToGet.
struct LegacyRead {
  std::optional<expression::Condition> filter;
  std::optional<expression::Projection> projection;

  void MoveInto(ReadPlan& plan) &&;
};

struct PageRequest {
  KeySpan span;
  bool forward = true;
  std::optional<std::int64_t> limit;  // of items read, before the filter
  bool at_most_one = false;           // the whole key is given, so there is no next page
  bool consistent = false;
  bool fetches = false;  // fetches whole items from the table, for a local secondary index
};

// Query's and Scan's answer.
struct PageResponse {
  std::optional<std::vector<Item>> items;  // nullopt with Select COUNT
  std::int64_t count = 0;
  std::int64_t scanned_count = 0;
  Item last_evaluated_key;
  std::optional<ConsumedCapacity> consumed_capacity;
  CapacityCharge charge;  // for all items read
  std::size_t size = 0;   // how much of the 1 MB of a page they take
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Items", &PageResponse::items},
                           Field{"Count", &PageResponse::count},
                           Field{"ScannedCount", &PageResponse::scanned_count},
                           Field{"LastEvaluatedKey", &PageResponse::last_evaluated_key},
                           Field{"ConsumedCapacity", &PageResponse::consumed_capacity});
  }
};

// Reads until the span ends, `limit` items are read, or the items read fill 1 MB. In the latter two
// cases LastEvaluatedKey is the last item read, even if no item follows (observed on AWS). Items
// that the filter drops count as read.
//
// Units are rounded up for each partition that is read, also for one without items. So a scan of a
// small on-demand table costs at least as much as one small item per partition (observed on AWS).
//
// An index is charged for the size of its entries. Each item that is fetched from the table is
// charged to the table by itself, and counts towards the page's 1 MB:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
Result<PageResponse> ReadPage(const ReadTarget& target, const PageRequest& request,
                              const ReadPlan& plan);

// ValidationException if Select does not fit the rest of the request:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
// `projection` names the parameter that chooses attributes; empty if the request has none.
Status CheckSelect(std::optional<Select> select, std::string_view projection, bool has_index);

// The parameter of a query or scan that chooses attributes, as CheckSelect takes it.
template <class Request>
std::string_view ProjectionParameter(const Request& request) {
  if (request.attributes_to_get.has_value()) {
    return "AttributesToGet";
  }
  return request.projection_expression.has_value() ? "ProjectionExpression" : "";
}

// The position of an ExclusiveStartKey; nullopt if the request has none. ValidationException if it
// is not a key of the target.
Result<std::optional<KeyPosition>> StartOf(const ReadTarget& target, const StartKey& start_key);

}  // namespace weir::dynamodb
