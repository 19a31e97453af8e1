// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a PartiQL statement, before its names, values and parameters are resolved.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "expression/partiql_tokens.h"
#include "expression/syntax.h"

namespace weir::expression {

enum class PartiqlNodeType : std::uint8_t {
  kLiteral,    // token: a string, number, true, false, null or Ion text
  kMissing,    //
  kParameter,  // index: which parameter, from 0
  kName,       // token
  kPath,       // children: the root, then steps
  kNameStep,   // `.a`: token
  kIndexStep,  // `[..]`: a child
  kAnyStep,    // `.*`
  kEachStep,   // `[*]`
  kList,       // children; also `(a, b)`
  kBag,        // children
  kStruct,     // children: keys and values in turn
  kCall,       // token: the function; children: arguments
  kAggregate,  // token: the function; children: the argument, none for `*`
  kOperator,   // token: the operator; one to three children. AND and OR have two or more
  kIsType,     // token: the type; one child
  kSelect,     // index: in PartiqlSyntax::selects
  kWrite,      // index: in PartiqlSyntax::writes
};

struct PartiqlNode {
  PartiqlNodeType type = PartiqlNodeType::kMissing;
  bool negated = false;  // a number with a minus sign; or NOT IN, NOT BETWEEN, NOT LIKE, IS NOT
  std::uint32_t token = 0;
  std::uint32_t index = 0;
  std::uint32_t child = kNone;  // the first child
  std::uint32_t next = kNone;   // the next sibling
};

// What is read or written: `"table"."index"`.
struct PartiqlSource {
  std::uint32_t node = kNone;
  bool aliased = false;
  bool several = false;  // a join, UNPIVOT
};

struct PartiqlOrderKey {
  std::uint32_t node = kNone;
  bool descending = false;
};

// A clause that parses and is then refused.
struct PartiqlClause {
  std::string_view name;
  std::uint32_t token = kNone;
};

struct PartiqlSelect {
  std::uint32_t distinct = kNone;  // the token
  bool value = false;              // SELECT VALUE
  bool star = false;
  bool aliased = false;  // some column has an alias
  std::vector<std::uint32_t> columns;
  PartiqlSource source;
  std::uint32_t where = kNone;
  std::vector<PartiqlOrderKey> order;
  std::optional<PartiqlClause> unsupported;  // GROUP BY, HAVING, LIMIT
};

enum class PartiqlWriteType : std::uint8_t {
  kInsert,      // INSERT INTO t VALUE v
  kInsertMany,  // INSERT INTO t v, which is refused
  kUpdate,
  kDelete,
};

// `SET target = value`, or `REMOVE target`.
struct PartiqlAssignment {
  std::uint32_t target = kNone;
  std::uint32_t value = kNone;  // REMOVE has none
};

struct PartiqlReturning {
  std::string_view what;  // "all_old", "modified_new", ..
  bool star = false;
  bool several = false;
};

struct PartiqlWrite {
  PartiqlWriteType type = PartiqlWriteType::kUpdate;
  PartiqlSource source;
  std::vector<PartiqlAssignment> assignments;
  std::uint32_t value = kNone;     // of kInsert
  std::uint32_t position = kNone;  // INSERT .. AT: the token of INSERT
  std::uint32_t where = kNone;
  std::optional<PartiqlReturning> returning;
};

// Owns its tokens; may be moved.
struct PartiqlSyntax {
  std::vector<PartiqlToken> tokens;
  std::vector<PartiqlNode> nodes;
  std::vector<PartiqlSelect> selects;
  std::vector<PartiqlWrite> writes;
  std::uint32_t root = kNone;
  std::uint32_t parameters = 0;  // how many `?`

  [[nodiscard]] const PartiqlToken& Token(const PartiqlNode& node) const {
    return tokens[node.token];
  }
};

// Reads one statement. ValidationException for what does not follow the grammar, with the texts of
// the service's own parser (https://github.com/partiql/partiql-lang-kotlin), which has one grammar
// for expressions and statements: `a = 1` parses, and is refused later.
//
// What PartiQL has and DynamoDB's dialect does not (CASE, CAST, CREATE TABLE, ..) is an unexpected
// keyword here.
Result<PartiqlSyntax> ParsePartiql(std::string_view text);

}  // namespace weir::expression
