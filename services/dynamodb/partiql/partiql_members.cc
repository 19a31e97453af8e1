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

Result<expression::TargetedStatement> ParseStatement(const StatementText& text) {
  WEIR_ASSIGN_OR_RETURN(const expression::ParsedStatement parsed,
                        expression::ParsedStatement::Parse(text.statement));
  WEIR_RETURN_IF_ERROR(text.CheckParameters());
  if (parsed.is_exists()) {
    return expression::MisplacedExists();
  }
  return parsed.FindTarget();
}

Result<ReadyStatement> PrepareStatement(Context& context,
                                        const expression::TargetedStatement& statement,
                                        const StatementText& text) {
  const expression::StatementTarget& target = statement.target();
  storage::TablePtr table;
  if (Result<storage::TablePtr> found = ResolveTable(context.database, target.table, kItemTable);
      found.ok()) {
    table = std::move(found).value();
  }
  if (table != nullptr && target.index.has_value()) {
    const storage::IndexDefinitionPtr index = storage::FindIndex(*table->metadata(), *target.index);
    if (index != nullptr &&
        (index->key_schema.partition.size() > 1 || index->key_schema.sort.size() > 1)) {
      return ValidationError(
          "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
          "multi-attribute RANGE keys.");
    }
  }
  WEIR_ASSIGN_OR_RETURN(expression::PartiqlStatement bound, statement.Bind(text.values()));
  return ReadyStatement{std::move(bound), std::move(table)};
}

}  // namespace weir::dynamodb
