// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_expression_parser.h"

#include <algorithm>
#include <string>

#include "expression/fault.h"
#include "expression/partiql_keywords.h"
#include "expression/partiql_statement_parser.h"

namespace weir::expression {
namespace {

// Weir's own bound on recursion: levels of parentheses, lists, maps and NOT. A value may have 32.
constexpr std::size_t kMaxPartiqlNesting = 200;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Status PartiqlExpressionParser::ParseText() {
  WEIR_ASSIGN_OR_RETURN(syntax_.root, ParseExpression());
  if (Accept(Type::kSemicolon) && Head().type != Type::kEnd) {
    return MalformedStatement("Unexpected token after semicolon. (Only one query is allowed.)");
  }
  if (Head().type != Type::kEnd) {
    return MalformedStatement("Unexpected token after expression");
  }
  if (!syntax_.writes.empty() && NodeAt(syntax_.root).type != PartiqlNodeType::kWrite) {
    return MalformedStatement("Unexpected term");  // a write cannot be an operand
  }
  return {};
}

int PartiqlExpressionParser::PrecedenceOf(const PartiqlToken& token) {
  if (token.type == Type::kStar) {
    return kProductLevel;
  }
  if (token.type != Type::kOperator) {
    return kNotBinary;
  }
  const std::string_view word = token.word;
  if (IsOneOf(word, {"union", "intersect", "except"})) {
    return kSetOperation;
  }
  if (word == "or") {
    return kOrLevel;
  }
  if (word == "and") {
    return kAndLevel;
  }
  if (IsOneOf(word, {"=", "<>", "is", "is_not", "in", "not_in"})) {
    return kEqualityLevel;
  }
  if (IsOneOf(word, {"<", "<=", ">", ">=", "between", "not_between", "like", "not_like"})) {
    return kComparisonLevel;
  }
  if (IsOneOf(word, {"+", "-", "||"})) {
    return kSumLevel;
  }
  return IsOneOf(word, {"/", "%"}) ? kProductLevel : kNotBinary;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseExpression(int precedence) {
  if (++parse_.depth > kMaxPartiqlNesting) {
    return MalformedStatement("The statement is nested too deeply");
  }
  NodeResult expression = ParseUnary();
  while (expression.ok() && PrecedenceOf(Head()) > std::max<int>(precedence, kNotBinary)) {
    expression = ParseInfix(expression.value());
  }
  --parse_.depth;
  return expression;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseInfix(std::uint32_t left) {
  const std::string_view word = Head().word;
  if (IsOneOf(word, {"is", "is_not"})) {
    return ParseIsType(left);
  }
  if (IsOneOf(word, {"in", "not_in"})) {
    return ParseIn(left);
  }
  if (IsOneOf(word, {"between", "not_between"})) {
    return ParseBetween(left);
  }
  if (IsOneOf(word, {"like", "not_like"})) {
    return ParseLike(left);
  }
  const std::uint32_t token = cursor();
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t right, ParseRight(PrecedenceOf(Head())));
  // `a AND b AND c` is one node, whose depth does not grow with its length.
  if (word == "and" || word == "or") {
    const PartiqlNode& node = NodeAt(left);
    if (node.type == PartiqlNodeType::kOperator && syntax_.Token(node).word == word) {
      std::uint32_t last = node.child;
      while (NodeAt(last).next != kNone) {
        last = NodeAt(last).next;
      }
      NodeAt(last).next = right;
      return left;
    }
  }
  NodeAt(left).next = right;
  return Add(PartiqlNodeType::kOperator, token, left);
}

// Parses the operand after the operator at the cursor.
PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseRight(int precedence) {
  if (Ahead(1).type == Type::kEnd) {
    return MalformedStatement("Missing right-hand side expression of infix operator");
  }
  Advance();
  return ParseExpression(precedence);
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseIsType(std::uint32_t left) {
  const bool negated = AtWord("is_not");
  Advance();
  if (PartiqlTypeName(Head().word).empty()) {
    return MalformedStatement("Expected type name");
  }
  const std::uint32_t node = Add(PartiqlNodeType::kIsType, cursor(), left);
  NodeAt(node).negated = negated;
  Advance();
  return node;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseIn(std::uint32_t left) {
  const std::uint32_t token = cursor();
  const bool negated = AtWord("not_in");
  std::uint32_t right = kNone;
  if (Ahead(1).type == Type::kLeftParenthesis && Ahead(2).word != "select") {
    Advance();
    Advance();
    WEIR_ASSIGN_OR_RETURN(
        right, ParseSequence(PartiqlNodeType::kList, Type::kRightParenthesis, "RIGHT_PAREN"));
  } else {
    WEIR_ASSIGN_OR_RETURN(right, ParseRight(kEqualityLevel));
  }
  NodeAt(left).next = right;
  const std::uint32_t node = Add(PartiqlNodeType::kOperator, token, left);
  NodeAt(node).negated = negated;
  return node;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseBetween(std::uint32_t left) {
  const std::uint32_t token = cursor();
  const bool negated = AtWord("not_between");
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t lower, ParseRight(kComparisonLevel));
  WEIR_RETURN_IF_ERROR(ExpectWord("and"));
  if (Head().type == Type::kEnd || Head().type == Type::kSemicolon) {
    return MalformedStatement("Expected expression after AND");
  }
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t upper, ParseExpression(kComparisonLevel));
  NodeAt(left).next = lower;
  NodeAt(lower).next = upper;
  const std::uint32_t node = Add(PartiqlNodeType::kOperator, token, left);
  NodeAt(node).negated = negated;
  return node;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseLike(std::uint32_t left) {
  const std::uint32_t token = cursor();
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t right, ParseRight(kComparisonLevel));
  if (AtWord("escape")) {
    WEIR_RETURN_IF_ERROR(ParseRight(kComparisonLevel));
  }
  NodeAt(left).next = right;
  return Add(PartiqlNodeType::kOperator, token, left);
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseUnary() {
  const std::uint32_t token = cursor();
  const std::string_view word = Head().word;
  if (Head().type == Type::kOperator && word == "not") {
    return ParseNot();
  }
  if (Head().type != Type::kOperator || !IsOneOf(word, {"+", "-"})) {
    return ParsePath();
  }
  if (++parse_.depth > kMaxPartiqlNesting) {
    return MalformedStatement("The statement is nested too deeply");
  }
  Advance();
  NodeResult operand = ParseUnary();
  --parse_.depth;
  if (!operand.ok()) {
    return operand;
  }
  PartiqlNode& node = NodeAt(operand.value());
  // A sign before a number is part of the number.
  if (node.type == PartiqlNodeType::kLiteral && syntax_.Token(node).type == Type::kNumber) {
    node.negated = node.negated != (word == "-");
    return operand;
  }
  return Add(PartiqlNodeType::kOperator, token, operand.value());
}

// `NOT NOT a`: any number of NOTs, which do not count as nesting, since the service reports too
// many operators before too deep nesting (observed on AWS).
PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseNot() {
  const std::uint32_t first = cursor();
  while (Head().type == Type::kOperator && AtWord("not")) {
    Advance();
  }
  const std::uint32_t end = cursor();
  WEIR_ASSIGN_OR_RETURN(std::uint32_t operand, ParseExpression(kNotLevel));
  for (std::uint32_t token = end; token > first; --token) {
    operand = Add(PartiqlNodeType::kOperator, token - 1, operand);
  }
  return operand;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParsePath() {
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t term, ParseTerm());
  return ParseSteps(term, false);
}

// A path of names and literal indices.
PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseSimplePath() {
  if (!AtIdentifier()) {
    return MalformedStatement("Expected identifier for simple path");
  }
  const std::uint32_t name = Add(PartiqlNodeType::kName, cursor());
  Advance();
  return ParseSteps(name, true);
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseSteps(std::uint32_t root,
                                                                        bool simple) {
  std::uint32_t path = kNone;
  std::uint32_t last = root;
  while (Head().type == Type::kDot || Head().type == Type::kLeftBracket) {
    const bool dot = Head().type == Type::kDot;
    Advance();
    std::uint32_t step = kNone;
    if (dot && AtIdentifier()) {
      step = Add(PartiqlNodeType::kNameStep, cursor());
      Advance();
    } else if (Head().type == Type::kStar) {
      if (simple) {
        return MalformedStatement(dot ? "Invalid path dot component for simple path"
                                      : "Invalid path component for simple path");
      }
      step = Add(dot ? PartiqlNodeType::kAnyStep : PartiqlNodeType::kEachStep, cursor());
      Advance();
    } else if (dot) {
      return MalformedStatement("Invalid path dot component");
    } else {
      const std::uint32_t bracket = cursor();
      WEIR_ASSIGN_OR_RETURN(const std::uint32_t index, ParseExpression());
      step = Add(PartiqlNodeType::kIndexStep, bracket, index);
    }
    if (!dot) {
      WEIR_RETURN_IF_ERROR(Expect(Type::kRightBracket, "RIGHT_BRACKET"));
    }
    if (NodeAt(step).type == PartiqlNodeType::kIndexStep) {
      const PartiqlNodeType type = NodeAt(NodeAt(step).child).type;
      if (simple && type != PartiqlNodeType::kLiteral && type != PartiqlNodeType::kName) {
        return MalformedStatement("Invalid path component for simple path");
      }
    }
    if (path == kNone) {
      path = Add(PartiqlNodeType::kPath, NodeAt(root).token, root);
    }
    NodeAt(last).next = step;
    last = step;
  }
  return path == kNone ? root : path;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseTerm() {
  const std::uint32_t token = cursor();
  switch (Head().type) {
    case Type::kOperator:
      if (AtWord("@") && AtIdentifier(1)) {
        Advance();
        Advance();
        return Add(PartiqlNodeType::kName, token + 1);
      }
      return MalformedStatement(AtWord("@") ? "Identifier must follow @-operator"
                                            : "Unexpected operator");
    case Type::kKeyword:
      return ParseKeywordTerm();
    case Type::kLeftParenthesis:
      Advance();
      return ParseGroup();
    case Type::kLeftBracket:
      Advance();
      return ParseSequence(PartiqlNodeType::kList, Type::kRightBracket, "RIGHT_BRACKET");
    case Type::kLeftAngles:
      Advance();
      return ParseSequence(PartiqlNodeType::kBag, Type::kRightAngles, "RIGHT_DOUBLE_ANGLE_BRACKET");
    case Type::kLeftBrace:
      Advance();
      return ParseStruct();
    case Type::kName:
    case Type::kQuotedName:
      if (Ahead(1).type == Type::kLeftParenthesis) {
        return ParseCall();
      }
      Advance();
      return Add(PartiqlNodeType::kName, token);
    case Type::kParameter: {
      Advance();
      const std::uint32_t node = Add(PartiqlNodeType::kParameter, token);
      NodeAt(node).index = syntax_.parameters++;
      return node;
    }
    case Type::kMissing:
      Advance();
      return Add(PartiqlNodeType::kMissing, token);
    case Type::kString:
    case Type::kNumber:
    case Type::kIon:
    case Type::kTrue:
    case Type::kFalse:
    case Type::kNull:
      Advance();
      return Add(PartiqlNodeType::kLiteral, token);
    default:
      return MalformedStatement("Unexpected term");
  }
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseKeywordTerm() {
  if (AtWord("select")) {
    return PartiqlStatementParser(parse_, *this).ParseSelect();
  }
  if (AtWord("insert_into")) {
    return PartiqlStatementParser(parse_, *this).ParseInsert();
  }
  if (AtWord("update")) {
    return PartiqlStatementParser(parse_, *this).ParseUpdate();
  }
  if (AtWord("delete")) {
    return PartiqlStatementParser(parse_, *this).ParseDelete();
  }
  if (AtWord("from")) {
    return PartiqlStatementParser(parse_, *this).ParseFromFirst();
  }
  if (AtWord("set") || AtWord("remove")) {
    return cursor() == 0 ? PartiqlStatementParser(parse_, *this).ParseActionsAlone()
                         : MalformedStatement("Expected data manipulation");
  }
  if (IsPartiqlFunctionKeyword(Head().word) && Ahead(1).type == Type::kLeftParenthesis) {
    return ParseCall();
  }
  return MalformedStatement("Unexpected keyword");
}

// Parses what stands after an opening parenthesis: an expression, or a list.
PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseGroup() {
  WEIR_ASSIGN_OR_RETURN(
      const std::uint32_t list,
      ParseSequence(PartiqlNodeType::kList, Type::kRightParenthesis, "RIGHT_PAREN"));
  const std::uint32_t first = NodeAt(list).child;
  return NodeAt(first).next == kNone ? first : list;
}

// Parses the elements of a list or bag, after the opening sign. Only `[]` and `<<>>` may be empty.
PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseSequence(
    PartiqlNodeType type, Type end, std::string_view end_name) {
  const std::uint32_t sequence = Add(type, cursor() - 1);
  if (end != Type::kRightParenthesis && Accept(end)) {
    return sequence;
  }
  WEIR_RETURN_IF_ERROR(ParseElements(sequence));
  WEIR_RETURN_IF_ERROR(Expect(end, end_name));
  return sequence;
}

Status PartiqlExpressionParser::ParseElements(std::uint32_t parent) {
  std::uint32_t last = kNone;
  do {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t element, ParseExpression());
    Append(parent, last, element);
  } while (Accept(Type::kComma));
  return {};
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseStruct() {
  const std::uint32_t node = Add(PartiqlNodeType::kStruct, cursor() - 1);
  if (Accept(Type::kRightBrace)) {
    return node;
  }
  std::uint32_t last = kNone;
  do {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t key, ParseExpression());
    Append(node, last, key);
    WEIR_RETURN_IF_ERROR(Expect(Type::kColon, "COLON"));
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t value, ParseExpression());
    Append(node, last, value);
  } while (Accept(Type::kComma));
  WEIR_RETURN_IF_ERROR(Expect(Type::kRightBrace, "RIGHT_CURLY"));
  return node;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseCall() {
  const std::uint32_t name = cursor();
  Advance();
  Advance();
  if (IsOneOf(syntax_.tokens[name].word, {"avg", "count", "max", "min", "sum"})) {
    return ParseAggregate(name);
  }
  const std::uint32_t call = Add(PartiqlNodeType::kCall, name);
  if (Accept(Type::kRightParenthesis)) {
    return call;
  }
  if (Head().type == Type::kStar) {
    return MalformedStatement(syntax_.tokens[name].text + "(*) is not allowed");
  }
  WEIR_RETURN_IF_ERROR(ParseElements(call));
  WEIR_RETURN_IF_ERROR(Expect(Type::kRightParenthesis, "RIGHT_PAREN"));
  return call;
}

PartiqlExpressionParser::NodeResult PartiqlExpressionParser::ParseAggregate(std::uint32_t name) {
  constexpr std::string_view kUnary = "Aggregate functions are always unary";
  const std::uint32_t call = Add(PartiqlNodeType::kAggregate, name);
  if (Head().type == Type::kRightParenthesis) {
    return MalformedStatement(kUnary);
  }
  if (syntax_.tokens[name].word == "count" && Accept(Type::kStar)) {
    WEIR_RETURN_IF_ERROR(Expect(Type::kRightParenthesis, "RIGHT_PAREN"));
    return call;
  }
  if (!AcceptWord("distinct")) {
    AcceptWord("all");
  }
  WEIR_RETURN_IF_ERROR(ParseElements(call));
  WEIR_RETURN_IF_ERROR(Expect(Type::kRightParenthesis, "RIGHT_PAREN"));
  if (NodeAt(NodeAt(call).child).next != kNone) {
    return MalformedStatement(kUnary);
  }
  return call;
}

}  // namespace weir::expression
