// SPDX-License-Identifier: Apache-2.0
// What the requests of the three PartiQL operations share.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "expression/partiql_statement.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/database.h"

namespace weir::dynamodb {

// Parameters of a statement. A bad value is kept: it is told after faults of the grammar and before
// those of what the statement says (observed on DynamoDB Local), and in a batch it is the fault of
// one statement.
struct StatementParameters {
  PackedValues values;
  // The scales of the numbers among them, as text: 1E2 and 100 are one value, but a NextToken of
  // the one does not continue a request with the other (observed on AWS).
  std::string scales;
  std::optional<ApiError> fault;
};

// A statement with its parameters, before its table is looked at.
struct StatementText {
  const std::string& statement;
  const std::optional<StatementParameters>& parameters;

  [[nodiscard]] ListView values() const {
    return parameters.has_value() ? parameters->values.list() : ListView();
  }
  [[nodiscard]] std::string_view scales() const {
    return parameters.has_value() ? std::string_view(parameters->scales) : std::string_view();
  }
  // The fault of a bad value.
  [[nodiscard]] Status CheckParameters() const;
};

// A statement that says what it means, and its table, if there is one of that name.
struct ReadyStatement {
  expression::PartiqlStatement statement;
  storage::TablePtr table;

  // ResourceNotFoundException without the table.
  [[nodiscard]] Status CheckTable() const;
};

// Reads a statement that is in no transaction. ValidationException for all faults that it has by
// itself.
Result<expression::TargetedStatement> ParseStatement(const StatementText& text);

// Gives its names and values their meaning. An index with a multi-attribute key is refused before
// that, any other fault of the table later (observed on AWS).
Result<ReadyStatement> PrepareStatement(Context& context,
                                        const expression::TargetedStatement& statement,
                                        const StatementText& text);

}  // namespace weir::dynamodb
