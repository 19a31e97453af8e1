// SPDX-License-Identifier: Apache-2.0
// The substitutions of a request: ExpressionAttributeNames and ExpressionAttributeValues.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/text_layer.h"

namespace weir::expression {

// Resolves `#name` and `:value` and remembers which were used. One object serves all expressions of
// a request, so that CheckUnused() sees every use.
//
// Holds views only: names and values belong to the request, which must outlive this object and
// everything parsed with it. Not thread-safe.
class Placeholders {
 public:
  using NameList = std::span<const std::pair<std::string, std::string>>;

  // `names` in the order of the request; nullopt when the request has no such member. `values` is a
  // packed map whose names are the placeholders, colon included.
  Placeholders(std::optional<NameList> names, std::optional<MapView> values,
               TextLayer texts = TextLayer::kNewer);
  Placeholders() : Placeholders(std::nullopt, std::nullopt) {}

  // Which layer words the faults of the expressions.
  [[nodiscard]] TextLayer texts() const { return texts_; }

  // Checks the two maps themselves, in the service's order: names first, then values. To be called
  // before any expression is parsed. Fails with the service's ValidationException.
  [[nodiscard]] Status CheckKeys() const;

  // Checks that the expressions use every name and value. To be called after all expressions are
  // parsed. Fails with the service's ValidationException.
  [[nodiscard]] Status CheckUnused() const;

  [[nodiscard]] bool has_names() const { return has_names_; }
  [[nodiscard]] bool has_values() const { return has_values_; }

  // What `placeholder`, given with its `#` or `:`, stands for; nullopt if the request does not
  // define it. From now on it counts as used.
  std::optional<std::string_view> ResolveName(std::string_view placeholder);
  std::optional<Value> ResolveValue(std::string_view placeholder);

 private:
  struct NameEntry {
    std::string_view placeholder;
    std::string_view name;
    bool used;
  };
  struct ValueEntry {
    std::string_view placeholder;
    Value value;
    bool used;
  };

  [[nodiscard]] Status CheckNames() const;
  [[nodiscard]] Status CheckValues() const;

  std::vector<NameEntry> names_;    // in the order of the request
  std::vector<std::size_t> order_;  // positions in names_, ascending by placeholder
  std::vector<ValueEntry> values_;  // ascending by placeholder
  bool has_names_ = false;
  bool has_values_ = false;
  TextLayer texts_;
};

}  // namespace weir::expression
