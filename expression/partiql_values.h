// SPDX-License-Identifier: Apache-2.0
// The names and constants of a PartiQL statement, as paths and packed values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "core/value.h"
#include "core/value_writer.h"
#include "expression/partiql_syntax.h"
#include "expression/path.h"

namespace weir::expression {

// " at 1:8:5"
std::string AtPosition(const PartiqlToken& token);

// What the service calls the kind of expression that `node` is: "Lit", "Eq", "CallAgg".
std::string_view PartiqlNodeName(const PartiqlSyntax& syntax, const PartiqlNode& node);

// Makes values of literals and parameters. Keeps the values of literals; borrows those of
// parameters.
class PartiqlValues {
 public:
  // `syntax` must outlive this object.
  PartiqlValues(const PartiqlSyntax& syntax, ListView parameters)
      : syntax_(syntax), parameters_(parameters.begin(), parameters.end()) {}

  // Whether there are values for all parameters of the statement. Surplus values are accepted.
  [[nodiscard]] bool HasAllParameters() const { return parameters_.size() >= syntax_.parameters; }

  [[nodiscard]] static bool IsConstant(const PartiqlNode& node);

  // The value of a constant, which lives as long as the parameters and what TakeHolders() returns.
  // ValidationException if no attribute can have such a value.
  Result<Value> Constant(std::uint32_t node);
  // A string value of `text`, which is not from the statement. Lives as long as what TakeHolders()
  // returns.
  Value Text(std::string_view text);
  // The item that INSERT writes. ValidationException if `node` is not a struct, or no item can have
  // such attributes.
  Result<Item> ItemOf(std::uint32_t node);

  [[nodiscard]] std::vector<Item> TakeHolders() { return std::move(holders_); }

 private:
  // Where a value stands in the constant that it is part of.
  struct Place {
    std::string path = "root";
    std::size_t depth = 0;
    std::string_view attribute = {};  // of the item that an INSERT writes

    // The path with the attribute in it, as some messages name the place.
    [[nodiscard]] std::string FullPath() const {
      constexpr std::string_view kRoot = "root";
      return attribute.empty()
                 ? path
                 : std::string(kRoot).append(".").append(attribute).append(path, kRoot.size());
    }
  };

  Status Write(std::uint32_t node, const Place& place);
  [[nodiscard]] std::string DeepestPath(const PartiqlNode& node, const Place& place) const;
  Status WriteLiteral(const PartiqlNode& node, const Place& place);
  Status WriteList(const PartiqlNode& node, const Place& place);
  Status WriteStruct(const PartiqlNode& node, const Place& place);
  Status WriteBag(const PartiqlNode& node, const Place& place);
  Status WriteNumberSet(const std::vector<std::string>& numbers,
                        const std::vector<std::string>& texts, const Place& place);
  Status WriteStringSet(const std::vector<std::string_view>& strings);
  Result<std::string_view> KeyOf(std::uint32_t node, const Place& place) const;
  Value Keep(Item holder);
  [[nodiscard]] ApiError Unsupported(const PartiqlNode& node, const Place& place) const;

  const PartiqlSyntax& syntax_;
  std::vector<Value> parameters_;
  std::vector<Item> holders_;
  ValueWriter writer_;
};

// Paths: `a.b[0]`, `"a"['b']`.
class PartiqlPaths {
 public:
  explicit PartiqlPaths(const PartiqlSyntax& syntax) : syntax_(syntax) {}

  [[nodiscard]] static bool IsPath(const PartiqlNode& node) {
    return node.type == PartiqlNodeType::kName || node.type == PartiqlNodeType::kPath;
  }

  Result<PathRange> Resolve(std::uint32_t node);

  [[nodiscard]] const std::vector<PathElement>& elements() const { return elements_; }
  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }

 private:
  Status AddName(const PartiqlToken& token);
  Status AddStep(const PartiqlNode& step);
  Status AddIndex(const PartiqlNode& index);

  const PartiqlSyntax& syntax_;
  std::vector<PathElement> elements_;
};

}  // namespace weir::expression
