// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/model/model_worker.h"

namespace weir::model {
namespace {

constexpr std::size_t kBatch = 12;
constexpr std::size_t kConditionDepth = 2;
constexpr std::size_t kSegments = 3;

Json Sorted(Json list) {
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

void Worker::Get() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json key = AnyKey(table);
  const Json item = contents_[index].Get(key);
  generator_.LookAt(item);
  Json request = {{"TableName", table.name}, {"Key", Respelled(key)}};
  request["ConsistentRead"] = generator_.OneIn(2);
  AskForCapacity(request);
  Substitutions substitutions;
  std::vector<Path> projection;
  if (generator_.OneIn(2)) {
    projection = generator_.Projection();
    std::string text;
    for (const Path& path : projection) {
      text += (text.empty() ? "" : ", ") + substitutions.Text(path, 2);
    }
    request["ProjectionExpression"] = text;
  }
  substitutions.AddTo(request);
  Json expected = Json::object();
  if (!item.is_null()) {
    expected["Item"] = projection.empty() ? item : Select(item, projection);
  }
  const std::size_t size = item.is_null() ? 0 : ItemSize(item);
  AddFigure(request, ReadUnits(size, request["ConsistentRead"]), expected);
  Check("GetItem", request, expected);
}

void Worker::BatchGet() {
  Json request = {{"RequestItems", Json::object()}};
  Json expected = {{"Responses", Json::object()}, {"UnprocessedKeys", Json::object()}};
  std::map<std::string, double> units;
  std::set<std::string> keys;
  for (std::size_t left = 1 + generator_.Below(kBatch); left > 0; --left) {
    const std::size_t index = generator_.Below(tables_.size());
    const TableModel& table = tables_[index];
    const Json key = AnyKey(table);
    if (!keys.insert(table.name + key.dump()).second) {
      continue;  // the service takes a key once
    }
    Json& wanted = request["RequestItems"][table.name];
    if (wanted.is_null()) {
      wanted["ConsistentRead"] = generator_.OneIn(2);
      expected["Responses"][table.name] = Json::array();
    }
    wanted["Keys"].push_back(Respelled(key));
    const Json item = contents_[index].Get(key);
    if (!item.is_null()) {
      expected["Responses"][table.name].push_back(item);
    }
    units[table.name] += ReadUnits(item.is_null() ? 0 : ItemSize(item), wanted["ConsistentRead"]);
  }
  AskForCapacity(request);
  for (const auto& [table, figure] : units) {
    const Json capacity = Figure(request, table, figure);
    if (!capacity.is_null()) {
      expected["ConsumedCapacity"].push_back(capacity);
    }
  }
  // The order of the items is nobody's promise.
  Json answer = server_.Call("BatchGetItem", request);
  for (Json* side : {&answer, &expected}) {
    if (side->contains("Responses")) {
      for (Json& items : (*side)["Responses"]) {
        items = Sorted(items);
      }
    }
  }
  Compare("BatchGetItem", request, answer, expected);
}

std::vector<Json> Worker::Selected(const std::vector<Json>& items,
                                   const std::optional<Condition>& filter,
                                   const std::vector<Path>& projection) {
  std::vector<Json> selected;
  for (const Json& item : items) {
    if (!filter.has_value() || filter->Holds(item)) {
      selected.push_back(projection.empty() ? item : Select(item, projection));
    }
  }
  return selected;
}

void Worker::Query() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json partition = AnyPartition(table);
  QueryPages query{.view = table.key,
                   .request = {{"TableName", table.name}},
                   .rows = contents_[index].Rows(table.key, partition),
                   .filter = std::nullopt,
                   .projection = {},
                   .single = !table.key.range.has_value()};
  generator_.LookAt(query.rows.empty() ? Json() : generator_.Pick(query.rows));
  Substitutions substitutions;
  std::string keys =
      substitutions.Text({{table.key.hash.name, 0}}, 2) + " = " + substitutions.Text(partition);
  if (table.key.range.has_value() && generator_.OneIn(2)) {
    const Condition condition =
        generator_.SortCondition(table.key.range->name, table.key.range->type);
    keys += " AND " + condition.Text(substitutions);
    std::erase_if(query.rows, [&](const Json& row) { return !condition.Holds(row); });
    query.single = condition.word == "=";
  }
  query.request["KeyConditionExpression"] = keys;
  if (generator_.OneIn(2)) {
    query.filter = generator_.AnyCondition(kConditionDepth);
    query.request["FilterExpression"] = query.filter->Text(substitutions);
  }
  if (generator_.OneIn(3)) {
    query.request["Select"] = "COUNT";
  } else if (generator_.OneIn(2)) {
    query.projection = generator_.Projection();
    std::string text;
    for (const Path& path : query.projection) {
      text += (text.empty() ? "" : ", ") + substitutions.Text(path, 2);
    }
    query.request["ProjectionExpression"] = text;
  }
  if (generator_.OneIn(2)) {
    query.request["Limit"] = 1 + generator_.Below(5);
  }
  if (generator_.OneIn(2)) {
    query.request["ScanIndexForward"] = false;
    std::reverse(query.rows.begin(), query.rows.end());
  }
  query.request["ConsistentRead"] = generator_.OneIn(2);
  AskForCapacity(query.request);
  substitutions.AddTo(query.request);
  CheckPages(std::move(query));
}

void Worker::CheckPages(QueryPages query) {
  std::size_t first = 0;
  while (failure_.empty()) {
    const Json expected = ExpectedPage(query, first);
    Check("Query", query.request, expected);
    if (!expected.contains("LastEvaluatedKey")) {
      return;
    }
    query.request["ExclusiveStartKey"] = Respelled(expected["LastEvaluatedKey"]);
    first += expected["ScannedCount"].get<std::size_t>();
  }
}

Json Worker::ExpectedPage(const QueryPages& query, std::size_t first) {
  const std::size_t limit = query.request.value("Limit", query.rows.size() + 1);
  const std::size_t end = std::min(query.rows.size(), first + limit);
  const std::vector<Json> read(query.rows.begin() + static_cast<std::ptrdiff_t>(first),
                               query.rows.begin() + static_cast<std::ptrdiff_t>(end));
  const std::vector<Json> items = Selected(read, query.filter, query.projection);
  Json page = {{"Count", items.size()}, {"ScannedCount", read.size()}};
  if (!query.request.contains("Select")) {
    page["Items"] = items;
  }
  // Given whenever the limit is reached, also if nothing follows.
  if (!query.single && read.size() == limit) {
    page["LastEvaluatedKey"] = query.view.KeyOf(read.back());
  }
  std::size_t size = 0;
  for (const Json& item : read) {
    size += ItemSize(item);
  }
  AddFigure(query.request, ReadUnits(size, query.request["ConsistentRead"]), page);
  return page;
}

// Others write meanwhile, so only the writer's own items are known. They stand still, and pages and
// segments must find each of them once.
void Worker::Scan() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  std::optional<Condition> filter;
  std::vector<Path> projection;
  Substitutions substitutions;
  Json request = {{"TableName", table.name}, {"Limit", 1 + generator_.Below(20)}};
  if (generator_.OneIn(2)) {
    filter = generator_.AnyCondition(kConditionDepth);
    request["FilterExpression"] = filter->Text(substitutions);
  }
  if (generator_.OneIn(2)) {
    projection = generator_.Projection();
    projection.push_back({{table.key.hash.name, 0}});  // tells whose an item is
    std::string text;
    for (const Path& path : projection) {
      text += (text.empty() ? "" : ", ") + substitutions.Text(path, 2);
    }
    request["ProjectionExpression"] = text;
  }
  substitutions.AddTo(request);
  std::vector<Json> own;
  std::set<std::string> partitions;
  for (const auto& [key, item] : contents_[index].items()) {
    own.push_back(item);
    partitions.insert(key[table.key.hash.name].dump());
  }
  Json found = Json::array();
  const std::size_t segments = 1 + generator_.Below(kSegments);
  for (std::size_t segment = 0; segment < segments; ++segment) {
    Json pages = request;
    pages["Segment"] = segment;
    pages["TotalSegments"] = segments;
    Json page;
    do {
      page = server_.Call("Scan", pages);
      const Json items = page.value("Items", Json());
      if (items.is_null() || page["Count"] != items.size()) {
        return Fail("Scan", pages, page, "a page of items");
      }
      for (const Json& item : items) {
        if (partitions.contains(item[table.key.hash.name].dump())) {
          found.push_back(item);
        }
      }
      pages["ExclusiveStartKey"] = page.value("LastEvaluatedKey", Json());
    } while (page.contains("LastEvaluatedKey"));
  }
  Compare("Scan", request, Sorted(found), Sorted(Selected(own, filter, projection)));
}

}  // namespace weir::model
