// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_table.h"

#include <algorithm>
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

Json TableModel::CreateRequest() const {
  Json request = {
      {"TableName", name},
      {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}}}};
  const auto add = [&](const KeyPart& part, const char* type) {
    request["AttributeDefinitions"].push_back(
        {{"AttributeName", part.name}, {"AttributeType", part.type}});
    request["KeySchema"].push_back({{"AttributeName", part.name}, {"KeyType", type}});
  };
  add(key.hash, "HASH");
  if (key.range.has_value()) {
    add(*key.range, "RANGE");
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
  std::vector<std::pair<Json, Json>> rows;  // by their key in the view
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
