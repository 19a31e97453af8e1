// SPDX-License-Identifier: Apache-2.0
// Random values, paths and expressions that the service accepts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/model_condition.h"
#include "tests/model/model_update.h"

namespace weir::model {

// The same seed gives the same sequence on every machine. Attributes are called f1 to f8. Each
// mostly has its own type, so that most operators find operands that they take. Values come from
// small pools, so that many are equal.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  // 0..count-1
  std::size_t Below(std::size_t count) { return random_() % count; }
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }
  std::string Pick(std::initializer_list<std::string_view> from) {
    return std::string(from.begin()[Below(from.size())]);
  }

  // Makes half of the paths from now on lead to values in this item, if it has any, and makes the
  // values in expressions often those that it has there. Null for no item.
  void LookAt(const Json& item);

  // A value of that type. Numbers are spelled in all ways in which a client may spell them.
  Json ValueOf(const std::string& type);
  // The attributes of an item, without a key.
  Json Attributes();

  Path AnyPath();
  // Up to four paths for one projection.
  std::vector<Path> Projection();
  Condition AnyCondition(std::size_t depth);
  // A condition on the sort key `name` of that type. A key condition may contain it.
  Condition SortCondition(const std::string& name, const std::string& type);
  Update AnyUpdate();

 private:
  Json AnyValue(std::size_t depth);
  Json Scalar();
  Json TypicalValue(std::size_t attribute);
  // The value that the item has at the path, if that is of one of the types; now and then, and if
  // it is not, one made by `other`.
  template <class Other>
  Json SeenValue(const Path& path, const std::vector<std::string>& types, Other other);
  Path PathTo(std::size_t attribute);
  Path OtherPath(const Path& path);
  Operand PathOperand(const Path& path) { return {Operand::Kind::kPath, path, {}}; }
  Operand ValueOperand(const Json& value) { return {Operand::Kind::kValue, {}, value}; }
  Condition Comparison();
  Condition Between(const Path& path, const std::string& type);
  Condition In();
  Condition Function();
  Term AnyTerm();
  Term TermOf(const std::string& type);
  Action AnyAction();

  std::mt19937_64 random_;
  Json item_ = Json::object();
  std::vector<Path> paths_;  // the paths to values in item_
};

}  // namespace weir::model
