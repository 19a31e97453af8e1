// SPDX-License-Identifier: Apache-2.0
// Tables of the model: a map of items, and what has happened to each key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/model/model_value.h"

namespace weir::model {

struct KeyPart {
  std::string name;
  std::string type;  // "S", "N" or "B"
};

// What a read can address: a table, or an index of one. An item is in it if it has all key
// attributes in their types.
struct View {
  KeyPart hash;
  std::optional<KeyPart> range;
  std::string index_name;  // empty: the table itself

  // The key attributes alone; null if the item has not all of them.
  [[nodiscard]] Json KeyOf(const Json& item) const;
  [[nodiscard]] bool IsKey(const std::string& name) const {
    return hash.name == name || (range.has_value() && range->name == name);
  }
};

struct IndexModel {
  View view;  // a local index has the table's hash attribute
  bool local = false;
  std::string projection;             // "ALL", "KEYS_ONLY" or "INCLUDE"
  std::vector<std::string> included;  // of INCLUDE
};

// Units charged for one request.
struct Charge {
  double table = 0;
  std::map<std::string, double> local;  // by index, those that were charged
  std::map<std::string, double> global;

  void Add(const Charge& other);
  // ConsumedCapacity, if the request asks for it; else null.
  [[nodiscard]] Json Figure(const Json& request, const std::string& table_name) const;
};

struct TableModel {
  std::string name;
  View key;
  bool provisioned = false;  // 5 read and 5 write units, which is one partition
  std::vector<IndexModel> indexes;

  // What an index shows of an item; null if the item is not in it.
  [[nodiscard]] Json Entry(const IndexModel& index, const Json& item) const;
  // The attributes that say where in an index an item stands: the index's key and the table's.
  [[nodiscard]] Json Position(const IndexModel& index, const Json& item) const;

  // An index costs only if its view of the item changes. An entry whose key changes is deleted and
  // put.
  [[nodiscard]] Charge WriteCharge(const Json& before, const Json& after) const;

  // The request that creates it, with a stream that shows both images.
  [[nodiscard]] Json CreateRequest() const;
};

// One effective write; null for no item.
struct Change {
  Json before;
  Json after;
};

// Keys by partition, then by sort key, in the order of Query.
struct KeyLess {
  View view;
  bool operator()(const Json& a, const Json& b) const;
};

// The items of one table under the keys of one writer, and their history.
class Contents {
 public:
  explicit Contents(const TableModel& table) : items_(KeyLess{table.key}) {}

  // Null when there is none.
  [[nodiscard]] Json Get(const Json& key) const;
  // Replaces the item under the key; null takes it away. What changes nothing is no change.
  void Set(const Json& key, const Json& item);

  using Items = std::map<Json, Json, KeyLess>;
  [[nodiscard]] const Items& items() const { return items_; }
  // By the text of the key.
  [[nodiscard]] const std::map<std::string, std::vector<Change>>& history() const {
    return history_;
  }
  // The items that a view holds for one partition, ascending by its sort key. Items with equal sort
  // keys, which an index may have, stand in the order of their table keys.
  [[nodiscard]] std::vector<Json> Rows(const View& view, const Json& partition) const;

 private:
  Items items_;
  std::map<std::string, std::vector<Change>> history_;
};

// Units, as AWS charges them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
double ReadUnits(std::size_t bytes, bool consistent);
double WriteUnits(const Json& before, const Json& after);

}  // namespace weir::model
