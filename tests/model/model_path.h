// SPDX-License-Identifier: Apache-2.0
// Document paths of the model, and expressions' substitutions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/model/model_value.h"

namespace weir::model {

struct PathStep {
  std::string name;  // of an attribute or map member; of a list element empty
  std::size_t index = 0;

  [[nodiscard]] bool is_index() const { return name.empty(); }
  // The name, or the index in a form that sorts: "000007".
  [[nodiscard]] std::string Position() const;
  bool operator==(const PathStep&) const = default;
};

using Path = std::vector<PathStep>;

// What the path leads to in an item; null if nothing.
const Json* Find(const Json& item, const Path& path);

// What the paths lead to, each in its hierarchy; elements of lists close up.
Json Select(const Json& item, const std::vector<Path>& paths);

// Whether the service refuses to have both in one projection or update.
bool Clash(const Path& a, const Path& b);

// How conditions and updates are written.
enum class Notation { kExpression, kStatement };

// Collects a request's ExpressionAttributeNames and -Values while its expressions are written, or
// the Parameters of a PartiQL statement, in which names are quoted.
class Substitutions {
 public:
  explicit Substitutions(Notation notation = Notation::kExpression) : notation_(notation) {}

  [[nodiscard]] bool in_statement() const { return notation_ == Notation::kStatement; }
  // The path as an expression has it. Every `rename`-th name stands behind a placeholder.
  std::string Text(const Path& path, std::size_t rename);
  // A placeholder for the value.
  std::string Text(const Json& value);

  // Sets the two members of the request, if there is anything to put in.
  void AddTo(Json& request) const;
  // The same of a statement: sets `text`, and the values that it has placeholders for in the order
  // in which they stand there.
  void AddStatement(const std::string& text, Json& request) const;

 private:
  Notation notation_;
  Json names_ = Json::object();
  Json values_ = Json::object();
  std::size_t steps_ = 0;
};

}  // namespace weir::model
