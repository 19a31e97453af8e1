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

// Parameters of a statement. The fault of a bad value is kept rather than reported at once: faults
// of the grammar come before it, other faults of the statement after it (observed on DynamoDB
// Local), and in a batch it is the fault of one statement only.
struct StatementParameters {
  PackedValues values;
  // The scales of the numbers among the values, as text: 1E2 and 100 are one value, but the
  // NextToken of a request with one does not continue a request with the other (observed on AWS).
  std::string scales;
  std::optional<ApiError> fault;
};

// The text of a statement, with its parameters. Borrows both from the request.
struct StatementText {
  const std::string& statement;
  const std::optional<StatementParameters>& parameters;

  [[nodiscard]] ListView values() const {
    return parameters.has_value() ? parameters->values.list() : ListView();
  }
  [[nodiscard]] std::string_view scales() const {
    return parameters.has_value() ? std::string_view(parameters->scales) : std::string_view();
  }
  // Fails with the fault of a bad value, if there is one.
  [[nodiscard]] Status CheckParameters() const;
};

// A statement bound to its parameters, and its table; null if no such table exists.
struct ReadyStatement {
  expression::PartiqlStatement statement;
  storage::TablePtr table;

  // ResourceNotFoundException if `table` is null.
  [[nodiscard]] Status CheckTable() const;
};

// Parses a statement outside of transactions. ValidationException for all faults that show without
// its table.
Result<expression::TargetedStatement> ParseStatement(const StatementText& text);

// Looks up the table of a statement and binds the statement to its parameters. ValidationException
// for an index with a multi-attribute key, then for faults of names and values. A missing table or
// index is not reported here but later (observed on AWS).
Result<ReadyStatement> PrepareStatement(Context& context,
                                        const expression::TargetedStatement& statement,
                                        const StatementText& text);

}  // namespace weir::dynamodb
