// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_members.h"

#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Status ReadyStatement::CheckTable() const {
  return table == nullptr ? Status(TableNotFound()) : Status();
}

Status StatementText::CheckParameters() const {
  return parameters.has_value() && parameters->fault.has_value() ? Status(*parameters->fault)
                                                                 : Status();
}

Result<expression::PartiqlStatement> ParseStatement(const StatementText& text) {
  WEIR_ASSIGN_OR_RETURN(expression::PartiqlStatement statement,
                        expression::PartiqlStatement::ParseText(text.statement));
  WEIR_RETURN_IF_ERROR(text.CheckParameters());
  if (statement.type() == expression::StatementType::kExists) {
    return expression::MisplacedExists();
  }
  WEIR_RETURN_IF_ERROR(statement.FindTarget());
  return statement;
}

Result<ReadyStatement> PrepareStatement(Context& context, expression::PartiqlStatement statement,
                                        const StatementText& text) {
  ReadyStatement ready{std::move(statement), nullptr};
  const expression::StatementTarget& target = ready.statement.target();
  if (Result<storage::TablePtr> table = ResolveTable(context.database, target.table, kItemTable);
      table.ok()) {
    ready.table = std::move(table).value();
  }
  if (ready.table != nullptr && target.index.has_value()) {
    const storage::IndexDefinitionPtr index =
        storage::FindIndex(*ready.table->description(), *target.index);
    if (index != nullptr &&
        (index->key_schema.partition.size() > 1 || index->key_schema.sort.size() > 1)) {
      return ValidationError(
          "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
          "multi-attribute RANGE keys.");
    }
  }
  WEIR_RETURN_IF_ERROR(ready.statement.Resolve(text.values()));
  return ready;
}

}  // namespace weir::dynamodb
