// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_table.h"

#include <algorithm>
#include <set>
#include <utility>

namespace weir::model {
namespace {

constexpr std::size_t kReadUnit = 4096;
constexpr std::size_t kWriteUnit = 1024;

std::size_t Units(std::size_t bytes, std::size_t unit) {
  return std::max<std::size_t>(1, (bytes + unit - 1) / unit);
}

}  // namespace

Json View::KeyOf(const Json& item) const {
  Json key = Json::object();
  for (const KeyPart* part : {&hash, range.has_value() ? &*range : &hash}) {
    if (!item.contains(part->name) || !item[part->name].contains(part->type)) {
      return {};
    }
    key[part->name] = item[part->name];
  }
  return key;
}

void Charge::Add(const Charge& other) {
  table += other.table;
  for (const auto& [index, units] : other.local) {
    local[index] += units;
  }
  for (const auto& [index, units] : other.global) {
    global[index] += units;
  }
}

Json Charge::Figure(const Json& request, const std::string& table_name) const {
  const std::string wanted = request.value("ReturnConsumedCapacity", "NONE");
  if (wanted == "NONE") {
    return {};
  }
  Json figure = {{"TableName", table_name}};
  double sum = table;
  for (const auto& [member, indexes] :
       {std::pair("LocalSecondaryIndexes", &local), std::pair("GlobalSecondaryIndexes", &global)}) {
    for (const auto& [index, units] : *indexes) {
      sum += units;
      if (wanted == "INDEXES") {
        figure[member][index]["CapacityUnits"] = units;
      }
    }
  }
  if (wanted == "INDEXES") {
    figure["Table"]["CapacityUnits"] = table;
  }
  figure["CapacityUnits"] = sum;
  return figure;
}

Json TableModel::Position(const IndexModel& index, const Json& item) const {
  Json position = index.view.KeyOf(item);
  if (!position.is_null()) {
    position.update(key.KeyOf(item));
  }
  return position;
}

Json TableModel::Entry(const IndexModel& index, const Json& item) const {
  Json entry = item.is_null() ? Json() : Position(index, item);
  if (entry.is_null() || index.projection == "ALL") {
    return entry.is_null() ? Json() : item;
  }
  for (const std::string& attribute : index.included) {
    if (item.contains(attribute)) {
      entry[attribute] = item[attribute];
    }
  }
  return entry;
}

Charge TableModel::WriteCharge(const Json& before, const Json& after) const {
  Charge charge;
  charge.table = WriteUnits(before, after);
  for (const IndexModel& index : indexes) {
    const Json old_entry = Entry(index, before);
    const Json new_entry = Entry(index, after);
    if (old_entry == new_entry) {
      continue;
    }
    const bool moved = !old_entry.is_null() && !new_entry.is_null() &&
                       index.view.KeyOf(old_entry) != index.view.KeyOf(new_entry);
    (index.local ? charge.local : charge.global)[index.view.index_name] =
        moved ? WriteUnits(old_entry, {}) + WriteUnits({}, new_entry)
              : WriteUnits(old_entry, new_entry);
  }
  return charge;
}

Json TableModel::CreateRequest() const {
  Json request = {
      {"TableName", name},
      {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}}}};
  std::set<std::string> defined;
  const auto define = [&](const KeyPart& part) {
    if (defined.insert(part.name).second) {
      request["AttributeDefinitions"].push_back(
          {{"AttributeName", part.name}, {"AttributeType", part.type}});
    }
  };
  const auto schema = [&](const View& view) {
    define(view.hash);
    Json elements = Json::array({{{"AttributeName", view.hash.name}, {"KeyType", "HASH"}}});
    if (view.range.has_value()) {
      define(*view.range);
      elements.push_back({{"AttributeName", view.range->name}, {"KeyType", "RANGE"}});
    }
    return elements;
  };
  request["KeySchema"] = schema(key);
  for (const IndexModel& index : indexes) {
    Json created = {{"IndexName", index.view.index_name},
                    {"KeySchema", schema(index.view)},
                    {"Projection", {{"ProjectionType", index.projection}}}};
    if (!index.included.empty()) {
      created["Projection"]["NonKeyAttributes"] = index.included;
    }
    if (provisioned && !index.local) {
      created["ProvisionedThroughput"] = {{"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 5}};
    }
    request[index.local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes"].push_back(created);
  }
  if (provisioned) {
    request["ProvisionedThroughput"] = {{"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 5}};
  } else {
    request["BillingMode"] = "PAY_PER_REQUEST";
  }
  return request;
}

bool KeyLess::operator()(const Json& a, const Json& b) const {
  const int partitions = *Order(a[view.hash.name], b[view.hash.name]);
  if (partitions != 0 || !view.range.has_value()) {
    return partitions < 0;
  }
  return *Order(a[view.range->name], b[view.range->name]) < 0;
}

Json Contents::Get(const Json& key) const {
  const auto found = items_.find(key);
  return found == items_.end() ? Json() : found->second;
}

void Contents::Set(const Json& key, const Json& item) {
  const Json before = Get(key);
  if (before == item) {
    return;
  }
  if (item.is_null()) {
    items_.erase(key);
  } else {
    items_[key] = item;
  }
  history_[key.dump()].push_back({before, item});
}

std::vector<Json> Contents::Rows(const View& view, const Json& partition) const {
  std::vector<std::pair<Json, Json>> rows;  // each with its key in the view
  for (const auto& [key, item] : items_) {
    const Json view_key = view.KeyOf(item);
    if (!view_key.is_null() && view_key[view.hash.name] == partition) {
      rows.emplace_back(view_key, item);
    }
  }
  const KeyLess less{view};
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto& a, const auto& b) { return less(a.first, b.first); });
  std::vector<Json> items;
  items.reserve(rows.size());
  for (const auto& [key, item] : rows) {
    items.push_back(item);
  }
  return items;
}

double ReadUnits(std::size_t bytes, bool consistent) {
  return static_cast<double>(Units(bytes, kReadUnit)) / (consistent ? 1 : 2);
}

double WriteUnits(const Json& before, const Json& after) {
  const auto size = [](const Json& item) { return item.is_null() ? 0 : ItemSize(item); };
  return static_cast<double>(Units(std::max(size(before), size(after)), kWriteUnit));
}

}  // namespace weir::model
