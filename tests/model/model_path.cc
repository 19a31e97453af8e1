// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_path.h"

#include <algorithm>
#include <map>
#include <optional>

namespace weir::model {
namespace {

const Json* Step(const Json& value, const PathStep& step) {
  if (step.is_index()) {
    const bool there = value.contains("L") && step.index < value["L"].size();
    return there ? &value["L"][step.index] : nullptr;
  }
  const bool there = value.contains("M") && value["M"].contains(step.name);
  return there ? &value["M"][step.name] : nullptr;
}

// The steps that several paths take from one value.
struct Branch {
  bool whole = false;  // a path ends here
  std::map<std::string, Branch> members;
  std::map<std::size_t, Branch> elements;
};

std::optional<Json> Select(const Json& value, const Branch& branch) {
  if (branch.whole) {
    return value;
  }
  Json found = value.contains("L") ? Json{{"L", Json::array()}} : Json{{"M", Json::object()}};
  for (const auto& [name, below] : branch.members) {
    if (const Json* child = Step(value, {name, 0})) {
      if (const std::optional<Json> part = Select(*child, below)) {
        found["M"][name] = *part;
      }
    }
  }
  for (const auto& [index, below] : branch.elements) {
    if (const Json* child = Step(value, {"", index})) {
      if (const std::optional<Json> part = Select(*child, below)) {
        found["L"].push_back(*part);
      }
    }
  }
  return ContentOf(found).empty() ? std::nullopt : std::optional<Json>(found);
}

}  // namespace

std::string PathStep::Position() const {
  constexpr std::size_t kDigits = 6;
  const std::string digits = std::to_string(index);
  return is_index() ? std::string(kDigits - digits.size(), '0') + digits : name;
}

const Json* Find(const Json& item, const Path& path) {
  const auto attribute = item.find(path.front().name);
  const Json* value = attribute == item.end() ? nullptr : &*attribute;
  for (std::size_t i = 1; i < path.size() && value != nullptr; ++i) {
    value = Step(*value, path[i]);
  }
  return value;
}

Json Select(const Json& item, const std::vector<Path>& paths) {
  Branch root;
  for (const Path& path : paths) {
    Branch* branch = &root;
    for (const PathStep& step : path) {
      branch = step.is_index() ? &branch->elements[step.index] : &branch->members[step.name];
    }
    branch->whole = true;
  }
  const std::optional<Json> selected = Select(Json{{"M", item}}, root);
  return selected.has_value() ? ContentOf(*selected) : Json::object();
}

bool Clash(const Path& a, const Path& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i]) {
      return a[i].is_index() != b[i].is_index();  // one takes the value for a list, one for a map
    }
  }
  return true;
}

std::string Substitutions::Text(const Path& path, std::size_t rename) {
  std::string text;
  for (const PathStep& step : path) {
    if (step.is_index()) {
      text += "[" + std::to_string(step.index) + "]";
      continue;
    }
    text += text.empty() ? "" : ".";
    if (in_statement()) {
      text += '"' + step.name + '"';
      continue;
    }
    if (steps_++ % rename == 0) {
      names_["#" + step.name] = step.name;
      text += '#';
    }
    text += step.name;
  }
  return text;
}

std::string Substitutions::Text(const Json& value) {
  std::string name = ":v" + std::to_string(values_.size());
  values_[name] = value;
  return name;
}

void Substitutions::AddStatement(const std::string& text, Json& request) const {
  std::string statement;
  Json parameters = Json::array();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ':' || !text.substr(i).starts_with(":v")) {
      statement += text[i];
      continue;
    }
    const std::size_t end = text.find_first_not_of("0123456789", i + 2);
    parameters.push_back(values_.at(text.substr(i, end - i)));
    statement += '?';
    i = end == std::string::npos ? text.size() : end - 1;
  }
  request["Statement"] = statement;
  if (!parameters.empty()) {
    request["Parameters"] = parameters;
  }
}

void Substitutions::AddTo(Json& request) const {
  if (!names_.empty()) {
    request["ExpressionAttributeNames"] = names_;
  }
  if (!values_.empty()) {
    request["ExpressionAttributeValues"] = values_;
  }
}

}  // namespace weir::model
