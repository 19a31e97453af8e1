// SPDX-License-Identifier: Apache-2.0
// PartiQL statements as DynamoDB's dialect has them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// One term of ORDER BY.
struct StatementOrder {
  std::string_view attribute;
  bool descending = false;
  // Why it is not a name; told once the table is known.
  std::optional<ApiError> fault;
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

// The three states of a statement, each made from the one before; between them other faults of a
// request are told. All are immutable, so threads may share them.
class TargetedStatement;
class PartiqlStatement;
class PartiqlPaths;
class PartiqlValues;

// A text that keeps to the grammar.
class ParsedStatement {
 public:
  // ValidationException for what is not a statement.
  static Result<ParsedStatement> Parse(std::string_view text);

  // Whether it is EXISTS(..).
  [[nodiscard]] bool is_exists() const { return is_exists_; }

  // Finds what the statement is about.
  [[nodiscard]] Result<TargetedStatement> FindTarget() const;

 private:
  explicit ParsedStatement(PartiqlSyntax syntax);

  std::shared_ptr<const PartiqlSyntax> syntax_;
  bool is_exists_ = false;
};

// A statement of which is known what it is about, but not what it means.
class TargetedStatement {
 public:
  // Parse and FindTarget.
  static Result<TargetedStatement> Of(std::string_view text);

  [[nodiscard]] const StatementTarget& target() const { return target_; }
  [[nodiscard]] StatementType type() const { return target_.type; }
  [[nodiscard]] bool reads() const { return target_.type == StatementType::kSelect; }

  // Gives the names and values in the text their meaning. ValidationException for all faults that
  // need no table. What it returns borrows the parameters.
  [[nodiscard]] Result<PartiqlStatement> Bind(ListView parameters) const;

 private:
  friend class ParsedStatement;
  explicit TargetedStatement(std::shared_ptr<const PartiqlSyntax> syntax)
      : syntax_(std::move(syntax)) {}

  // Fails if the source is not one table or index.
  Status SetSource(const PartiqlSource& source);
  Status SetWrite(const PartiqlWrite& write);

  std::shared_ptr<const PartiqlSyntax> syntax_;
  std::uint32_t select_ = kNone;  // in syntax_->selects
  std::uint32_t write_ = kNone;   // in syntax_->writes
  StatementTarget target_;
};

// A statement with its parameters: what it means.
class PartiqlStatement {
 public:
  [[nodiscard]] const StatementTarget& target() const { return target_; }
  [[nodiscard]] StatementType type() const { return target_.type; }
  [[nodiscard]] bool reads() const { return target_.type == StatementType::kSelect; }

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
  friend class TargetedStatement;
  PartiqlStatement(std::shared_ptr<const PartiqlSyntax> syntax, StatementTarget target)
      : syntax_(std::move(syntax)), target_(std::move(target)) {}

  Status BindSelect(const PartiqlSelect& select, ListView parameters);
  // Builds a condition; of several faults in it the one that the service tells first.
  Result<ConditionTree> BuildWhere(PartiqlPaths& paths, PartiqlValues& values,
                                   std::uint32_t where) const;
  Status BindColumns(const PartiqlSelect& select);
  void BindOrder(const PartiqlSelect& select);
  Status BindWrite(const PartiqlWrite& write, ListView parameters);
  Status BindReturning(const PartiqlWrite& write);

  std::shared_ptr<const PartiqlSyntax> syntax_;  // what follows refers to it
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
