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
  // Set if the term is not a name; reported once the table is known.
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

// What a statement does, and to which table or index; known before its values are looked at.
struct StatementTarget {
  StatementType type = StatementType::kSelect;
  std::string table;
  std::optional<std::string> index;
};

// The three states of a statement, each made from the one before. Between them, operations report
// other faults of the request. All are immutable, so threads may share them.
class TargetedStatement;
class PartiqlStatement;
class PartiqlPaths;
class PartiqlValues;

// A statement that follows the grammar.
class ParsedStatement {
 public:
  // ValidationException if `text` does not follow the grammar. An expression does, such as `a = 1`.
  static Result<ParsedStatement> Parse(std::string_view text);

  // Whether it is EXISTS(..).
  [[nodiscard]] bool is_exists() const { return is_exists_; }

  // Finds the statement's type, table and index. ValidationException if it is not a statement, or
  // does not name one table or index.
  [[nodiscard]] Result<TargetedStatement> FindTarget() const;

 private:
  explicit ParsedStatement(PartiqlSyntax syntax);

  std::shared_ptr<const PartiqlSyntax> syntax_;
  bool is_exists_ = false;
};

// A statement whose target is known, but not yet the meaning of its names and values.
class TargetedStatement {
 public:
  // ParsedStatement's Parse and FindTarget in one.
  static Result<TargetedStatement> Of(std::string_view text);

  [[nodiscard]] const StatementTarget& target() const { return target_; }
  [[nodiscard]] StatementType type() const { return target_.type; }
  [[nodiscard]] bool reads() const { return target_.type == StatementType::kSelect; }

  // Gives the names and values in the text their meaning. ValidationException for all faults that
  // need no table. The result borrows the parameters.
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

// A statement with its parameters, as the condition, projection, item or update that it stands for.
class PartiqlStatement {
 public:
  [[nodiscard]] const StatementTarget& target() const { return target_; }
  [[nodiscard]] StatementType type() const { return target_.type; }
  [[nodiscard]] bool reads() const { return target_.type == StatementType::kSelect; }

  // The condition of WHERE, if there is one.
  [[nodiscard]] const std::optional<Condition>& where() const { return where_; }
  // SELECT: the columns; nullopt for `*`.
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
  // Builds a condition. Of several faults in it, returns the one that the service reports first.
  Result<ConditionTree> BuildWhere(PartiqlPaths& paths, PartiqlValues& values,
                                   std::uint32_t where) const;
  Status BindColumns(const PartiqlSelect& select);
  void BindOrder(const PartiqlSelect& select);
  Status BindWrite(const PartiqlWrite& write, ListView parameters);
  Status BindReturning(const PartiqlWrite& write);

  std::shared_ptr<const PartiqlSyntax> syntax_;  // the members below refer to it
  StatementTarget target_;
  std::vector<Item> holders_;  // the values of literals
  std::optional<Condition> where_;
  std::optional<Projection> projection_;
  std::vector<StatementOrder> order_;
  Item item_;
  std::optional<Update> update_;
  StatementReturning returning_ = StatementReturning::kNothing;
};

// The error for EXISTS outside of transactions, and for any other expression that is not a
// statement.
ApiError MisplacedExists();

}  // namespace weir::expression
