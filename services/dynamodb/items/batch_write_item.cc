// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/batch_write_item.h"

#include <set>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/indexes/index_keys.h"

namespace weir::dynamodb {
namespace {

// Puts the item, whatever was there before. An empty item deletes.
class ReplaceMutation final : public storage::Mutation {
 public:
  explicit ReplaceMutation(Item item) : item_(std::move(item)) {}
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  const Item item_;
};

struct TableWrite {
  storage::TablePtr table;
  storage::TableMetadataPtr metadata;
  std::vector<PrimaryKey> keys;  // one per write
};

// A put item without valid key attributes gets the text that an invalid key gets (observed on AWS).
Result<PrimaryKey> KeyOf(const KeySchema& schema, const WriteRequest& write) {
  if (write.delete_request.has_value()) {
    return PrimaryKey::OfRequest(schema, write.delete_request->key.attributes());
  }
  const MapView item = write.put_request->item.attributes();
  const auto fits = [&](const KeyAttribute& attribute) {
    const std::optional<Value> value = item.Find(attribute.name);
    return value.has_value() && value->type() == attribute.type;
  };
  if (!fits(schema.partition) || (schema.sort.has_value() && !fits(*schema.sort))) {
    return ValidationError("The provided key element does not match the schema");
  }
  return PrimaryKey::OfItem(schema, item);
}

Status CheckPut(const storage::TableMetadata& table, const Item& item) {
  WEIR_RETURN_IF_ERROR(CheckIndexKeysOfPut(table, item.attributes()));
  if (storage::SizeWithLocalEntries(table, item) > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return {};
}

Result<TableWrite> Resolve(Context& context, std::string_view name,
                           const std::vector<WriteRequest>& writes) {
  TableWrite resolved;
  WEIR_ASSIGN_OR_RETURN(resolved.table, ResolveTable(context.database, name, kItemTable));
  resolved.metadata = resolved.table->metadata();
  std::set<std::string_view> seen;
  resolved.keys.reserve(writes.size());  // `seen` refers to the elements
  for (const WriteRequest& write : writes) {
    WEIR_ASSIGN_OR_RETURN(PrimaryKey key, KeyOf(resolved.table->key_schema(), write));
    if (!seen.insert(resolved.keys.emplace_back(std::move(key)).bytes()).second) {
      return ValidationError("Provided list of item keys contains duplicates");
    }
    if (write.put_request.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckPut(*resolved.metadata, write.put_request->item));
    }
  }
  return resolved;
}

Status CheckWrite(const WriteRequest& write) {
  const bool put = write.put_request.has_value();
  if (put == write.delete_request.has_value()) {
    // The service has one text for a write that has both requests and for one that has neither.
    return ValidationError(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  if (put && write.put_request->item.aws_size() > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return {};
}

// Carries out the writes, one table after the other.
class BatchWriter {
 public:
  explicit BatchWriter(const BatchWriteItemRequest& request) : request_(request) {}

  // `name` names the table in the request: its name or ARN.
  Status Write(const std::string& name, const TableWrite& target,
               const std::vector<WriteRequest>& writes) {
    const storage::TableMetadata& table = *target.metadata;
    CapacityCharge charge;
    std::vector<WriteRequest> unprocessed;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      const bool put = writes[i].put_request.has_value();
      const Item item = put ? writes[i].put_request->item : Item();
      storage::Outcome<storage::WriteResult> written =
          target.table->Write(target.keys[i], ReplaceMutation(item));
      if (!written.ok() && written.error().kind == storage::Fault::Kind::kItemHeld) {
        unprocessed.push_back(writes[i]);
        continue;
      }
      if (!written.ok()) {
        return ErrorOf(std::move(written).error());
      }
      const storage::WriteResult& result = written.value();
      if (IsWanted(request_.return_consumed_capacity)) {
        charge.Add(WriteCharge(table, result));
      }
      if (request_.return_item_collection_metrics == ReturnItemCollectionMetrics::kSize) {
        const Item& key = put ? item : writes[i].delete_request->key;
        collections_.Add(table.name, MetricsOf(table, key.attributes(), result));
      }
    }
    if (!unprocessed.empty()) {
      response_.unprocessed_items.entries.emplace_back(name, std::move(unprocessed));
    }
    charge.ReportTo(response_.consumed_capacity, request_.return_consumed_capacity, table.name);
    return {};
  }

  BatchWriteItemResponse Take() && {
    response_.item_collection_metrics = std::move(collections_).Take();
    return std::move(response_);
  }

 private:
  const BatchWriteItemRequest& request_;
  BatchWriteItemResponse response_;
  CollectionReport collections_;
};

}  // namespace

Result<BatchWriteItem::Plan> BatchWriteItem::Validate(const Request& request) {
  std::size_t writes = 0;
  for (const auto& [name, table_writes] : request.request_items.entries) {
    writes += table_writes.size();
  }
  if (writes > limits::kBatchWrites) {
    return ValidationError("Too many items requested for the BatchWriteItem call");
  }
  for (const auto& [name, table_writes] : request.request_items.entries) {
    for (const WriteRequest& write : table_writes) {
      WEIR_RETURN_IF_ERROR(CheckWrite(write));
    }
  }
  return Plan{};
}

Result<BatchWriteItem::Response> BatchWriteItem::Execute(Context& context, const Request& request,
                                                         const Plan& /*plan*/) {
  const auto& entries = request.request_items.entries;
  std::vector<TableWrite> resolved;
  for (const auto& [name, writes] : entries) {
    WEIR_ASSIGN_OR_RETURN(TableWrite table_write, Resolve(context, name, writes));
    resolved.push_back(std::move(table_write));
  }
  BatchWriter writer(request);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    WEIR_RETURN_IF_ERROR(writer.Write(entries[i].first, resolved[i], entries[i].second));
  }
  return std::move(writer).Take();
}

}  // namespace weir::dynamodb
