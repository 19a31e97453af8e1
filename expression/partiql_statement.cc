// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_statement.h"

#include <algorithm>
#include <utility>

#include "core/table_name.h"
#include "expression/partiql_condition.h"
#include "expression/partiql_update.h"
#include "expression/partiql_values.h"
#include "expression/targets.h"

namespace weir::expression {
namespace {

using Kind = PartiqlNodeType;

Status CheckParameters(const PartiqlValues& values) {
  return values.HasAllParameters()
             ? Status()
             : Status(
                   ValidationError("Number of parameters in request and statement don't match."));
}

// The name of a column: the last name of its path, and the indices after that.
std::string ColumnName(PathView path) {
  std::string indices;
  while (path.back().is_index) {
    indices.insert(0, std::string("[").append(std::to_string(path.back().index)).append("]"));
    path = path.first(path.size() - 1);
  }
  return std::string(path.back().name) + indices;
}

std::string ReturningText(std::string_view what) {
  std::string text(what);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c == '_' ? ' ' : static_cast<char>(c - ('a' - 'A')); });
  return text;
}

}  // namespace

ApiError MisplacedExists() {
  return ValidationError("EXISTS can only be used in ExecuteTransaction write requests.");
}

ParsedStatement::ParsedStatement(PartiqlSyntax syntax)
    : syntax_(std::make_shared<const PartiqlSyntax>(std::move(syntax))) {
  const PartiqlNode& root = syntax_->nodes[syntax_->root];
  is_exists_ = root.type == Kind::kCall && PartiqlFunctionName(syntax_->Token(root)) == "exists";
}

Result<ParsedStatement> ParsedStatement::Parse(std::string_view text) {
  WEIR_ASSIGN_OR_RETURN(PartiqlSyntax syntax, ParsePartiql(text));
  return ParsedStatement(std::move(syntax));
}

Result<TargetedStatement> ParsedStatement::FindTarget() const {
  TargetedStatement statement(syntax_);
  const PartiqlNode* root = &syntax_->nodes[syntax_->root];
  if (is_exists_) {
    statement.target_.type = StatementType::kExists;
    const bool selects = root->child != kNone && syntax_->nodes[root->child].next == kNone &&
                         syntax_->nodes[root->child].type == Kind::kSelect;
    if (!selects) {
      return statement;  // refused by the operations that take EXISTS at all
    }
    root = &syntax_->nodes[root->child];
  }
  if (root->type == Kind::kSelect) {
    statement.select_ = root->index;
    WEIR_RETURN_IF_ERROR(statement.SetSource(syntax_->selects[root->index].source));
    return statement;
  }
  const bool is_not = root->type == Kind::kIsType && root->negated;  // IS NOT is NOT of IS
  if (root->type == Kind::kOperator || root->type == Kind::kCall || is_not) {
    return MisplacedExists();
  }
  if (root->type != Kind::kWrite) {
    return ValidationError("Unsupported operation: " +
                           std::string(PartiqlNodeName(*syntax_, *root)));
  }
  statement.write_ = root->index;
  WEIR_RETURN_IF_ERROR(statement.SetWrite(syntax_->writes[root->index]));
  return statement;
}

Result<TargetedStatement> TargetedStatement::Of(std::string_view text) {
  WEIR_ASSIGN_OR_RETURN(const ParsedStatement parsed, ParsedStatement::Parse(text));
  return parsed.FindTarget();
}

Status TargetedStatement::SetWrite(const PartiqlWrite& write) {
  switch (write.type) {
    case PartiqlWriteType::kInsertMany:
      return ValidationError("Unsupported operation: InsertOp");
    case PartiqlWriteType::kInsert:
      target_.type = StatementType::kInsert;
      if (syntax_->nodes[write.source.node].type == Kind::kPath) {
        return ValidationError(
            "FROM clause may only contain a single table name in data manipulation statements");
      }
      break;
    case PartiqlWriteType::kUpdate:
      target_.type = StatementType::kUpdate;
      break;
    case PartiqlWriteType::kDelete:
      target_.type = StatementType::kDelete;
      break;
  }
  WEIR_RETURN_IF_ERROR(SetSource(write.source));
  return target_.index.has_value()
             ? Status(ValidationError("This operation is not supported on an index"))
             : Status();
}

Status TargetedStatement::SetSource(const PartiqlSource& source) {
  if (source.several) {
    return ValidationError("Only select from a single table or index is supported.");
  }
  if (source.aliased) {
    return ValidationError("Aliasing is not supported");
  }
  const PartiqlNode& node = syntax_->nodes[source.node];
  if (!PartiqlPaths::IsPath(node)) {
    return ValidationError("Unexpected from source");
  }
  PartiqlPaths paths(*syntax_);
  WEIR_ASSIGN_OR_RETURN(const PathRange range, paths.Resolve(source.node));
  const PathView path = paths.View(range);
  if (path.size() > 2) {
    return ValidationError("A path may contain at most 2 components in the FROM clause");
  }
  if (std::any_of(path.begin(), path.end(), [](const auto& element) { return element.is_index; })) {
    return ValidationError("Invalid list expression in source.");
  }
  target_.table = path.front().name;
  // An ARN may stand for a name, and the catalogue judges it. An invalid index name has this text,
  // too (observed on DynamoDB Local).
  const bool is_table = IsTableName(target_.table) || target_.table.starts_with("arn:");
  if (!is_table || (path.size() == 2 && !IsTableName(path.back().name))) {
    return ValidationError(
        "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
        "'-', '_', '.'.");
  }
  if (path.size() == 2) {
    target_.index = std::string(path.back().name);
  }
  return {};
}

Result<PartiqlStatement> TargetedStatement::Bind(ListView parameters) const {
  PartiqlStatement statement(syntax_, target_);
  if (select_ != kNone) {
    WEIR_RETURN_IF_ERROR(statement.BindSelect(syntax_->selects[select_], parameters));
  } else if (write_ != kNone) {
    WEIR_RETURN_IF_ERROR(statement.BindWrite(syntax_->writes[write_], parameters));
  }
  return statement;
}

Status PartiqlStatement::BindSelect(const PartiqlSelect& select, ListView parameters) {
  if (select.value) {
    return ValidationError("Select projection doesn't support value or pivot keywords");
  }
  if (select.distinct != kNone) {
    return ValidationError("Unsupported token in expression: DISTINCT");
  }
  if (select.aliased) {
    return ValidationError("Aliasing is not supported");
  }
  WEIR_RETURN_IF_ERROR(BindColumns(select));
  if (select.unsupported.has_value()) {
    const PartiqlClause& clause = *select.unsupported;
    return ValidationError(
        "Unsupported clause: " + std::string(clause.name) +
        (clause.token == kNone ? "" : AtPosition(syntax_->tokens[clause.token])));
  }
  PartiqlValues values(*syntax_, parameters);
  WEIR_RETURN_IF_ERROR(CheckParameters(values));
  if (select.where != kNone) {
    PartiqlPaths paths(*syntax_);
    WEIR_ASSIGN_OR_RETURN(ConditionTree tree, BuildWhere(paths, values, select.where));
    where_ = Condition::Of(std::move(tree));
    holders_ = values.TakeHolders();
  }
  BindOrder(select);
  return {};
}

Result<ConditionTree> PartiqlStatement::BuildWhere(PartiqlPaths& paths, PartiqlValues& values,
                                                   std::uint32_t where) const {
  Result<ConditionTree> tree = PartiqlConditionBuilder(*syntax_, paths, values).Build(where);
  if (!tree.ok()) {
    WEIR_RETURN_IF_ERROR(PartiqlConditionBuilder(*syntax_, paths, values).CheckTerms(where));
  }
  return tree;
}

Status PartiqlStatement::BindColumns(const PartiqlSelect& select) {
  if (select.star) {
    return {};
  }
  PartiqlPaths paths(*syntax_);
  std::vector<Projection::Column> columns;
  for (const std::uint32_t node : select.columns) {
    const PartiqlNode& column = syntax_->nodes[node];
    if (column.type == Kind::kPath) {
      for (std::uint32_t step = syntax_->nodes[column.child].next; step != kNone;
           step = syntax_->nodes[step].next) {
        if (syntax_->nodes[step].type == Kind::kAnyStep) {
          return ValidationError("Changing item's hierarchy while reading isn't supported");
        }
      }
    }
    if (!PartiqlPaths::IsPath(column)) {
      return ValidationError("Unexpected path component" + AtPosition(syntax_->Token(column)));
    }
    Projection::Column resolved;
    WEIR_ASSIGN_OR_RETURN(resolved.path, paths.Resolve(node));
    resolved.name = ColumnName(paths.View(resolved.path));
    for (const Projection::Column& other : columns) {
      if (other.name == resolved.name) {
        return ValidationError("Duplicate identifiers in select clause: " + resolved.name);
      }
    }
    columns.push_back(std::move(resolved));
  }
  Targets targets(paths.elements());
  for (const Projection::Column& column : columns) {
    WEIR_RETURN_IF_ERROR(targets.Insert(Faults(ExpressionKind::kPartiql), column.path));
  }
  projection_ = Projection::OfColumns(paths.elements(), std::move(columns));
  return {};
}

void PartiqlStatement::BindOrder(const PartiqlSelect& select) {
  for (const PartiqlOrderKey& key : select.order) {
    const PartiqlNode& node = syntax_->nodes[key.node];
    const PartiqlToken& token = syntax_->Token(node);
    StatementOrder& term = order_.emplace_back(StatementOrder{token.text, key.descending, {}});
    if (node.type != Kind::kName) {
      const std::string_view type = node.type == Kind::kPath       ? "PATH"
                                    : node.type == Kind::kOperator ? token.word
                                                                   : std::string_view(token.text);
      term.fault = ValidationError(
          std::string("Argument to ORDER BY must be of type VariableReference. Type: ")
              .append(type)
              .append(AtPosition(token)));
    }
  }
}

Status PartiqlStatement::BindWrite(const PartiqlWrite& write, ListView parameters) {
  if (write.position != kNone) {
    return ValidationError("AT is not supported in insert statements." +
                           AtPosition(syntax_->tokens[write.position]));
  }
  WEIR_RETURN_IF_ERROR(BindReturning(write));
  PartiqlValues values(*syntax_, parameters);
  WEIR_RETURN_IF_ERROR(CheckParameters(values));
  if (write.type == PartiqlWriteType::kInsert) {
    WEIR_ASSIGN_OR_RETURN(item_, values.ItemOf(write.value));
    return {};
  }
  PartiqlPaths paths(*syntax_);
  if (write.type == PartiqlWriteType::kUpdate) {
    Result<UpdateTree> tree =
        PartiqlUpdateBuilder(*syntax_, paths, values).Build(write.assignments);
    if (!tree.ok()) {
      if (write.where != kNone) {  // faults in WHERE are reported first
        WEIR_RETURN_IF_ERROR(
            PartiqlConditionBuilder(*syntax_, paths, values).CheckTerms(write.where));
      }
      return std::move(tree).error();
    }
    update_ = Update::Of(std::move(tree).value());
  }
  if (write.where != kNone) {
    WEIR_ASSIGN_OR_RETURN(ConditionTree tree, BuildWhere(paths, values, write.where));
    where_ = Condition::Of(std::move(tree));
  }
  holders_ = values.TakeHolders();
  return {};
}

Status PartiqlStatement::BindReturning(const PartiqlWrite& write) {
  if (!write.returning.has_value()) {
    return {};
  }
  const PartiqlReturning& returning = *write.returning;
  if (returning.several) {
    return ValidationError("Invalid syntax with multiple returning elements in RETURNING clause");
  }
  if (!returning.star) {
    return ValidationError(
        "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
  }
  if (write.type == PartiqlWriteType::kInsert) {
    return ValidationError("RETURNING is not supported in INSERT");
  }
  if (write.type == PartiqlWriteType::kDelete && returning.what != "all_old") {
    return ValidationError("Invalid returning clause: RETURNING " + ReturningText(returning.what) +
                           " *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
  }
  returning_ = returning.what == "all_old"        ? StatementReturning::kAllOld
               : returning.what == "all_new"      ? StatementReturning::kAllNew
               : returning.what == "modified_old" ? StatementReturning::kModifiedOld
                                                  : StatementReturning::kModifiedNew;
  return {};
}

}  // namespace weir::expression
