// SPDX-License-Identifier: Apache-2.0
// The model's document paths, and the placeholders of its expressions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/model/model_value.h"

namespace weir::model {

struct PathStep {
  std::string name;  // of an attribute or map member; empty for a list element
  std::size_t index = 0;

  [[nodiscard]] bool is_index() const { return name.empty(); }
  // The name, or the index in a form that sorts: "000007".
  [[nodiscard]] std::string Position() const;
  bool operator==(const PathStep&) const = default;
};

using Path = std::vector<PathStep>;

// The value that the path leads to in an item; nullptr if there is none.
const Json* Find(const Json& item, const Path& path);

// The part of the item that the paths lead to: the values stay in their maps and lists, whose
// elements close up.
Json Select(const Json& item, const std::vector<Path>& paths);

// Whether the service refuses the two paths in one projection or update.
bool Clash(const Path& a, const Path& b);

// In which language conditions and updates are written: expressions or PartiQL.
enum class Notation { kExpression, kStatement };

// Collects a request's ExpressionAttributeNames and ExpressionAttributeValues while its expressions
// are written. For a PartiQL statement, where names are quoted, it collects the Parameters.
class Substitutions {
 public:
  explicit Substitutions(Notation notation = Notation::kExpression) : notation_(notation) {}

  [[nodiscard]] bool in_statement() const { return notation_ == Notation::kStatement; }
  // The path as an expression has it. One name in `rename` is written as a placeholder.
  std::string Text(const Path& path, std::size_t rename);
  // A placeholder for the value.
  std::string Text(const Json& value);

  // Sets ExpressionAttributeNames and ExpressionAttributeValues of the request, each unless it is
  // empty.
  void AddTo(Json& request) const;
  // Sets the statement `text` in the request, and the Parameters for its placeholders, in the order
  // in which these stand in the text.
  void AddStatement(const std::string& text, Json& request) const;

 private:
  Notation notation_;
  Json names_ = Json::object();
  Json values_ = Json::object();
  std::size_t steps_ = 0;
};

}  // namespace weir::model
