// SPDX-License-Identifier: Apache-2.0
// Conditions of the model: a tree that can be written as an expression, and that can be evaluated
// without Weir's code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/model/model_path.h"

namespace weir::model {

struct Operand {
  enum class Kind { kPath, kValue, kSize };
  Kind kind = Kind::kPath;
  Path path;   // of kPath, and of the argument of size()
  Json value;  // of kValue

  // The value that the operand has in an item; nullopt if the item has none.
  [[nodiscard]] std::optional<Json> In(const Json& item) const;
  [[nodiscard]] std::string Text(Substitutions& substitutions) const;
};

struct Condition {
  enum class Kind { kAnd, kOr, kNot, kCompare, kBetween, kIn, kFunction };
  Kind kind = Kind::kCompare;
  std::string word;                 // the comparator, or the function's name
  std::vector<Condition> children;  // of kAnd, kOr, kNot
  std::vector<Operand> operands;    // of the others

  [[nodiscard]] bool Holds(const Json& item) const;
  [[nodiscard]] std::string Text(Substitutions& substitutions) const;
};

}  // namespace weir::model
