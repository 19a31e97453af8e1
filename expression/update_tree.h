// SPDX-License-Identifier: Apache-2.0
// The parsed form of update expressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/value.h"
#include "expression/path.h"

namespace weir::expression {

enum class ActionType : std::uint8_t {
  kSet,
  kRemove,
  kAdd,
  kDelete,
};

enum class TermType : std::uint8_t {
  kPath,
  kValue,
  kPlus,
  kMinus,
  kIfNotExists,
  kListAppend,
};

// The value of an action, or a part of it. Operators and functions have two arguments, `left` and
// `right`, which come before them in UpdateTree::terms.
struct Term {
  TermType type = TermType::kPath;
  PathRange path;
  const char* value = nullptr;  // for kValue: where its packed form starts
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};

struct Action {
  ActionType type = ActionType::kSet;
  PathRange target;
  std::uint32_t term = 0;  // index in UpdateTree::terms; not used by REMOVE
};

// All parts of an update, in a few vectors, so that no node needs an allocation of its own.
struct UpdateTree {
  std::vector<Action> actions;
  std::vector<Term> terms;
  std::vector<PathElement> elements;

  [[nodiscard]] PathView Path(PathRange range) const {
    return std::span(elements).subspan(range.first, range.size);
  }
};

}  // namespace weir::expression
