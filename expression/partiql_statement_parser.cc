// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_statement_parser.h"

#include <string>
#include <utility>

#include "core/text.h"
#include "expression/fault.h"

namespace weir::expression {
PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseSelect() {
  const std::uint32_t token = cursor();
  Advance();
  PartiqlSelect select;
  if (AtWord("distinct")) {
    select.distinct = cursor();
    Advance();
  } else {
    AcceptWord("all");
  }
  WEIR_RETURN_IF_ERROR(ParseColumns(select));
  if (!AcceptWord("from")) {
    return MalformedStatement("Expected FROM after SELECT list");
  }
  WEIR_RETURN_IF_ERROR(ParseSource(kClause, select.source));
  WEIR_RETURN_IF_ERROR(ParseClauses(select));
  const std::uint32_t node = Add(PartiqlNodeType::kSelect, token);
  NodeAt(node).index = static_cast<std::uint32_t>(syntax_.selects.size());
  syntax_.selects.push_back(std::move(select));
  return node;
}

Status PartiqlStatementParser::ParseColumns(PartiqlSelect& select) {
  if (AcceptWord("value")) {
    select.value = true;
    WEIR_RETURN_IF_ERROR(ParseExpression());
    return {};
  }
  if (AtWord("from")) {
    return MalformedStatement(
        "Expected identifier or an expression but found unexpected keyword 'from' in a select "
        "list.");
  }
  std::size_t items = 0;
  do {
    ++items;
    if (Accept(Type::kStar)) {
      select.star = true;
      continue;
    }
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t column, ParseExpression());
    WEIR_RETURN_IF_ERROR(CheckWildcards(column));
    select.columns.push_back(column);
    PartiqlSource alias;
    WEIR_RETURN_IF_ERROR(ParseAlias("as", true, alias));
    select.aliased = select.aliased || alias.aliased;
  } while (Accept(Type::kComma));
  if (select.star && items > 1) {
    return MalformedStatement(
        "Other expressions may not be present in the select list when '*' is used without dot "
        "notation.");
  }
  return {};
}

// `a[*]` is not a column; `a.*` is one, if nothing follows it.
Status PartiqlStatementParser::CheckWildcards(std::uint32_t column) {
  if (NodeAt(column).type != PartiqlNodeType::kPath) {
    return {};
  }
  for (std::uint32_t step = NodeAt(column).child; step != kNone; step = NodeAt(step).next) {
    const PartiqlNode& node = NodeAt(step);
    if (node.type == PartiqlNodeType::kEachStep ||
        (node.type == PartiqlNodeType::kAnyStep && node.next != kNone)) {
      return MalformedStatement("Invalid use of * in select list");
    }
  }
  return {};
}

Status PartiqlStatementParser::ParseClauses(PartiqlSelect& select) {
  if (AcceptWord("where")) {
    const std::size_t begin = syntax_.nodes.size();
    WEIR_ASSIGN_OR_RETURN(select.where, ParseExpression(kClause));
    WEIR_RETURN_IF_ERROR(CheckOperators(begin));
  }
  if (AcceptWord("order")) {
    WEIR_RETURN_IF_ERROR(ParseOrder(select));
  }
  if (AcceptWord("group")) {
    AcceptWord("partial");
    if (!AcceptWord("by")) {
      return MalformedStatement("Expected BY");
    }
    do {
      WEIR_RETURN_IF_ERROR(ParseExpression(kClause));
    } while (Accept(Type::kComma));
    select.unsupported = PartiqlClause{"GROUP BY", kNone};
  }
  for (const auto& [word, name] :
       {std::pair<std::string_view, std::string_view>{"having", "HAVING"}, {"limit", "LIMIT"}}) {
    if (AcceptWord(word)) {
      WEIR_ASSIGN_OR_RETURN(const std::uint32_t operand, ParseExpression(kClause));
      if (!select.unsupported.has_value()) {
        select.unsupported = PartiqlClause{name, NodeAt(operand).token};
      }
    }
  }
  return {};
}

Status PartiqlStatementParser::ParseOrder(PartiqlSelect& select) {
  if (!AcceptWord("by")) {
    return MalformedStatement("Expected BY");
  }
  do {
    PartiqlOrderKey key;
    WEIR_ASSIGN_OR_RETURN(key.node, ParseExpression());
    if (AcceptWord("desc")) {
      key.descending = true;
    } else {
      AcceptWord("asc");
    }
    // Keys are never null, so NULLS FIRST and NULLS LAST have no effect. NULLS is not a keyword.
    if (Head().type == Type::kName && EqualsIgnoreCase(Head().text, "nulls")) {
      Advance();
      if (!AcceptWord("first") && !AcceptWord("last")) {
        return MalformedStatement("Expected FIRST OR LAST after NULLS");
      }
    }
    select.order.push_back(key);
  } while (Accept(Type::kComma));
  return {};
}

std::uint32_t PartiqlStatementParser::AddWrite(PartiqlWrite write, std::uint32_t token) {
  const std::uint32_t node = Add(PartiqlNodeType::kWrite, token);
  NodeAt(node).index = static_cast<std::uint32_t>(syntax_.writes.size());
  syntax_.writes.push_back(std::move(write));
  return node;
}

PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseInsert() {
  const std::uint32_t token = cursor();
  Advance();
  PartiqlWrite write;
  WEIR_ASSIGN_OR_RETURN(write.source.node, ParseSimplePath());
  if (!AcceptWord("value")) {
    // `INSERT INTO t <<..>>`: several items, which the dialect does not have.
    write.type = PartiqlWriteType::kInsertMany;
    AcceptWord("values");
    WEIR_RETURN_IF_ERROR(ParseExpression());
    return AddWrite(std::move(write), token);
  }
  write.type = PartiqlWriteType::kInsert;
  WEIR_ASSIGN_OR_RETURN(write.value, ParseExpression());
  if (AcceptWord("at")) {
    write.position = token;
    WEIR_RETURN_IF_ERROR(ParseExpression());
  }
  WEIR_RETURN_IF_ERROR(ParseReturning(write));
  return AddWrite(std::move(write), token);
}

PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseUpdate() {
  const std::uint32_t token = cursor();
  Advance();
  PartiqlWrite write;
  WEIR_ASSIGN_OR_RETURN(write.source.node, ParseSimplePath());
  WEIR_RETURN_IF_ERROR(ParseAliases(write.source));
  WEIR_RETURN_IF_ERROR(ParseActions(write));
  WEIR_RETURN_IF_ERROR(ParseWhere(write));
  WEIR_RETURN_IF_ERROR(ParseReturning(write));
  return AddWrite(std::move(write), token);
}

PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseDelete() {
  const std::uint32_t token = cursor();
  Advance();
  if (!AcceptWord("from")) {
    return MalformedStatement("Expected FROM after DELETE");
  }
  PartiqlWrite write;
  write.type = PartiqlWriteType::kDelete;
  WEIR_ASSIGN_OR_RETURN(write.source.node, ParseSimplePath());
  WEIR_RETURN_IF_ERROR(ParseAliases(write.source));
  WEIR_RETURN_IF_ERROR(ParseWhere(write));
  WEIR_RETURN_IF_ERROR(ParseReturning(write));
  return AddWrite(std::move(write), token);
}

// `FROM t WHERE c SET ..`, another way to write an UPDATE.
PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseFromFirst() {
  const std::uint32_t token = cursor();
  Advance();
  PartiqlWrite write;
  WEIR_RETURN_IF_ERROR(ParseSource(kTop, write.source));
  WEIR_RETURN_IF_ERROR(ParseWhere(write));
  WEIR_RETURN_IF_ERROR(ParseActions(write));
  WEIR_RETURN_IF_ERROR(ParseReturning(write));
  return AddWrite(std::move(write), token);
}

// `SET a = b` and `REMOVE a` without a table. That is reported after any fault in these actions.
PartiqlStatementParser::NodeResult PartiqlStatementParser::ParseActionsAlone() {
  const std::uint32_t token = cursor();
  PartiqlWrite write;
  write.source.several = true;
  WEIR_RETURN_IF_ERROR(ParseActions(write));
  WEIR_RETURN_IF_ERROR(ParseWhere(write));
  WEIR_RETURN_IF_ERROR(ParseReturning(write));
  return AddWrite(std::move(write), token);
}

// One or more of `SET a = b, ..` and `REMOVE a`.
Status PartiqlStatementParser::ParseActions(PartiqlWrite& write) {
  if (!AtWord("set") && !AtWord("remove") && !AtWord("insert_into")) {
    return MalformedStatement("Expected data manipulation");
  }
  for (;;) {
    if (AcceptWord("set")) {
      WEIR_RETURN_IF_ERROR(ParseSet(write));
    } else if (AcceptWord("remove")) {
      PartiqlAssignment removal;
      WEIR_ASSIGN_OR_RETURN(removal.target, ParseSimplePath());
      write.assignments.push_back(removal);
    } else if (AtWord("insert_into")) {
      return MalformedStatement("Unexpected keyword");
    } else {
      return {};
    }
  }
}

Status PartiqlStatementParser::ParseSet(PartiqlWrite& write) {
  do {
    PartiqlAssignment assignment;
    WEIR_ASSIGN_OR_RETURN(assignment.target, ParseSimplePath());
    if (!AcceptWord("=")) {
      return MalformedStatement("Expected '='");
    }
    const std::size_t begin = syntax_.nodes.size();
    WEIR_ASSIGN_OR_RETURN(assignment.value, ParseExpression());
    WEIR_RETURN_IF_ERROR(CheckOperators(begin));
    write.assignments.push_back(assignment);
  } while (Accept(Type::kComma));
  return {};
}

Status PartiqlStatementParser::ParseWhere(PartiqlWrite& write) {
  if (AcceptWord("where")) {
    const std::size_t begin = syntax_.nodes.size();
    WEIR_ASSIGN_OR_RETURN(write.where, ParseExpression());
    return CheckOperators(begin);
  }
  return {};
}

Status PartiqlStatementParser::ParseReturning(PartiqlWrite& write) {
  if (!AcceptWord("returning")) {
    return {};
  }
  do {
    PartiqlReturning returning;
    returning.what = Head().word;
    if (returning.what != "all_old" && returning.what != "all_new" &&
        returning.what != "modified_old" && returning.what != "modified_new") {
      return MalformedStatement(
          "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.");
    }
    Advance();
    returning.star = Accept(Type::kStar);
    if (!returning.star) {
      WEIR_ASSIGN_OR_RETURN(const std::uint32_t column, ParseExpression());
      const PartiqlNodeType type = NodeAt(column).type;
      if (type != PartiqlNodeType::kName && type != PartiqlNodeType::kPath &&
          type != PartiqlNodeType::kLiteral) {
        return MalformedStatement("Unsupported syntax in RETURNING columns.");
      }
    }
    returning.several = write.returning.has_value();
    write.returning = returning;
  } while (Accept(Type::kComma));
  return {};
}

Status PartiqlStatementParser::ParseAliases(PartiqlSource& source) {
  WEIR_RETURN_IF_ERROR(ParseAlias("as", true, source));
  WEIR_RETURN_IF_ERROR(ParseAlias("at", false, source));
  return ParseAlias("by", false, source);
}

Status PartiqlStatementParser::ParseAlias(std::string_view word, bool word_is_optional,
                                          PartiqlSource& source) {
  if (AcceptWord(word)) {
    if (!AtIdentifier()) {
      return MalformedStatement("Expected identifier for " +
                                std::string(word == "as"   ? "AS"
                                            : word == "at" ? "AT"
                                                           : "BY") +
                                "-alias");
    }
    source.aliased = true;
    Advance();
  } else if (word_is_optional && AtIdentifier()) {
    source.aliased = true;
    Advance();
  }
  return {};
}

Status PartiqlStatementParser::ParseSource(int precedence, PartiqlSource& source) {
  if (AcceptWord("unpivot")) {
    source.several = true;
  }
  WEIR_ASSIGN_OR_RETURN(source.node, ParseExpression(precedence));
  WEIR_RETURN_IF_ERROR(ParseAliases(source));
  return ParseJoins(precedence, source);
}

Status PartiqlStatementParser::ParseJoins(int precedence, PartiqlSource& source) {
  while (Head().type == Type::kComma || AtWord("join")) {
    const bool comma = Head().type == Type::kComma;
    source.several = true;
    Advance();
    PartiqlSource other;
    WEIR_RETURN_IF_ERROR(ParseExpression(precedence));
    WEIR_RETURN_IF_ERROR(ParseAliases(other));
    if (!comma && AcceptWord("on")) {
      WEIR_RETURN_IF_ERROR(ParseExpression(precedence));
    }
  }
  return {};
}

Status PartiqlStatementParser::CheckOperators(std::size_t begin) const {
  std::size_t operators = 0;
  for (std::size_t i = begin; i < syntax_.nodes.size(); ++i) {
    const PartiqlNode& node = syntax_.nodes[i];
    const bool is_operator = node.type == PartiqlNodeType::kOperator;
    if (!is_operator && node.type != PartiqlNodeType::kIsType &&
        node.type != PartiqlNodeType::kCall) {
      continue;
    }
    operators += node.negated ? 2 : 1;  // NOT IN, IS NOT, NOT BETWEEN count twice
    if (!is_operator) {
      continue;
    }
    if (const std::string_view word = syntax_.Token(node).word; word == "and" || word == "or") {
      std::uint32_t child = syntax_.nodes[node.child].next;
      while ((child = syntax_.nodes[child].next) != kNone) {
        ++operators;
      }
    }
  }
  if (operators > kMaxOperators) {
    return Faults(ExpressionKind::kPartiql).TooManyOperators(kMaxOperators + 1);
  }
  return {};
}

}  // namespace weir::expression
