// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_generator.h"

#include <algorithm>
#include <utility>

namespace weir::model {
namespace {

constexpr std::size_t kAttributes = 8;
constexpr std::size_t kDepth = 2;
constexpr std::size_t kDeepestPath = 3;
constexpr std::size_t kMaxElements = 4;

Json Tagged(const std::string& type, Json content) {
  Json value = Json::object();
  value[type] = std::move(content);
  return value;
}

std::string NameOf(std::size_t attribute) {
  return "f" + std::to_string(attribute + 1);
}

bool IsAttribute(const std::string& name) {
  return name.starts_with('f');
}

// Adds `path`, which leads to `value`, and the paths to everything within it to `paths`.
void CollectPaths(const Json& value, Path& path, std::vector<Path>& paths) {
  paths.push_back(path);
  if (path.size() > kDeepestPath) {
    return;
  }
  if (value.contains("M")) {
    for (const auto& [name, member] : value["M"].items()) {
      path.push_back({name, 0});
      CollectPaths(member, path, paths);
      path.pop_back();
    }
  } else if (value.contains("L")) {
    for (std::size_t i = 0; i < value["L"].size(); ++i) {
      path.push_back({"", i});
      CollectPaths(value["L"][i], path, paths);
      path.pop_back();
    }
  }
}

const std::vector<std::string> kAllTypes = {"S",  "N", "B", "SS",   "NS",
                                            "BS", "L", "M", "BOOL", "NULL"};

}  // namespace

void Generator::LookAt(const Json& item) {
  item_ = item.is_null() ? Json::object() : item;
  paths_.clear();
  for (const auto& [name, value] : item_.items()) {
    if (IsAttribute(name)) {
      Path path = {{name, 0}};
      CollectPaths(value, path, paths_);
    }
  }
}

template <class Other>
Json Generator::SeenValue(const Path& path, const std::vector<std::string>& types, Other other) {
  const Json* seen = Find(item_, path);
  const bool fits =
      seen != nullptr && std::find(types.begin(), types.end(), TypeOf(*seen)) != types.end();
  return fits && !OneIn(3) ? *seen : other();
}

Json Generator::ValueOf(const std::string& type) {
  if (type == "S") {
    return Tagged("S", Pick({"", "a", "b", "ab", "abc", "b\xC3\xA9", "\xF0\x9F\x98\x80"}));
  }
  if (type == "N") {
    return Tagged("N", Pick({"0", "-0", "1", "1.0", "-1", "2", "2.50", "25e-1", "10", "1E1", "+3",
                             ".5", "-7.25", "100", "0.001", "123456789012345678901234567890.5",
                             "99999999999999999999999999999999999999", "1e120", "-1e-120"}));
  }
  if (type == "B") {
    return Tagged("B", EncodeBase64(Pick({"", "a", "ab", std::string_view("\0", 1), "\xFF", "b"})));
  }
  if (type == "BOOL") {
    return Tagged("BOOL", OneIn(2));
  }
  if (type == "NULL") {
    return Tagged("NULL", true);
  }
  if (type == "L" || type == "M") {
    Json content = type == "L" ? Json::array() : Json::object();
    for (std::size_t left = Below(kMaxElements); left > 0; --left) {
      if (type == "L") {
        content.push_back(AnyValue(1));
      } else {
        content[NameOf(Below(kAttributes))] = AnyValue(1);
      }
    }
    return Tagged(type, content);
  }
  // A set. The service refuses equal elements, even if they are spelled differently.
  Json elements = Json::array();
  std::vector<Json> seen;
  for (std::size_t left = 1 + Below(kMaxElements); left > 0; --left) {
    const Json element = ValueOf(type.substr(0, 1));
    if (std::find(seen.begin(), seen.end(), Canonical(element)) == seen.end()) {
      seen.push_back(Canonical(element));
      elements.push_back(ContentOf(element));
    }
  }
  return Tagged(type, elements);
}

Json Generator::Scalar() {
  return ValueOf(Pick({"S", "N", "N", "B", "BOOL", "NULL"}));
}

Json Generator::AnyValue(std::size_t depth) {
  if (depth == 0 || OneIn(2)) {
    return Scalar();
  }
  const std::string type = Pick({"SS", "NS", "BS", "L", "M"});
  if (type != "L" && type != "M") {
    return ValueOf(type);
  }
  Json content = type == "L" ? Json::array() : Json::object();
  for (std::size_t left = Below(kMaxElements); left > 0; --left) {
    const Json child = AnyValue(depth - 1);
    if (type == "L") {
      content.push_back(child);
    } else {
      content[NameOf(Below(kAttributes))] = child;
    }
  }
  return Tagged(type, content);
}

Json Generator::TypicalValue(std::size_t attribute) {
  static const std::vector<std::string> types = {"N", "S", "L", "M", "SS", "NS", "", "BS"};
  const std::string& type = types[attribute];
  return type.empty() || OneIn(8) ? AnyValue(kDepth) : ValueOf(type);
}

Json Generator::Attributes() {
  Json item = Json::object();
  for (std::size_t attribute = 0; attribute < kAttributes; ++attribute) {
    if (!OneIn(3)) {
      item[NameOf(attribute)] = TypicalValue(attribute);
    }
  }
  if (OneIn(20)) {  // more than one write unit, now and then more than one read unit
    item["f2"] = Tagged("S", std::string(1000 * (1 + Below(5)), 'x'));
  }
  return item;
}

Path Generator::PathTo(std::size_t attribute) {
  Path path = {{NameOf(attribute), 0}};
  const bool is_list = attribute == 2;
  const bool is_map = attribute == 3;
  while (path.size() <= kDepth && !OneIn(is_list || is_map ? 3 : 8)) {
    const bool index = path.size() == 1 ? is_list : OneIn(2);
    path.push_back(index ? PathStep{"", Below(kMaxElements + 2)}
                         : PathStep{NameOf(Below(kAttributes)), 0});
    if (!is_list && !is_map) {
      break;
    }
  }
  return path;
}

Path Generator::AnyPath() {
  return !paths_.empty() && OneIn(2) ? Pick(paths_) : PathTo(Below(kAttributes));
}

// The service refuses to compare a path with itself.
Path Generator::OtherPath(const Path& path) {
  Path other = AnyPath();
  while (other == path) {
    other = AnyPath();
  }
  return other;
}

std::vector<Path> Generator::Projection() {
  std::vector<Path> paths;
  for (std::size_t left = 1 + Below(4); left > 0; --left) {
    const Path path = AnyPath();
    const auto clashes = [&](const Path& other) { return Clash(path, other); };
    if (std::none_of(paths.begin(), paths.end(), clashes)) {
      paths.push_back(path);
    }
  }
  return paths;
}

Condition Generator::Comparison() {
  Condition condition{Condition::Kind::kCompare, Pick({"=", "<>", "<", "<=", ">", ">="}), {}, {}};
  const Path path = AnyPath();
  if (OneIn(4)) {
    condition.operands = {{Operand::Kind::kSize, path, {}},
                          ValueOperand(Tagged("N", std::to_string(Below(4))))};
    return condition;
  }
  const bool any_type = condition.word == "=" || condition.word == "<>";
  const std::vector<std::string> types =
      any_type ? kAllTypes : std::vector<std::string>{"S", "N", "B"};
  const auto other_value = [&] {
    return any_type ? AnyValue(kDepth) : ValueOf(Pick({"S", "N", "N", "B"}));
  };
  const Operand other =
      OneIn(4) ? PathOperand(OtherPath(path)) : ValueOperand(SeenValue(path, types, other_value));
  condition.operands = {PathOperand(path), other};
  if (OneIn(4)) {
    std::swap(condition.operands[0], condition.operands[1]);
  }
  return condition;
}

// The bounds have one type and the lower one comes first, since the service refuses all others.
Condition Generator::Between(const Path& path, const std::string& type) {
  Json lower = ValueOf(type);
  Json upper = ValueOf(type);
  if (*Order(lower, upper) > 0) {
    std::swap(lower, upper);
  }
  return {Condition::Kind::kBetween,
          "",
          {},
          {PathOperand(path), ValueOperand(lower), ValueOperand(upper)}};
}

Condition Generator::In() {
  Condition condition{Condition::Kind::kIn, "", {}, {PathOperand(AnyPath())}};
  const Path path = condition.operands[0].path;
  const auto other_value = [&] { return AnyValue(1); };
  for (std::size_t left = 1 + Below(4); left > 0; --left) {
    condition.operands.push_back(OneIn(4) ? PathOperand(OtherPath(path))
                                          : ValueOperand(SeenValue(path, kAllTypes, other_value)));
  }
  return condition;
}

Condition Generator::Function() {
  const std::string name = Pick({"attribute_exists", "attribute_not_exists", "attribute_type",
                                 "begins_with", "contains", "contains"});
  const Path path = AnyPath();
  Condition condition{Condition::Kind::kFunction, name, {}, {PathOperand(path)}};
  if (name == "attribute_type") {
    condition.operands.push_back(ValueOperand(
        Tagged("S", Pick({"S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"}))));
  } else if (name == "begins_with" || name == "contains") {
    condition.operands.push_back(OneIn(4)             ? PathOperand(OtherPath(path))
                                 : name == "contains" ? ValueOperand(AnyValue(1))
                                                      : ValueOperand(ValueOf(Pick({"S", "B"}))));
  }
  return condition;
}

Condition Generator::AnyCondition(std::size_t depth) {
  if (depth > 0 && OneIn(2)) {
    const std::size_t kind = Below(3);
    Condition condition{kind == 0   ? Condition::Kind::kNot
                        : kind == 1 ? Condition::Kind::kAnd
                                    : Condition::Kind::kOr,
                        "",
                        {},
                        {}};
    for (std::size_t left = kind == 0 ? 1 : 2 + Below(2); left > 0; --left) {
      condition.children.push_back(AnyCondition(depth - 1));
    }
    return condition;
  }
  switch (Below(6)) {
    case 0:
      return Between(AnyPath(), Pick({"S", "N", "B"}));
    case 1:
      return In();
    case 2:
    case 3:
      return Function();
    default:
      return Comparison();
  }
}

Condition Generator::SortCondition(const std::string& name, const std::string& type) {
  const Path path = {{name, 0}};
  // The values of key conditions may not be empty.
  const auto value = [&] {
    Json made = ValueOf(type);
    while (ContentOf(made) == "") {
      made = ValueOf(type);
    }
    return made;
  };
  if (OneIn(4)) {
    Condition between = Between(path, type);
    const bool empty = ContentOf(between.operands[1].value) == "";
    return empty ? SortCondition(name, type) : between;
  }
  if (type != "N" && OneIn(3)) {
    return {
        Condition::Kind::kFunction, "begins_with", {}, {PathOperand(path), ValueOperand(value())}};
  }
  return {Condition::Kind::kCompare,
          Pick({"=", "<", "<=", ">", ">="}),
          {},
          {PathOperand(path), ValueOperand(value())}};
}

// An operand of + or - (`type` is N) or of list_append (L).
Term Generator::TermOf(const std::string& type) {
  if (OneIn(3)) {
    return {Term::Kind::kPath, {}, PathTo(type == "N" ? 0 : 2), {}};
  }
  const Term value{Term::Kind::kValue, ValueOf(type), {}, {}};
  return OneIn(3) ? Term{Term::Kind::kIfNotExists, {}, AnyPath(), {value}} : value;
}

Term Generator::AnyTerm() {
  switch (Below(8)) {
    case 0:
      return {Term::Kind::kPath, {}, OneIn(4) ? Path{{"pk", 0}} : AnyPath(), {}};
    case 1:
      return {Term::Kind::kIfNotExists,
              {},
              AnyPath(),
              {{Term::Kind::kValue, AnyValue(kDepth), {}, {}}}};
    case 2:
      return {Term::Kind::kPlus, {}, {}, {TermOf("N"), TermOf("N")}};
    case 3:
      return {Term::Kind::kMinus, {}, {}, {TermOf("N"), TermOf("N")}};
    case 4:
      return {Term::Kind::kListAppend, {}, {}, {TermOf("L"), TermOf("L")}};
    default:
      return {Term::Kind::kValue, AnyValue(kDepth), {}, {}};
  }
}

Action Generator::AnyAction() {
  switch (Below(6)) {
    case 0:
      return {Action::Kind::kRemove, AnyPath(), {}};
    case 1: {
      const std::size_t attribute = OneIn(2) ? 0 : 4 + Below(2);
      const std::string type = attribute == 0 ? "N" : attribute == 4 ? "SS" : "NS";
      const Path target = !paths_.empty() && OneIn(2) ? Pick(paths_) : PathTo(attribute);
      return {Action::Kind::kAdd, target, {Term::Kind::kValue, ValueOf(type), {}, {}}};
    }
    case 2: {
      const std::size_t attribute = 4 + Below(2);
      const Path target = PathTo(attribute);
      const auto other_value = [&] { return ValueOf(attribute == 4 ? "SS" : "NS"); };
      const Json value = SeenValue(target, {"SS", "NS", "BS"}, other_value);
      return {Action::Kind::kDelete, target, {Term::Kind::kValue, value, {}, {}}};
    }
    default:
      return {Action::Kind::kSet, AnyPath(), AnyTerm()};
  }
}

Update Generator::AnyUpdate() {
  Update update;
  for (std::size_t left = 1 + Below(4); left > 0; --left) {
    const Action action = AnyAction();
    const auto clashes = [&](const Action& other) { return Clash(action.target, other.target); };
    if (std::none_of(update.actions.begin(), update.actions.end(), clashes)) {
      update.actions.push_back(action);
    }
  }
  return update;
}

}  // namespace weir::model
