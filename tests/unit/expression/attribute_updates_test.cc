// SPDX-License-Identifier: Apache-2.0
#include "expression/attribute_updates.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

// One update. `value` is "" for an update without a value.
struct Row {
  std::string_view name;
  UpdateAction action;
  std::string_view value;
};

constexpr UpdateAction kPut = UpdateAction::kPut;
constexpr UpdateAction kAdd = UpdateAction::kAdd;
constexpr UpdateAction kDelete = UpdateAction::kDelete;

// Returns the outcome of `check` on the updates, or the error text if they are refused.
template <class Check>
std::string WithUpdates(const std::vector<Row>& rows, Check check) {
  std::vector<Item> values;
  std::vector<AttributeUpdate> updates;
  for (const Row& row : rows) {
    std::optional<Value> value;
    if (!row.value.empty()) {
      values.push_back(Parse("{v=" + std::string(row.value) + "}"));
      value = values.back().attributes().Find("v");
    }
    updates.push_back({row.name, row.action, value});
  }
  const Result<AttributeUpdates> checked = AttributeUpdates::Make(std::move(updates));
  return checked.ok() ? check(checked.value()) : checked.error().message;
}

std::string Apply(const std::vector<Row>& rows, const Item& before) {
  return WithUpdates(rows, [&](const AttributeUpdates& updates) {
    const Item key = Parse("{pk='k'}");
    const Result<Item> after = updates.Apply(before, key.attributes());
    return after.ok() ? Text(after.value()) : after.error().message;
  });
}

std::string Apply(const std::vector<Row>& rows, std::string_view before) {
  return Apply(rows, Parse(before));
}

}  // namespace

TEST_CASE("PUT sets, DELETE without a value removes", "[expression][legacy][update]") {
  CHECK(Apply({{"b", kPut, "2"}}, "{pk='k' a=1 b='x' c=3}") == "{a=1 b=2 c=3 pk='k'}");
  CHECK(Apply({{"z", kPut, "[1 {x=2}]"}, {"a", kPut, "true"}, {"b", kPut, "null"}}, "{pk='k'}") ==
        "{a=true b=null pk='k' z=[1 {x=2}]}");
  CHECK(Apply({{"b", kDelete, ""}, {"gone", kDelete, ""}}, "{a=1 b=2 pk='k'}") == "{a=1 pk='k'}");
  CHECK(Apply({{"a.b", kPut, "2"}}, "{a={b=1} pk='k'}") == "{a={b=1} a.b=2 pk='k'}");
  CHECK(Apply({}, "{a=1 pk='k'}") == "{a=1 pk='k'}");
}

TEST_CASE("ADD sums numbers, unites sets and joins lists", "[expression][legacy][update]") {
  CHECK(Apply({{"a", kAdd, "-2.5"}}, "{a=1 pk='k'}") == "{a=-1.5 pk='k'}");
  CHECK(Apply({{"a", kAdd, "3"}, {"b", kAdd, "<'x'>"}, {"c", kAdd, "[1]"}}, "{pk='k'}") ==
        "{a=3 b=<'x'> c=[1] pk='k'}");
  CHECK(Apply({{"a", kAdd, "<'b' 'c'>"}}, "{a=<'a' 'b'> pk='k'}") == "{a=<'a' 'b' 'c'> pk='k'}");
  CHECK(Apply({{"a", kAdd, "<1 10>"}}, "{a=<2> pk='k'}") == "{a=<1 2 10> pk='k'}");
  CHECK(Apply({{"a", kAdd, "<b'x'>"}}, "{a=<b'x'> pk='k'}") == "{a=<b'x'> pk='k'}");
  CHECK(Apply({{"a", kAdd, "[2 1]"}}, "{a=[1 'x'] pk='k'}") == "{a=[1 'x' 2 1] pk='k'}");
}

TEST_CASE("DELETE subtracts from a set, and the last element takes it away",
          "[expression][legacy][update]") {
  CHECK(Apply({{"a", kDelete, "<'a' 'z'>"}}, "{a=<'a' 'b'> pk='k'}") == "{a=<'b'> pk='k'}");
  CHECK(Apply({{"a", kDelete, "<1 2>"}}, "{a=<1 2> pk='k'}") == "{pk='k'}");
  CHECK(Apply({{"gone", kDelete, "<1>"}}, "{a=<1 2> pk='k'}") == "{a=<1 2> pk='k'}");
}

TEST_CASE("Updates of no item start from its key, but DELETEs make none",
          "[expression][legacy][update]") {
  CHECK(Apply({}, Item()) == "{pk='k'}");
  CHECK(Apply({{"a", kPut, "1"}}, Item()) == "{a=1 pk='k'}");
  CHECK(Apply({{"z", kAdd, "5"}}, Item()) == "{pk='k' z=5}");
  CHECK(Apply({{"a", kDelete, ""}}, Item()) == "none");
  CHECK(Apply({{"a", kDelete, "<1>"}, {"b", kDelete, ""}}, Item()) == "none");
  CHECK(Apply({{"a", kDelete, ""}, {"b", kPut, "1"}}, Item()) == "{b=1 pk='k'}");
}

TEST_CASE("Updates do not fit every stored attribute", "[expression][legacy][update]") {
  const std::string mismatch = "Type mismatch for attribute to update";
  CHECK(Apply({{"a", kAdd, "1"}}, "{a='1' pk='k'}") == mismatch);
  CHECK(Apply({{"a", kAdd, "<'1'>"}}, "{a=<1> pk='k'}") == mismatch);
  CHECK(Apply({{"a", kAdd, "[1]"}}, "{a=<1> pk='k'}") == mismatch);
  CHECK(Apply({{"a", kDelete, "<1>"}}, "{a=1 pk='k'}") == mismatch);
  CHECK(Apply({{"a", kDelete, "<1>"}}, "{a=<'1'> pk='k'}") == mismatch);
  CHECK(Apply({{"a", kAdd, "99999999999999999999999999999999999999"}}, "{a=0.1 pk='k'}") ==
        "Number overflow. Attempting to store a number with magnitude "
        "larger than supported range");
}

TEST_CASE("Actions take values of their types only", "[expression][legacy][update]") {
  const std::string invalid = "One or more parameter values were invalid: ";
  for (const UpdateAction action : {kPut, kAdd}) {
    CHECK(Apply({{"a", action, ""}}, Item()) ==
          invalid + "Only DELETE action is allowed when no attribute value is specified");
  }
  const std::pair<std::string_view, std::string_view> values[] = {
      {"S", "'a'"},     {"N", "1"},  {"B", "b'a'"}, {"SS", "<'a'>"},  {"NS", "<1>"},
      {"BS", "<b'a'>"}, {"M", "{}"}, {"L", "[]"},   {"NULL", "null"}, {"BOOL", "false"}};
  for (const auto& [type, value] : values) {
    CAPTURE(type);
    const bool is_set = type == "SS" || type == "NS" || type == "BS";
    const bool can_be_added = is_set || type == "N" || type == "L";
    const Item none;
    std::string stored = "{a=";
    stored.append(value).append(" pk='k'}");
    std::string no_add = invalid;
    no_add.append("ADD action is not supported for the type ").append(type);
    std::string no_delete = invalid;
    no_delete.append("DELETE action with value is not supported for the type ").append(type);
    CHECK(Apply({{"a", kPut, value}}, none) == stored);
    CHECK(Apply({{"a", kAdd, value}}, none) == (can_be_added ? stored : no_add));
    CHECK(Apply({{"a", kDelete, value}}, none) == (is_set ? "none" : no_delete));
  }
}

TEST_CASE("UPDATED_OLD and UPDATED_NEW give the updated attributes that are there",
          "[expression][legacy][update]") {
  const Item before = Parse("{a=1 b=2 c=3 pk='k'}");
  const std::string text = WithUpdates(
      {{"z", kPut, "1"}, {"c", kDelete, ""}, {"a", kAdd, "4"}},
      [&](const AttributeUpdates& updates) {
        const Result<Item> after = updates.Apply(before, MapView());
        REQUIRE(after.ok());
        REQUIRE(updates.changed().size() == 3);
        return Text(updates.UpdatedOld(before)) + Text(updates.UpdatedNew(after.value()));
      });
  CHECK(text == "{a=1 c=3}{a=5 z=1}");
  CHECK(WithUpdates({{"x", kDelete, ""}}, [&](const AttributeUpdates& updates) {
          return Text(updates.UpdatedOld(before)) + Text(updates.UpdatedNew(before));
        }) == "nonenone");
}

}  // namespace weir::expression
