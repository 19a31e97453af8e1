// SPDX-License-Identifier: Apache-2.0
#include "tests/model/worker_transactions.h"

#include <algorithm>
#include <utility>

namespace weir::model {
namespace {

constexpr std::size_t kActions = 6;
constexpr double kTimes = 2;  // a transaction pays double for an item of a table

void NameUnits(const char* kind, Json& figure) {
  for (const char* member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
    if (figure.contains(member)) {
      for (Json& index : figure[member]) {
        index[kind] = index["CapacityUnits"];
      }
    }
  }
  if (figure.contains("Table")) {
    figure["Table"][kind] = figure["Table"]["CapacityUnits"];
  }
  figure[kind] = figure["CapacityUnits"];
}

}  // namespace

Charge& Worker::TableFigures::operator[](const std::string& table) {
  const auto found = std::find_if(charges_.begin(), charges_.end(),
                                  [&](const auto& entry) { return entry.first == table; });
  return found != charges_.end() ? found->second : charges_.emplace_back(table, Charge()).second;
}

void Worker::TableFigures::AddTo(Json& expected, const Json& request, const char* kind) const {
  for (const auto& [table, charge] : charges_) {
    Json figure = charge.Figure(request, table);
    if (!figure.is_null()) {
      NameUnits(kind, figure);
      expected["ConsumedCapacity"].push_back(figure);
    }
  }
}

bool Worker::AddUpdate(const Json& before, Json& body, Substitutions& substitutions,
                       TransactAction& action) {
  model::Update update = generator_.AnyUpdate();
  AddIndexKeyActions(update);
  body["UpdateExpression"] = update.Text(substitutions);
  Outcome outcome = update.Apply(before, action.key);
  action.after = std::move(outcome.item);
  action.faults = std::move(outcome.faults);
  return IsModest(action.after);
}

std::optional<Worker::TransactAction> Worker::AddAction(Json& actions) {
  TransactAction action;
  action.table = generator_.Below(tables_.size());
  const TableModel& table = tables_[action.table];
  const std::string kind = generator_.Pick({"Put", "Update", "Delete", "ConditionCheck"});
  Json body = {{"TableName", table.name}};
  if (kind == "Put") {
    body["Item"] = AnyItem(table);
    action.after = CanonicalItem(body["Item"]);
    action.key = table.key.KeyOf(action.after);
  } else {
    action.key = AnyKey(table);
    body["Key"] = Respelled(action.key);
  }
  const Json before = contents_[action.table].Get(action.key);
  generator_.LookAt(before);
  Substitutions substitutions;
  std::optional<Condition> condition = AddCondition(body, substitutions);
  if (kind == "ConditionCheck") {
    while (!condition.has_value()) {
      condition = AddCondition(body, substitutions);
    }
    action.after = before;
  }
  if (kind == "Update" && !AddUpdate(before, body, substitutions, action)) {
    return std::nullopt;
  }
  substitutions.AddTo(body);
  if (condition.has_value() && !condition->Holds(before.is_null() ? Json::object() : before)) {
    action.faults.clear();
    action.reason = {{"Code", "ConditionalCheckFailed"},
                     {"Message", "The conditional request failed"}};
    if (body.contains("ReturnValuesOnConditionCheckFailure") && !before.is_null()) {
      action.reason["Item"] = before;
    }
  }
  actions.push_back({{kind, body}});
  return action;
}

// Checks the answer to a transaction that some action refuses. If an action has a ValidationError,
// the first of these is the only reason that the answer gives.
void Worker::CheckCanceled(const char* operation, const Json& request,
                           const std::vector<TransactAction>& actions) {
  const Json answer = server_.Call(operation, request);
  const auto invalid = std::find_if(actions.begin(), actions.end(),
                                    [](const auto& action) { return !action.faults.empty(); });
  Json reasons = Json::array();
  for (const TransactAction& action : actions) {
    const Json& told = action.reason_if_canceled;
    const Json reason = told.is_null() ? action.reason : told;
    reasons.push_back(invalid == actions.end() ? reason : Json{{"Code", "None"}});
  }
  if (invalid != actions.end()) {
    const auto place = static_cast<std::size_t>(invalid - actions.begin());
    const Json told = answer.value("CancellationReasons", Json::array());
    const std::string text = told.size() > place ? told[place].value("Message", "") : "";
    const bool known =
        std::find(invalid->faults.begin(), invalid->faults.end(), text) != invalid->faults.end();
    reasons[place] = {{"Code", "ValidationError"}, {"Message", known ? text : invalid->faults[0]}};
  }
  std::string codes;
  for (const Json& reason : reasons) {
    codes += (codes.empty() ? "" : ", ") + reason["Code"].get<std::string>();
  }
  Compare(operation, request, answer,
          {{"__type", "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"},
           {"CancellationReasons", reasons},
           {"Message",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [" +
                codes + "]"}});
}

std::vector<Worker::TransactAction> Worker::AddDistinct(
    std::size_t most, Json& list, const std::function<std::optional<TransactAction>(Json&)>& add) {
  std::vector<TransactAction> actions;
  std::set<std::string> keys;
  for (std::size_t left = 1 + generator_.Below(most); left > 0; --left) {
    Json added = Json::array();
    std::optional<TransactAction> action = add(added);
    if (action.has_value() &&
        keys.insert(tables_[action->table].name + action->key.dump()).second) {
      list.push_back(added[0]);
      actions.push_back(*std::move(action));
    }
  }
  return actions;
}

void Worker::TransactWrite() {
  Json request = {{"TransactItems", Json::array()}};
  const std::vector<TransactAction> actions = AddDistinct(
      kActions, request["TransactItems"], [this](Json& added) { return AddAction(added); });
  if (!actions.empty()) {
    CheckTransaction("TransactWriteItems", std::move(request), actions, Json::object());
  }
}

void Worker::CheckTransaction(const char* operation, Json request,
                              const std::vector<TransactAction>& actions, Json expected) {
  AskForCapacity(request);
  request["ClientRequestToken"] = std::to_string(number_) + "-" + std::to_string(++transactions_);
  if (std::any_of(actions.begin(), actions.end(),
                  [](const auto& action) { return action.refused(); })) {
    CheckCanceled(operation, request, actions);
    return;
  }
  TableFigures writes;
  TableFigures replay;
  for (const TransactAction& action : actions) {
    const TableModel& table = tables_[action.table];
    Contents& contents = contents_[action.table];
    Charge charge = table.WriteCharge(contents.Get(action.key), action.after);
    charge.table *= kTimes;
    writes[table.name].Add(charge);
    const auto size = [](const Json& item) { return item.is_null() ? 0 : ItemSize(item); };
    replay[table.name].table +=
        kTimes * ReadUnits(std::max(size(contents.Get(action.key)), size(action.after)), true);
    contents.Set(action.key, action.after);
  }
  Json again = expected;
  writes.AddTo(expected, request, "WriteCapacityUnits");
  Check(operation, request, expected);
  if (generator_.OneIn(3)) {
    replay.AddTo(again, request, "ReadCapacityUnits");
    Check(operation, request, again);
  }
}

void Worker::TransactGet() {
  Json request = {{"TransactItems", Json::array()}};
  Json expected = {{"Responses", Json::array()}};
  std::set<std::string> keys;
  TableFigures reads;
  for (std::size_t left = 1 + generator_.Below(kActions); left > 0; --left) {
    const std::size_t index = generator_.Below(tables_.size());
    const TableModel& table = tables_[index];
    const Json key = AnyKey(table);
    if (!keys.insert(table.name + key.dump()).second) {
      continue;
    }
    const Json item = contents_[index].Get(key);
    generator_.LookAt(item);
    Json get = {{"TableName", table.name}, {"Key", Respelled(key)}};
    Json shown = item;
    if (generator_.OneIn(2)) {
      Substitutions substitutions;
      const std::vector<Path> projection = generator_.Projection();
      get["ProjectionExpression"] = ProjectionText(projection, substitutions);
      substitutions.AddTo(get);
      shown = item.is_null() ? item : Select(item, projection);
    }
    request["TransactItems"].push_back({{"Get", get}});
    // The answer has no Item if it is missing, or if the projection finds nothing.
    expected["Responses"].push_back(shown.empty() ? Json::object() : Json{{"Item", shown}});
    reads[table.name].table += kTimes * ReadUnits(item.is_null() ? 0 : ItemSize(item), true);
  }
  AskForCapacity(request);
  reads.AddTo(expected, request, "ReadCapacityUnits");
  Check("TransactGetItems", request, expected);
}

}  // namespace weir::model
