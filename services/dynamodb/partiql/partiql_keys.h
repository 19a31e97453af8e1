// SPDX-License-Identifier: Apache-2.0
// What the WHERE clause of a statement says about keys.
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

// What one condition on a key attribute leaves of its values: those that it names, or a range.
struct KeyTerm {
  std::vector<Value> values;                      // of `=` and IN
  std::optional<expression::KeyCondition> range;  // of all others that keys can be found by
};

// The conditions of which all must hold: the operands of AND, or the one condition there is.
std::vector<std::uint32_t> Conjuncts(const expression::ConditionTree& tree, std::uint32_t root);

// The condition as one on the top-level attribute `name`, compared with constants; none if it is
// any other.
std::optional<KeyTerm> KeyTermOf(const expression::ConditionTree& tree, std::uint32_t node,
                                 std::string_view name);

// Whether a condition names the attribute anywhere.
bool Mentions(const expression::ConditionTree& tree, std::uint32_t node, std::string_view name);

// A value of a type that the key attribute does not have.
ApiError KeyTypeMismatch(const KeyAttribute& attribute);
// ValidationException unless the value is of the type that the key attribute has.
Status CheckKeyType(const KeyAttribute& attribute, Value value);

// A primary key that a WHERE clause names.
struct NamedKey {
  Item key;
  bool alone = false;  // the clause says nothing else
};

// The key of the one item that the statement's WHERE is about: `=` on each key attribute. None if
// there is no such condition on one of them, or, of a SELECT, if there are two or it says more.
// ValidationException for two in another statement. The values may be of types that no key has.
Result<std::optional<NamedKey>> FindNamedKey(const expression::PartiqlStatement& statement,
                                             const KeySchema& schema);

// ValidationException unless the values of a named key have the types of the table's.
Status CheckKeyTypes(MapView key, const KeySchema& schema);

// ValidationException for an ORDER BY without WHERE, and, from left to right, for what in it is not
// a name or not that of a key attribute; `sort_key` is empty where there is none. The service looks
// at this once it has the table or index (observed on AWS).
Status CheckOrderTerms(const expression::PartiqlStatement& statement,
                       std::string_view partition_key, std::string_view sort_key);
// CheckOrderTerms for a table.
Status CheckOrderKeys(const expression::PartiqlStatement& statement, const KeySchema& schema);

}  // namespace weir::dynamodb
