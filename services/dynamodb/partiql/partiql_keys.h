// SPDX-License-Identifier: Apache-2.0
// What the WHERE clause of a statement says about keys. Conditions are nodes of its tree, given by
// index.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/key.h"
#include "core/result.h"
#include "expression/condition.h"
#include "expression/key_condition.h"
#include "expression/partiql_statement.h"

namespace weir::dynamodb {

// The values that one condition leaves to a key attribute: those that it lists, or else a range.
// Borrows from the tree.
struct KeyTerm {
  std::vector<Value> values;                      // for `=` and IN
  std::optional<expression::KeyCondition> range;  // for all other operators that can find keys
};

// The conditions that must all hold: the operands of an AND, else `root` alone.
std::vector<std::uint32_t> Conjuncts(const expression::ConditionTree& tree, std::uint32_t root);

// The condition, if it compares the top-level attribute `name` with constants by an operator that
// can find keys; else nullopt. Does not check the types of the constants.
std::optional<KeyTerm> KeyTermOf(const expression::ConditionTree& tree, std::uint32_t node,
                                 std::string_view name);

// Whether a condition names the attribute anywhere.
bool Mentions(const expression::ConditionTree& tree, std::uint32_t node, std::string_view name);

// ValidationException: a value does not have the key attribute's type.
ApiError KeyTypeMismatch(const KeyAttribute& attribute);
// ValidationException unless the value is of the type that the key attribute has.
Status CheckKeyType(const KeyAttribute& attribute, Value value);

// A primary key that a WHERE clause names.
struct NamedKey {
  Item key;
  bool alone = false;  // the clause has no other condition
};

// The key of the one item that the statement's WHERE is about, given by `=` on each key attribute.
// nullopt if a key attribute has no such condition; for a SELECT also if one has two with different
// values, or if the clause has any other condition. In other statements two different values are a
// ValidationException. The types of the values are not checked.
Result<std::optional<NamedKey>> FindNamedKey(const expression::PartiqlStatement& statement,
                                             const KeySchema& schema);

// ValidationException unless the values of a named key have the types that `schema` gives them.
Status CheckKeyTypes(MapView key, const KeySchema& schema);

// ValidationException for an ORDER BY without WHERE, or for the first of its terms that is not the
// name of a key attribute. `sort_key` is empty if there is none. The service checks this once it
// has the table or index (observed on AWS).
Status CheckOrderTerms(const expression::PartiqlStatement& statement,
                       std::string_view partition_key, std::string_view sort_key);
// CheckOrderTerms for a table.
Status CheckOrderKeys(const expression::PartiqlStatement& statement, const KeySchema& schema);

}  // namespace weir::dynamodb
