// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/batch_get_item.h"

#include <set>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {
namespace {

// One table's part of the batch, looked up and checked before anything is read.
struct TableRead {
  storage::TablePtr table;
  std::vector<PrimaryKey> keys;
};

Result<TableRead> Resolve(Context& context, std::string_view name, const KeysAndAttributes& wanted,
                          const std::optional<expression::Projection>& projection) {
  TableRead read;
  WEIR_ASSIGN_OR_RETURN(read.table, ResolveTable(context.database, name, kItemTable));
  const KeySchema& schema = read.table->key_schema();
  read.keys.reserve(wanted.keys.size());
  for (const Item& key : wanted.keys) {
    WEIR_ASSIGN_OR_RETURN(PrimaryKey encoded, PrimaryKey::OfRequest(schema, key.attributes()));
    read.keys.push_back(std::move(encoded));
  }
  if (projection.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyPaths(*read.table->metadata(), projection->attributes()));
  }
  return read;
}

// Keys are compared as they are sent, before the expressions and the table are checked (DynamoDB
// Local and Dynoxide agree in that; the service's order has not been recorded). Items are
// canonical, so equal keys are equal bytes.
Status CheckNoDuplicates(const KeysAndAttributes& wanted) {
  std::set<std::string_view> seen;
  for (const Item& key : wanted.keys) {
    if (!seen.insert(key.attributes().contents()).second) {
      return ValidationError("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

// Reads one table after the other until the answer is full.
class BatchReader {
 public:
  explicit BatchReader(const BatchGetItemRequest& request) : request_(request) {}

  Status Read(std::size_t index, const TableRead& read,
              const std::optional<expression::Projection>& projection) {
    const auto& [name, wanted] = request_.request_items.entries[index];
    std::vector<Item>& found =
        response_.responses.entries.emplace_back(name, std::vector<Item>()).second;
    KeysAndAttributes unprocessed = wanted;
    unprocessed.keys.clear();
    double units = 0;
    for (std::size_t i = 0; i < read.keys.size(); ++i) {
      WEIR_ASSIGN_OR_RETURN(const Item item, Worded(read.table->Get(read.keys[i])));
      if (full_ || size_ + item.aws_size() > limits::kBatchGetSize) {
        full_ = true;
        unprocessed.keys.push_back(wanted.keys[i]);
        continue;
      }
      size_ += item.aws_size();
      units += ReadUnits(item.aws_size(), wanted.consistent_read.value_or(false));
      if (item) {
        found.push_back(expression::Projected(item, projection));
      }
    }
    if (!unprocessed.keys.empty()) {
      response_.unprocessed_keys.entries.emplace_back(name, std::move(unprocessed));
    }
    CapacityCharge(units).ReportTo(response_.consumed_capacity, request_.return_consumed_capacity,
                                   TableNameOf(name));
    return {};
  }

  BatchGetItemResponse Take() && { return std::move(response_); }

 private:
  const BatchGetItemRequest& request_;
  BatchGetItemResponse response_;
  std::size_t size_ = 0;  // bytes of the items read, as AWS counts them
  bool full_ = false;
};

}  // namespace

Result<BatchGetItem::Plan> BatchGetItem::Validate(const Request& request) {
  Plan plan;
  std::size_t keys = 0;
  for (const auto& [name, wanted] : request.request_items.entries) {
    keys += wanted.keys.size();
  }
  if (keys > limits::kBatchGetKeys) {
    return ValidationError("Too many items requested for the BatchGetItem call");
  }
  for (const auto& [name, wanted] : request.request_items.entries) {
    if (!request.value_fault.has_value()) {  // else `keys` is incomplete
      WEIR_RETURN_IF_ERROR(CheckNoDuplicates(wanted));
    }
  }
  for (const auto& [name, wanted] : request.request_items.entries) {
    WEIR_ASSIGN_OR_RETURN(auto projection,
                          ParseProjection(wanted.projection_expression,
                                          wanted.expression_attribute_names, request.value_fault));
    if (wanted.attributes_to_get.has_value()) {
      WEIR_ASSIGN_OR_RETURN(projection, ParseAttributesToGet(wanted.attributes_to_get));
    }
    plan.projections.push_back(std::move(projection));
  }
  return plan;
}

Result<BatchGetItem::Response> BatchGetItem::Execute(Context& context, const Request& request,
                                                     const Plan& plan) {
  const auto& entries = request.request_items.entries;
  std::vector<TableRead> reads;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    WEIR_ASSIGN_OR_RETURN(
        TableRead read, Resolve(context, entries[i].first, entries[i].second, plan.projections[i]));
    reads.push_back(std::move(read));
  }
  BatchReader reader(request);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    WEIR_RETURN_IF_ERROR(reader.Read(i, reads[i], plan.projections[i]));
  }
  return std::move(reader).Take();
}

}  // namespace weir::dynamodb
