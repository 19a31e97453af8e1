// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/json_mutator.h"

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>
#include <vector>

namespace weir::fuzz {
namespace {

using Json = nlohmann::ordered_json;

// The texts that replace values: all kinds of JSON, and attribute values that are valid or nearly
// so.
constexpr std::string_view kReplacements[] = {"null",
                                              "true",
                                              "0",
                                              "1",
                                              "-1",
                                              "3.5",
                                              "99999999999999999999",
                                              "\"\"",
                                              "\"a\"",
                                              "\"true\"",
                                              "[]",
                                              "{}",
                                              R"({"S":"a"})",
                                              R"({"S":""})",
                                              R"({"N":"1"})",
                                              R"({"N":"1e125"})",
                                              R"({"N":"x"})",
                                              R"({"B":"eA=="})",
                                              R"({"BOOL":false})",
                                              R"({"NULL":true})",
                                              R"({"NULL":false})",
                                              R"({"SS":["a","b"]})",
                                              R"({"SS":["a","a"]})",
                                              R"({"NS":["1","1.0"]})",
                                              R"({"NS":[]})",
                                              R"({"BS":["eA==","eHk="]})",
                                              R"({"L":[{"N":"1"},{"L":[]}]})",
                                              R"({"M":{"x":{"S":"y"},"y":{"M":{}}}})",
                                              R"({"S":"a","N":"1"})",
                                              R"("plain")",
                                              R"("ranged")",
                                              R"("bytes")",
                                              R"("NONE")",
                                              R"("ALL_OLD")",
                                              R"("ALL_NEW")",
                                              R"("UPDATED_NEW")",
                                              R"("INDEXES")",
                                              R"("COUNT")",
                                              R"json("attribute_exists(pk)")json",
                                              R"("n > :n AND size(l) < :n")",
                                              R"("m.x[0], l[1], s")",
                                              R"("SET n = n + :n REMOVE m.x")",
                                              R"("ADD ns :n DELETE ss :n")",
                                              R"("pk = :a AND sk BETWEEN :a AND :b")"};

class Mutation {
 public:
  explicit Mutation(unsigned seed) : random_(seed) {}

  void Apply(Json& document) {
    Collect(document);
    Json& target = *Any(values_);
    switch (random_() % 6) {
      case 0:
      case 1:
        target = Json::parse(kReplacements[random_() % std::size(kReplacements)]);
        return;
      case 2:  // a value of the same request, so that a name may meet its placeholder
        target = Json(*Any(values_));
        return;
      case 3:
        return Remove(target);
      case 4:
        return Repeat(target);
      default:
        return Wrap(target);
    }
  }

  std::size_t Below(std::size_t count) { return random_() % count; }

 private:
  template <class T>
  T& Any(std::vector<T>& from) {
    return from[random_() % from.size()];
  }

  // `parent` may be an object, whose iterators can only step.
  Json::iterator AnyChild(Json& parent) {
    return std::next(parent.begin(), static_cast<std::ptrdiff_t>(Below(parent.size())));
  }

  // Recursive: the fuzzer's longest input bounds the nesting.
  void Collect(Json& value) {
    values_.push_back(&value);
    if (value.is_structured()) {
      for (Json& child : value) {
        Collect(child);
      }
    }
  }

  void Remove(Json& target) {
    if (!target.is_structured() || target.empty()) {
      target = nullptr;
      return;
    }
    target.erase(AnyChild(target));
  }

  void Repeat(Json& target) {
    if (target.is_array() && !target.empty()) {
      const Json element = target[Below(target.size())];
      target.push_back(element);
    } else if (target.is_object() && !target.empty()) {
      const auto which = AnyChild(target);
      std::string name = which.key();
      name.push_back(static_cast<char>('a' + Below(26)));
      Json element = which.value();
      target[name] = std::move(element);
    } else if (target.is_string()) {
      const std::string text = target;
      target = text + text;
    }
  }

  void Wrap(Json& target) {
    const Json inner = target;
    if (Below(2) == 0) {
      target = Json::array({inner});
    } else {
      target = Json::object({{Below(2) == 0 ? "L" : "M", inner}});
    }
  }

  std::minstd_rand random_;
  std::vector<Json*> values_;
};

}  // namespace

std::string MutateRequests(std::string_view input, unsigned seed) {
  std::vector<std::string> lines(1);
  for (const char c : input) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back().push_back(c);
    }
  }
  Mutation mutation(seed);
  std::string& body = lines[mutation.Below(lines.size())];
  Json document = Json::parse(body, nullptr, false);
  if (document.is_discarded()) {
    return {};
  }
  mutation.Apply(document);
  body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string output;
  for (const std::string& line : lines) {
    output.append(&line == &lines.front() ? "" : "\n").append(line);
  }
  return output;
}

}  // namespace weir::fuzz
