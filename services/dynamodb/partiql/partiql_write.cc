// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_write.h"

#include <optional>
#include <string>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/indexes/index_keys.h"
#include "services/dynamodb/partiql/partiql_keys.h"

namespace weir::dynamodb {
namespace {

using expression::PartiqlStatement;
using expression::StatementType;

// A parameter may nest deeper than an item may. This is only reported when the value is written
// (observed on AWS).
Status CheckNesting(Value value) {
  return NestingDepth(value) >= limits::kNestingLevels
             ? Status(ValidationError("Nesting Levels have exceeded supported limits"))
             : Status();
}

class InsertMutation final : public storage::Mutation {
 public:
  explicit InsertMutation(Item item) : item_(std::move(item)) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    if (before) {
      return MakeError(ErrorCode::kDuplicateItem, "Duplicate primary key exists in table");
    }
    for (const auto& [name, value] : item_.attributes()) {
      WEIR_RETURN_IF_ERROR(CheckNesting(value));
    }
    return item_;
  }

 private:
  const Item item_;
};

// The base of mutations that check the item against the WHERE clause.
class ConditionalMutation : public storage::Mutation {
 public:
  ConditionalMutation(const PartiqlStatement& statement, bool returns_item)
      : statement_(statement), returns_item_(returns_item) {}
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const override {
    return statement_.where()->Work(item_bytes) +
           (statement_.update().has_value() ? statement_.update()->Work(item_bytes) : 0);
  }

 protected:
  [[nodiscard]] const PartiqlStatement& statement() const { return statement_; }

  [[nodiscard]] Status Check(const Item& before) const {
    if (before && statement_.where()->Evaluate(before.attributes())) {
      return {};
    }
    ApiError error =
        MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
    if (returns_item_ && before) {
      error.item = before;
      error.capital_message = true;
    }
    return error;
  }

 private:
  const PartiqlStatement& statement_;
  const bool returns_item_;
};

// An UPDATE changes an existing item. For a missing item its condition fails.
class StatementUpdateMutation final : public ConditionalMutation {
 public:
  StatementUpdateMutation(const PartiqlStatement& statement, bool returns_item,
                          storage::TableMetadataPtr table)
      : ConditionalMutation(statement, returns_item), table_(std::move(table)) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    WEIR_RETURN_IF_ERROR(Check(before));
    const expression::Update& update = *statement().update();
    WEIR_ASSIGN_OR_RETURN(Item after, update.Apply(before, {}));
    WEIR_RETURN_IF_ERROR(CheckIndexKeysOfUpdate(*table_, before, after, &update));
    for (const expression::AttributeUse& use : update.changed()) {
      if (const std::optional<Value> value = after.attributes().Find(use.name)) {
        WEIR_RETURN_IF_ERROR(CheckNesting(*value));
      }
    }
    if (storage::SizeWithLocalEntries(*table_, after) > limits::kItemSize) {
      return ValidationError("Item size to update has exceeded the maximum allowed size");
    }
    return after;
  }

 private:
  const storage::TableMetadataPtr table_;
};

// A DELETE of a missing item succeeds, whatever the condition (DynamoDB Local).
class StatementDeleteMutation final : public ConditionalMutation {
 public:
  using ConditionalMutation::ConditionalMutation;
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    if (before) {
      WEIR_RETURN_IF_ERROR(Check(before));
    }
    return Item();
  }
};

class ExistsMutation final : public ConditionalMutation {
 public:
  using ConditionalMutation::ConditionalMutation;
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    WEIR_RETURN_IF_ERROR(Check(before));
    return before;
  }
};

Status CheckKeyAttribute(const KeyAttribute& attribute, MapView item) {
  const std::optional<Value> value = item.Find(attribute.name);
  if (!value.has_value()) {
    return ValidationError("Key attribute should be present in the item: Key " + attribute.name);
  }
  return value->type() == attribute.type ? Status() : Status(KeyTypeMismatch(attribute));
}

Status PrepareInsert(const PartiqlStatement& statement, StatementWrite& write) {
  const KeySchema& schema = write.metadata->key_schema;
  const Item& item = statement.item();
  WEIR_RETURN_IF_ERROR(CheckKeyAttribute(schema.partition, item.attributes()));
  if (schema.sort.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyAttribute(*schema.sort, item.attributes()));
  }
  WEIR_ASSIGN_OR_RETURN(write.primary_key, PrimaryKey::OfItem(schema, item.attributes()));
  WEIR_RETURN_IF_ERROR(CheckIndexKeysOfPut(*write.metadata, item.attributes()));
  if (storage::SizeWithLocalEntries(*write.metadata, item) > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  write.key = item;
  write.mutation = std::make_unique<InsertMutation>(item);
  return {};
}

Status CheckChanges(const PartiqlStatement& statement, const storage::TableMetadata& table) {
  if (!statement.update().has_value()) {
    return {};
  }
  for (const expression::AttributeUse& use : statement.update()->changed()) {
    if (table.key_schema.Contains(use.name)) {
      return InvalidParameter("Cannot update attribute " + std::string(use.name) +
                              ". This attribute is part of the key");
    }
  }
  return CheckKeyPaths(table, statement.update()->attributes());
}

}  // namespace

Result<StatementWrite> PrepareWrite(const ReadyStatement& ready, bool returns_item) {
  WEIR_RETURN_IF_ERROR(ready.CheckTable());
  const PartiqlStatement& statement = ready.statement;
  StatementWrite write;
  write.table = ready.table;
  write.metadata = ready.table->metadata();
  if (statement.type() == StatementType::kInsert) {
    WEIR_RETURN_IF_ERROR(PrepareInsert(statement, write));
    return write;
  }
  const KeySchema& schema = write.metadata->key_schema;
  WEIR_ASSIGN_OR_RETURN(std::optional<NamedKey> named, FindNamedKey(statement, schema));
  if (!named.has_value()) {
    return ValidationError(
        "Where clause does not contain a mandatory equality on all key attributes");
  }
  WEIR_RETURN_IF_ERROR(CheckKeyTypes(named->key.attributes(), schema));
  write.key = std::move(named->key);
  WEIR_ASSIGN_OR_RETURN(write.primary_key, PrimaryKey::OfRequest(schema, write.key.attributes()));
  WEIR_RETURN_IF_ERROR(CheckKeyPaths(*write.metadata, statement.where()->attributes()));
  WEIR_RETURN_IF_ERROR(CheckChanges(statement, *write.metadata));
  switch (statement.type()) {
    case StatementType::kUpdate:
      write.mutation =
          std::make_unique<StatementUpdateMutation>(statement, returns_item, write.metadata);
      break;
    case StatementType::kDelete:
      write.mutation = std::make_unique<StatementDeleteMutation>(statement, returns_item);
      break;
    default:
      write.mutation = std::make_unique<ExistsMutation>(statement, returns_item);
  }
  return write;
}

Item ReturnedItem(const PartiqlStatement& statement, const storage::WriteResult& result) {
  switch (statement.returning()) {
    case expression::StatementReturning::kNothing:
      return {};
    case expression::StatementReturning::kAllOld:
      return result.before;
    case expression::StatementReturning::kAllNew:
      return result.after;
    case expression::StatementReturning::kModifiedOld:
      return statement.update()->UpdatedOld(result.before);
    case expression::StatementReturning::kModifiedNew:
      return statement.update()->UpdatedNew(result.after);
  }
  return {};
}

}  // namespace weir::dynamodb
