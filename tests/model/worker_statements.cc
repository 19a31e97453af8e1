// SPDX-License-Identifier: Apache-2.0
// PartiQL statements of the model test.
#include <algorithm>
#include <utility>

#include "tests/model/worker_transactions.h"

namespace weir::model {
namespace {

constexpr std::size_t kStatements = 5;
constexpr std::size_t kConditionDepth = 2;

const Json kConditionFailed = {{"Code", "ConditionalCheckFailed"},
                               {"Message", "The conditional request failed"}};
const Json kDuplicate = {{"Code", "DuplicateItem"},
                         {"Message", "Duplicate primary key exists in table"}};

Json ErrorOf(const Json& reason) {
  return {{"__type",
           "com.amazonaws.dynamodb.v20120810#" + reason["Code"].get<std::string>() + "Exception"},
          {"message", reason["Message"]}};
}

Json ListOf(const Json& item) {
  return item.is_null() ? Json::array() : Json::array({item});
}

}  // namespace

std::string Worker::KeyText(const Json& key, Substitutions& substitutions) {
  std::string text;
  for (const auto& [name, value] : key.items()) {
    text += (text.empty() ? "" : " AND ") + substitutions.Text({{name, 0}}, 2) + " = ";
    text += substitutions.Text(value);
  }
  return text;
}

std::string Worker::InsertText(const TableModel& table, const Json& item,
                               Substitutions& substitutions) {
  std::string text;
  for (const auto& [name, value] : item.items()) {
    text += (text.empty() ? "'" : ", '") + name + "': " + substitutions.Text(value);
  }
  return "INSERT INTO \"" + table.name + "\" VALUE {" + text + "}";
}

// Leaves out ADD to a number, for which statements have no word.
model::Update Worker::AnyStatementUpdate() {
  model::Update update;
  while (update.actions.empty()) {
    update = generator_.AnyUpdate();
    std::erase_if(update.actions, [](const Action& action) {
      return action.kind == Action::Kind::kAdd && !IsSet(action.term.value);
    });
  }
  AddIndexKeyActions(update);
  return update;
}

Condition Worker::AddToWhere(std::string& text, Substitutions& substitutions) {
  Condition condition = generator_.AnyCondition(kConditionDepth);
  text += " AND (" + condition.Text(substitutions) + ")";
  return condition;
}

void Worker::InsertStatement() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json spelled = AnyItem(table);
  const Json after = CanonicalItem(spelled);
  const Json key = table.key.KeyOf(after);
  const Json before = contents_[index].Get(key);
  Substitutions substitutions(Notation::kStatement);
  Json request = Json::object();
  substitutions.AddStatement(InsertText(table, spelled, substitutions), request);
  AskForCapacity(request);
  if (!before.is_null()) {
    Check("ExecuteStatement", request, ErrorOf(kDuplicate));
    return;
  }
  Json expected = {{"Items", Json::array()}};
  AddFigure(request, table.name, table.WriteCharge(before, after), expected);
  Check("ExecuteStatement", request, expected);
  contents_[index].Set(key, after);
}

void Worker::UpdateStatement() {
  const auto [table, contents, key, before] = AnyTarget();
  Substitutions substitutions(Notation::kStatement);
  const model::Update update = AnyStatementUpdate();
  std::string text = "UPDATE \"" + table.name + "\"" + update.StatementText(substitutions) +
                     " WHERE " + KeyText(Respelled(key), substitutions);
  std::optional<Condition> condition;
  if (generator_.OneIn(2)) {
    condition = AddToWhere(text, substitutions);
  }
  const std::string returning =
      generator_.Pick({"", "ALL OLD", "MODIFIED OLD", "ALL NEW", "MODIFIED NEW"});
  Json request = Json::object();
  substitutions.AddStatement(text + (returning.empty() ? "" : " RETURNING " + returning + " *"),
                             request);
  AskForCapacity(request);
  if (before.is_null() || (condition.has_value() && !condition->Holds(before))) {
    Check("ExecuteStatement", request, ErrorOf(kConditionFailed));
    return;
  }
  const Outcome outcome = update.Apply(before, key);
  if (!IsModest(outcome.item)) {
    return;
  }
  if (!outcome.faults.empty()) {
    CheckFault("ExecuteStatement", request, outcome.faults);
    return;
  }
  Json returned = returning.ends_with("OLD") ? before : outcome.item;
  if (returning.starts_with("MODIFIED")) {
    returned = Select(returned, update.Targets());
  }
  Json expected = {
      {"Items", returning.empty() || returned.empty() ? Json::array() : Json::array({returned})}};
  AddFigure(request, table.name, table.WriteCharge(before, outcome.item), expected);
  Check("ExecuteStatement", request, expected);
  contents.Set(key, outcome.item);
}

void Worker::DeleteStatement() {
  const auto [table, contents, key, before] = AnyTarget();
  Substitutions substitutions(Notation::kStatement);
  std::string text =
      "DELETE FROM \"" + table.name + "\" WHERE " + KeyText(Respelled(key), substitutions);
  std::optional<Condition> condition;
  if (generator_.OneIn(2)) {
    condition = AddToWhere(text, substitutions);
  }
  const bool returning = generator_.OneIn(2);
  Json request = Json::object();
  substitutions.AddStatement(text + (returning ? " RETURNING ALL OLD *" : ""), request);
  AskForCapacity(request);
  const bool asked = generator_.OneIn(2);
  if (asked) {
    request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  }
  if (!before.is_null() && condition.has_value() && !condition->Holds(before)) {
    Json error = ErrorOf(kConditionFailed);
    if (asked) {
      error = {{"__type", error["__type"]}, {"Message", error["message"]}, {"Item", before}};
    }
    Check("ExecuteStatement", request, error);
    return;
  }
  Json expected = {{"Items", returning ? ListOf(before) : Json::array()}};
  AddFigure(request, table.name, table.WriteCharge(before, {}), expected);
  Check("ExecuteStatement", request, expected);
  contents.Set(key, {});
}

// Selects a partition, or one item of it, page by page.
void Worker::SelectStatement() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json partition = AnyPartition(table);
  std::vector<Json> rows = contents_[index].Rows(table.key, partition);
  generator_.LookAt(rows.empty() ? Json() : generator_.Pick(rows));
  Substitutions substitutions(Notation::kStatement);
  std::string text = "SELECT * FROM \"" + table.name + "\" WHERE \"" + table.key.hash.name +
                     "\" = " + substitutions.Text(partition);
  bool single = !table.key.range.has_value();
  if (table.key.range.has_value() && generator_.OneIn(2)) {
    const Condition keys = generator_.SortCondition(table.key.range->name, table.key.range->type);
    text += " AND " + keys.Text(substitutions);
    std::erase_if(rows, [&](const Json& row) { return !keys.Holds(row); });
    single = keys.word == "=";
  }
  std::optional<Condition> filter;
  if (generator_.OneIn(2)) {
    filter = AddToWhere(text, substitutions);
  }
  if (table.key.range.has_value() && generator_.OneIn(2)) {
    text += " ORDER BY \"" + table.key.range->name + "\" DESC";
    std::reverse(rows.begin(), rows.end());
  }
  Json request = {{"ConsistentRead", generator_.OneIn(2)}};
  substitutions.AddStatement(text, request);
  AskForCapacity(request);
  const std::size_t limit = generator_.OneIn(2) ? 1 + generator_.Below(5) : rows.size() + 1;
  if (limit <= rows.size()) {
    request["Limit"] = limit;
  }
  for (std::size_t first = 0; failure_.empty();) {
    const std::size_t end = std::min(rows.size(), first + limit);
    const std::vector<Json> read(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                 rows.begin() + static_cast<std::ptrdiff_t>(end));
    std::size_t size = 0;
    for (const Json& item : read) {
      size += ItemSize(item);
    }
    Json expected = {{"Items", Selected(read, filter, {})}};
    AddFigure(request, table.name, {ReadUnits(size, request["ConsistentRead"]), {}, {}}, expected);
    Json answer = server_.Call("ExecuteStatement", request);
    const Json token = answer.value("NextToken", Json());
    const bool more = read.size() == limit;
    if (more) {
      if (!single) {
        expected["LastEvaluatedKey"] = table.key.KeyOf(read.back());
      }
      expected["NextToken"] = token.is_string() ? token : Json("a token");
    }
    Compare("ExecuteStatement", request, answer, expected);
    if (!more) {
      return;
    }
    request["NextToken"] = token;
    first = end;
    // "List and map parameters never resume" (observed on AWS).
    if (std::any_of(request["Parameters"].begin(), request["Parameters"].end(),
                    [](const Json& value) { return value.contains("L") || value.contains("M"); })) {
      CheckFault("ExecuteStatement", request, {"NextToken does not match request"});
      return;
    }
  }
}

std::optional<Worker::TransactAction> Worker::AddStatement(Json& statements, bool transaction) {
  TransactAction action;
  action.table = generator_.Below(tables_.size());
  const TableModel& table = tables_[action.table];
  Substitutions substitutions(Notation::kStatement);
  Json statement = Json::object();
  const std::size_t kind = generator_.Below(transaction ? 4 : 3);
  if (kind == 0) {
    const Json item = AnyItem(table);
    action.after = CanonicalItem(item);
    action.key = table.key.KeyOf(action.after);
    if (!contents_[action.table].Get(action.key).is_null()) {
      action.reason = kDuplicate;
    }
    substitutions.AddStatement(InsertText(table, item, substitutions), statement);
    statements.push_back(statement);
    return action;
  }
  action.key = AnyKey(table);
  const Json before = contents_[action.table].Get(action.key);
  generator_.LookAt(before);
  std::string text = "DELETE FROM \"" + table.name + "\"";
  if (kind == 1) {
    const model::Update update = AnyStatementUpdate();
    Outcome outcome = update.Apply(before, action.key);
    action.after = std::move(outcome.item);
    action.faults = std::move(outcome.faults);
    text = "UPDATE \"" + table.name + "\"" + update.StatementText(substitutions);
  } else if (kind == 3) {
    action.after = before;
    text = "EXISTS(SELECT * FROM \"" + table.name + "\"";
  }
  text += " WHERE " + KeyText(Respelled(action.key), substitutions);
  bool holds = kind == 2 || !before.is_null();
  if (kind == 3 || generator_.OneIn(3)) {
    const Condition condition = AddToWhere(text, substitutions);
    holds = holds && (before.is_null() || condition.Holds(before));
    if (kind == 2 && before.is_null()) {
      action.reason_if_canceled = kConditionFailed;
    }
  }
  if (!holds) {
    action.faults.clear();
    action.reason = kConditionFailed;
    if (generator_.OneIn(2)) {
      statement["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
      if (!before.is_null()) {
        action.reason["Item"] = before;
      }
    }
  }
  substitutions.AddStatement(kind == 3 ? text + ")" : text, statement);
  statements.push_back(statement);
  return IsModest(action.after) ? std::optional(std::move(action)) : std::nullopt;
}

void Worker::TransactStatements() {
  Json request = {{"TransactStatements", Json::array()}};
  const std::vector<TransactAction> actions =
      AddDistinct(kStatements, request["TransactStatements"],
                  [this](Json& statements) { return AddStatement(statements, true); });
  if (!actions.empty()) {
    CheckTransaction("ExecuteTransaction", std::move(request), actions,
                     {{"Responses", Json::array()}});
  }
}

// Each statement of a batch succeeds or fails by itself.
void Worker::BatchStatements() {
  Json request = {{"Statements", Json::array()}};
  const std::vector<TransactAction> actions =
      AddDistinct(kStatements, request["Statements"], [this](Json& statements) {
        std::optional<TransactAction> action = AddStatement(statements, false);
        // The answer may report any of several faults, and the model does not know which.
        return action.has_value() && action->faults.size() > 1 ? std::nullopt : std::move(action);
      });
  Json expected = {{"Responses", Json::array()}};
  for (const TransactAction& action : actions) {
    Json response = {{"TableName", tables_[action.table].name}};
    if (!action.faults.empty()) {
      response["Error"] = {{"Code", "ValidationError"}, {"Message", action.faults[0]}};
    } else if (action.refused()) {
      response["Error"] = action.reason;
    } else {
      contents_[action.table].Set(action.key, action.after);
    }
    expected["Responses"].push_back(response);
  }
  if (!actions.empty()) {
    Check("BatchExecuteStatement", request, expected);
  }
}

}  // namespace weir::model
