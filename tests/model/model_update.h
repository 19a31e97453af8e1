// SPDX-License-Identifier: Apache-2.0
// Updates of the model: a list of actions that can be written as an expression, and that can be
// applied to an item without Weir's code.
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

// The outcome of an update: either `item`, the item afterwards (null for none), or `faults`, if
// actions failed. The service must answer with one of these texts.
struct Outcome {
  Json item;
  std::vector<std::string> faults;
};

struct Update {
  std::vector<Action> actions;

  // `before` is null if there is no item. The update then starts from `key`.
  [[nodiscard]] Outcome Apply(const Json& before, const Json& key) const;
  [[nodiscard]] std::string Text(Substitutions& substitutions) const;
  // The clauses of an UPDATE statement. It has none that adds to a number, so there must be no such
  // ADD.
  [[nodiscard]] std::string StatementText(Substitutions& substitutions) const;
  [[nodiscard]] std::vector<Path> Targets() const;
};

}  // namespace weir::model
