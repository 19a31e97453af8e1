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

std::string Worker::ProjectionText(const std::vector<Path>& paths, Substitutions& substitutions) {
  std::string text;
  for (const Path& path : paths) {
    text += (text.empty() ? "" : ", ") + substitutions.Text(path, 2);
  }
  return text;
}

void Worker::Get() {
  const auto [table, contents, key, item] = AnyTarget();
  Json request = {{"TableName", table.name}, {"Key", Respelled(key)}};
  request["ConsistentRead"] = generator_.OneIn(2);
  AskForCapacity(request);
  Substitutions substitutions;
  std::vector<Path> projection;
  if (generator_.OneIn(2)) {
    projection = generator_.Projection();
    request["ProjectionExpression"] = ProjectionText(projection, substitutions);
  }
  substitutions.AddTo(request);
  Json expected = Json::object();
  if (!item.is_null()) {
    expected["Item"] = projection.empty() ? item : Select(item, projection);
  }
  const std::size_t size = item.is_null() ? 0 : ItemSize(item);
  AddFigure(request, {ReadUnits(size, request["ConsistentRead"]), {}, {}}, expected);
  Check("GetItem", request, expected);
}

void Worker::BatchGet() {
  Json request = {{"RequestItems", Json::object()}};
  Json expected = {{"Responses", Json::object()}, {"UnprocessedKeys", Json::object()}};
  std::map<std::string, Charge> charges;
  std::set<std::string> keys;
  for (std::size_t left = 1 + generator_.Below(kBatch); left > 0; --left) {
    const std::size_t index = generator_.Below(tables_.size());
    const TableModel& table = tables_[index];
    const Json key = AnyKey(table);
    if (!keys.insert(table.name + key.dump()).second) {
      continue;  // the service takes each key only once
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
    charges[table.name].table +=
        ReadUnits(item.is_null() ? 0 : ItemSize(item), wanted["ConsistentRead"]);
  }
  AskForCapacity(request);
  for (const auto& [table, charge] : charges) {
    const Json capacity = charge.Figure(request, table);
    if (!capacity.is_null()) {
      expected["ConsumedCapacity"].push_back(capacity);
    }
  }
  // The service does not define the order of the items.
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

Json Worker::Shown(const QueryPages& query, const Json& item) {
  const bool whole =
      query.index == nullptr || query.request.value("Select", "") == "ALL_ATTRIBUTES";
  return whole ? item : query.table->Entry(*query.index, item);
}

Charge Worker::ReadCharge(const QueryPages& query, const std::vector<Json>& items) {
  const bool consistent = query.request["ConsistentRead"];
  std::size_t size = 0;
  for (const Json& item : items) {
    size += ItemSize(query.index == nullptr ? item : query.table->Entry(*query.index, item));
  }
  Charge charge;
  if (query.index == nullptr) {
    charge.table = ReadUnits(size, consistent);
    return charge;
  }
  const std::string& name = query.index->view.index_name;
  (query.index->local ? charge.local : charge.global)[name] = ReadUnits(size, consistent);
  // For ALL_ATTRIBUTES, a local index that lacks some fetches each item from the table.
  const bool fetches = query.index->local && query.index->projection != "ALL" &&
                       query.request.value("Select", "") == "ALL_ATTRIBUTES";
  for (const Json& item : items) {
    charge.table += fetches ? ReadUnits(ItemSize(item), consistent) : 0;
  }
  return charge;
}

void Worker::AddOptions(QueryPages& query, Substitutions& substitutions) {
  const bool whole = query.index == nullptr || query.index->projection == "ALL";
  if (whole && generator_.OneIn(2)) {
    query.filter = generator_.AnyCondition(kConditionDepth);
    query.request["FilterExpression"] = query.filter->Text(substitutions);
  }
  if (generator_.OneIn(3)) {
    query.request["Select"] = "COUNT";
  } else if (query.index != nullptr && query.index->local && generator_.OneIn(2)) {
    query.request["Select"] = "ALL_ATTRIBUTES";
  } else if (whole && generator_.OneIn(2)) {
    query.projection = generator_.Projection();
    query.request["ProjectionExpression"] = ProjectionText(query.projection, substitutions);
  }
  if (generator_.OneIn(2)) {
    query.request["Limit"] = 1 + generator_.Below(5);
  }
  if (generator_.OneIn(2)) {
    query.request["ScanIndexForward"] = false;
    std::reverse(query.rows.begin(), query.rows.end());
  }
  const bool global = query.index != nullptr && !query.index->local;
  query.request["ConsistentRead"] = !global && generator_.OneIn(2);
  AskForCapacity(query.request);
}

void Worker::Query() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  const Json partition = AnyPartition(table);
  QueryPages query{.table = &table,
                   .index = nullptr,
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
  AddOptions(query, substitutions);
  substitutions.AddTo(query.request);
  CheckPages(std::move(query));
}

std::optional<std::vector<Json>> Worker::IndexRows(const QueryPages& query) {
  const KeyLess less{query.index->view};
  Json entries = Json::array();
  for (const Json& row : query.rows) {
    entries.push_back(query.table->Entry(*query.index, row));
  }
  const Json answer = server_.Call("Query", query.request);
  const Json items = answer.value("Items", Json::array());
  const auto in_order = [&](const Json& a, const Json& b) {
    return less(query.index->view.KeyOf(a), query.index->view.KeyOf(b));
  };
  if (!std::is_sorted(items.begin(), items.end(), in_order)) {
    Fail("Query", query.request, answer, "items in the order of the index");
    return std::nullopt;
  }
  Compare("Query", query.request, Sorted(items), Sorted(entries));
  std::vector<Json> rows;
  for (const Json& item : items) {
    const Json key = query.table->key.KeyOf(item);
    const auto found = std::find_if(query.rows.begin(), query.rows.end(), [&](const Json& row) {
      return query.table->key.KeyOf(row) == key;
    });
    if (found == query.rows.end()) {
      return std::nullopt;  // Compare has noted it
    }
    rows.push_back(*found);
  }
  return rows;
}

void Worker::QueryIndex() {
  const std::size_t number = generator_.Below(tables_.size());
  const TableModel& table = tables_[number];
  if (table.indexes.empty()) {
    return;
  }
  const IndexModel& index = generator_.Pick(table.indexes);
  const View& view = index.view;
  const Json partition =
      index.local ? AnyPartition(table) : Canonical(IndexKeyValue(view.hash.name));
  QueryPages query{.table = &table,
                   .index = &index,
                   .request = {{"TableName", table.name}, {"IndexName", view.index_name}},
                   .rows = contents_[number].Rows(view, partition),
                   .filter = std::nullopt,
                   .projection = {},
                   .single = false};
  generator_.LookAt(query.rows.empty() ? Json() : generator_.Pick(query.rows));
  Substitutions substitutions;
  std::string keys =
      substitutions.Text({{view.hash.name, 0}}, 2) + " = " + substitutions.Text(partition);
  if (view.range.has_value() && generator_.OneIn(2)) {
    const Condition condition = generator_.SortCondition(view.range->name, view.range->type);
    keys += " AND " + condition.Text(substitutions);
    std::erase_if(query.rows, [&](const Json& row) { return !condition.Holds(row); });
  }
  query.request["KeyConditionExpression"] = keys;
  QueryPages all = query;
  substitutions.AddTo(all.request);
  const std::optional<std::vector<Json>> rows = IndexRows(all);
  if (rows.has_value()) {
    query.rows = *rows;
    AddOptions(query, substitutions);
    substitutions.AddTo(query.request);
    CheckPages(std::move(query));
  }
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
  std::vector<Json> shown;
  shown.reserve(read.size());
  for (const Json& item : read) {
    shown.push_back(Shown(query, item));
  }
  const std::vector<Json> items = Selected(shown, query.filter, query.projection);
  Json page = {{"Count", items.size()}, {"ScannedCount", read.size()}};
  if (query.request.value("Select", "") != "COUNT") {
    page["Items"] = items;
  }
  // The service gives a key whenever the limit is reached, even if nothing follows.
  if (!query.single && read.size() == limit) {
    page["LastEvaluatedKey"] = query.index == nullptr
                                   ? query.table->key.KeyOf(read.back())
                                   : query.table->Position(*query.index, read.back());
  }
  AddFigure(query.request, ReadCharge(query, read), page);
  return page;
}

// Other writers write meanwhile, so only this writer's items are known. They do not change, and the
// pages of all segments must have each of them once.
void Worker::Scan() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  std::optional<Condition> filter;
  std::vector<Path> projection;
  Substitutions substitutions;
  Json request = {{"TableName", table.name}, {"Limit", 1 + generator_.Below(20)}};
  const IndexModel* view =
      table.indexes.empty() || generator_.OneIn(2) ? nullptr : &generator_.Pick(table.indexes);
  if (view != nullptr) {
    request["IndexName"] = view->view.index_name;
  }
  const bool whole = view == nullptr || view->projection == "ALL";
  if (whole && generator_.OneIn(2)) {
    filter = generator_.AnyCondition(kConditionDepth);
    request["FilterExpression"] = filter->Text(substitutions);
  }
  if (whole && generator_.OneIn(2)) {
    projection = generator_.Projection();
    projection.push_back({{table.key.hash.name, 0}});  // shows which writer's an item is
    request["ProjectionExpression"] = ProjectionText(projection, substitutions);
  }
  substitutions.AddTo(request);
  std::vector<Json> own;
  std::set<std::string> partitions;
  for (const auto& [key, item] : contents_[index].items()) {
    const Json shown = view == nullptr ? item : table.Entry(*view, item);
    if (!shown.is_null()) {
      own.push_back(shown);
    }
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
