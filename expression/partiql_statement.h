// SPDX-License-Identifier: Apache-2.0
// PartiQL statements as DynamoDB's dialect has them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "core/value.h"
#include "expression/condition.h"
#include "expression/partiql_syntax.h"
#include "expression/projection.h"
#include "expression/update.h"

namespace weir::expression {

enum class StatementType : std::uint8_t {
  kSelect,
  kExists,  // EXISTS(SELECT ..): only in transactions
  kInsert,
  kUpdate,
  kDelete,
};

// One attribute of ORDER BY.
struct StatementOrder {
  std::string_view attribute;
  bool descending = false;
};

// RETURNING
enum class StatementReturning : std::uint8_t {
  kNothing,
  kAllOld,
  kAllNew,
  kModifiedOld,
  kModifiedNew
};

// What a statement is about, known before its values are looked at.
struct StatementTarget {
  StatementType type = StatementType::kSelect;
  std::string table;
  std::optional<std::string> index;
};

// A statement with its parameters. Immutable, so threads may share it; borrows the parameters.
class PartiqlStatement {
 public:
  // Reads the text. ValidationException for what is no statement.
  static Result<PartiqlStatement> Parse(std::string_view text);
  // Parse in two steps, between which other faults of the request are told: the grammar, and then
  // what the statement is about.
  static Result<PartiqlStatement> ParseText(std::string_view text);
  Status FindTarget();

  [[nodiscard]] const StatementTarget& target() const { return target_; }
  // Whether it is EXISTS is known before the target is found.
  [[nodiscard]] StatementType type() const { return target_.type; }
  [[nodiscard]] bool reads() const { return target_.type == StatementType::kSelect; }

  // Gives the names and values in the text their meaning; all that follows is there only then.
  // Called once. ValidationException for all faults that need no table.
  Status Resolve(ListView parameters);

  // The condition of WHERE, if there is one.
  [[nodiscard]] const std::optional<Condition>& where() const { return where_; }
  // SELECT: the columns, none for `*`.
  [[nodiscard]] const std::optional<Projection>& projection() const { return projection_; }
  [[nodiscard]] const std::vector<StatementOrder>& order() const { return order_; }
  // INSERT
  [[nodiscard]] const Item& item() const { return item_; }
  // UPDATE
  [[nodiscard]] const std::optional<Update>& update() const { return update_; }
  [[nodiscard]] StatementReturning returning() const { return returning_; }

 private:
  explicit PartiqlStatement(PartiqlSyntax syntax);

  Status SetSource(const PartiqlSource& source);
  Status ResolveSelect(ListView parameters);
  Status ResolveColumns(const PartiqlSelect& select);
  Status ResolveOrder(const PartiqlSelect& select);
  Status ResolveWrite(ListView parameters);
  Status ResolveReturning(const PartiqlWrite& write);

  // On the heap, since what is resolved refers to it.
  std::unique_ptr<const PartiqlSyntax> syntax_;
  std::uint32_t select_ = kNone;  // in syntax_->selects
  std::uint32_t write_ = kNone;   // in syntax_->writes
  StatementTarget target_;
  std::vector<Item> holders_;  // of the literals
  std::optional<Condition> where_;
  std::optional<Projection> projection_;
  std::vector<StatementOrder> order_;
  Item item_;
  std::optional<Update> update_;
  StatementReturning returning_ = StatementReturning::kNothing;
};

// EXISTS outside of transactions, and what else is an expression and no statement.
ApiError MisplacedExists();

}  // namespace weir::expression
