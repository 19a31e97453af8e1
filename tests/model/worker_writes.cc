// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "tests/model/model_worker.h"

namespace weir::model {
namespace {

constexpr std::size_t kBatch = 8;
constexpr std::size_t kConditionDepth = 3;

void SetIf(bool wanted, const char* name, const Json& value, Json& expected) {
  if (wanted && !value.is_null()) {
    expected[name] = value;
  }
}

}  // namespace

// If the request asks, tables with local indexes answer with the size of the item collection that
// was written to.
void Worker::AddMetrics(const TableModel& table, const Json& key, Json& request, Json& expected) {
  const auto is_local = [](const IndexModel& index) { return index.local; };
  if (!generator_.OneIn(4)) {
    return;
  }
  request["ReturnItemCollectionMetrics"] = "SIZE";
  if (std::any_of(table.indexes.begin(), table.indexes.end(), is_local)) {
    Json collection = Json::object();
    collection[table.key.hash.name] = key[table.key.hash.name];
    expected["ItemCollectionMetrics"] = {{"ItemCollectionKey", collection},
                                         {"SizeEstimateRangeGB", {0.0, 1.0}}};
  }
}

std::optional<Condition> Worker::AddCondition(Json& request, Substitutions& substitutions) {
  if (!generator_.OneIn(3)) {
    return std::nullopt;
  }
  Condition condition = generator_.AnyCondition(kConditionDepth);
  request["ConditionExpression"] = condition.Text(substitutions);
  if (generator_.OneIn(2)) {
    request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  }
  return condition;
}

bool Worker::Refused(const char* operation, const Json& request,
                     const std::optional<Condition>& condition, const Json& before) {
  const Json item = before.is_null() ? Json::object() : before;
  if (!condition.has_value() || condition->Holds(item)) {
    return false;
  }
  const bool shows = request.contains("ReturnValuesOnConditionCheckFailure") && !before.is_null();
  Json expected = {{"__type", "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"},
                   {shows ? "Message" : "message", "The conditional request failed"}};
  SetIf(shows, "Item", before, expected);
  Check(operation, request, expected);
  return true;
}

void Worker::Put() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json spelled = AnyItem(table);
  const Json after = CanonicalItem(spelled);
  const Json key = table.key.KeyOf(after);
  const Json before = contents_[index].Get(key);
  generator_.LookAt(before);
  Json request = {{"TableName", table.name}, {"Item", spelled}};
  request["ReturnValues"] = generator_.Pick({"NONE", "ALL_OLD"});
  AskForCapacity(request);
  Substitutions substitutions;
  const std::optional<Condition> condition = AddCondition(request, substitutions);
  substitutions.AddTo(request);
  if (Refused("PutItem", request, condition, before)) {
    return;
  }
  Json expected = Json::object();
  SetIf(request["ReturnValues"] == "ALL_OLD", "Attributes", before, expected);
  AddFigure(request, table.WriteCharge(before, after), expected);
  AddMetrics(table, key, request, expected);
  Check("PutItem", request, expected);
  contents_[index].Set(key, after);
}

void Worker::Delete() {
  const auto [table, contents, key, before] = AnyTarget();
  Json request = {{"TableName", table.name}, {"Key", Respelled(key)}};
  request["ReturnValues"] = generator_.Pick({"NONE", "ALL_OLD"});
  AskForCapacity(request);
  Substitutions substitutions;
  const std::optional<Condition> condition = AddCondition(request, substitutions);
  substitutions.AddTo(request);
  if (Refused("DeleteItem", request, condition, before)) {
    return;
  }
  Json expected = Json::object();
  SetIf(request["ReturnValues"] == "ALL_OLD", "Attributes", before, expected);
  AddFigure(request, table.WriteCharge(before, {}), expected);
  AddMetrics(table, key, request, expected);
  Check("DeleteItem", request, expected);
  contents.Set(key, {});
}

void Worker::Update() {
  const auto [table, contents, key, before] = AnyTarget();
  Json request = {{"TableName", table.name}, {"Key", Respelled(key)}};
  request["ReturnValues"] =
      generator_.Pick({"NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"});
  AskForCapacity(request);
  Substitutions substitutions;
  const std::optional<Condition> condition = AddCondition(request, substitutions);
  model::Update update = generator_.OneIn(20) ? model::Update() : generator_.AnyUpdate();
  AddIndexKeyActions(update);
  if (!update.actions.empty()) {
    request["UpdateExpression"] = update.Text(substitutions);
  }
  substitutions.AddTo(request);
  const Outcome outcome = update.Apply(before, key);
  const Json& after = outcome.item;
  if (!IsModest(after)) {
    return;
  }
  if (Refused("UpdateItem", request, condition, before)) {
    return;
  }
  if (!outcome.faults.empty()) {
    CheckFault("UpdateItem", request, outcome.faults);
    return;
  }
  const std::string wanted = request["ReturnValues"];
  const auto addressed = [&](const Json& item) {
    const Json found = item.is_null() ? Json::object() : Select(item, update.Targets());
    return found.empty() ? Json() : found;
  };
  Json expected = Json::object();
  SetIf(wanted == "ALL_OLD", "Attributes", before, expected);
  SetIf(wanted == "ALL_NEW", "Attributes", after, expected);
  SetIf(wanted == "UPDATED_OLD", "Attributes", addressed(before), expected);
  SetIf(wanted == "UPDATED_NEW", "Attributes", addressed(after), expected);
  AddFigure(request, table.WriteCharge(before, after), expected);
  AddMetrics(table, key, request, expected);
  Check("UpdateItem", request, expected);
  contents.Set(key, after);
}

void Worker::BatchWrite() {
  struct Write {
    std::size_t table;
    Json key;
    Json after;
  };
  std::vector<Write> writes;
  std::set<std::string> keys;
  std::map<std::string, Charge> charges;
  Json request = {{"RequestItems", Json::object()}};
  for (std::size_t left = 1 + generator_.Below(kBatch); left > 0; --left) {
    const std::size_t index = generator_.Below(tables_.size());
    const TableModel& table = tables_[index];
    const Json spelled = AnyItem(table);
    const Json item = CanonicalItem(spelled);
    const Json key = table.key.KeyOf(item);
    if (!keys.insert(table.name + key.dump()).second) {
      continue;  // the service takes each key only once
    }
    const bool put = generator_.OneIn(2);
    const Json after = put ? item : Json();
    request["RequestItems"][table.name].push_back(
        put ? Json{{"PutRequest", {{"Item", spelled}}}}
            : Json{{"DeleteRequest", {{"Key", Respelled(key)}}}});
    charges[table.name].Add(table.WriteCharge(contents_[index].Get(key), after));
    writes.push_back({index, key, after});
  }
  AskForCapacity(request);
  Json expected = {{"UnprocessedItems", Json::object()}};
  for (const auto& [table, charge] : charges) {
    const Json capacity = charge.Figure(request, table);
    if (!capacity.is_null()) {
      expected["ConsumedCapacity"].push_back(capacity);
    }
  }
  Check("BatchWriteItem", request, expected);
  for (const Write& write : writes) {
    contents_[write.table].Set(write.key, write.after);
  }
}

}  // namespace weir::model
