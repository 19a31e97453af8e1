// SPDX-License-Identifier: Apache-2.0
// Updates of the model: a list of actions that is written as an expression, and that makes by
// itself the item that the expression should.
#pragma once

#include <string>
#include <vector>

#include "tests/model/model_path.h"

namespace weir::model {

// The right-hand side of an action.
struct Term {
  enum class Kind { kValue, kPath, kIfNotExists, kPlus, kMinus, kListAppend };
  Kind kind = Kind::kValue;
  Json value;               // of kValue
  Path path;                // of kPath and kIfNotExists
  std::vector<Term> terms;  // one of kIfNotExists, two of the last three

  [[nodiscard]] std::string Text(Substitutions& substitutions) const;
};

struct Action {
  enum class Kind { kSet, kRemove, kAdd, kDelete };
  Kind kind = Kind::kSet;
  Path target;
  Term term;  // REMOVE has none
};

// What an update makes of an item: `item`, null if nothing is there afterwards; or, when at least
// one of its actions cannot be done, the texts of which one has to be the answer.
struct Outcome {
  Json item;
  std::vector<std::string> faults;
};

struct Update {
  std::vector<Action> actions;

  // `before` is null when there is no item; the update then starts from `key`.
  [[nodiscard]] Outcome Apply(const Json& before, const Json& key) const;
  [[nodiscard]] std::string Text(Substitutions& substitutions) const;
  // The clauses of an UPDATE statement, which has none for a number that is added.
  [[nodiscard]] std::string StatementText(Substitutions& substitutions) const;
  [[nodiscard]] std::vector<Path> Targets() const;
};

}  // namespace weir::model
