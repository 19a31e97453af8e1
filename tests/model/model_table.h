// SPDX-License-Identifier: Apache-2.0
// Tables of the model: the items by key, and the history of each key.
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

// What a read can address: a table or one of its indexes. An item is in the view if it has all its
// key attributes, each of the right type.
struct View {
  KeyPart hash;
  std::optional<KeyPart> range;
  std::string index_name;  // empty for the table itself

  // The item's key attributes alone; null if the item lacks one of them.
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
  std::map<std::string, double> local;  // by name of the index; only indexes that were charged
  std::map<std::string, double> global;

  void Add(const Charge& other);
  // ConsumedCapacity as the request asks for it; null if it does not.
  [[nodiscard]] Json Figure(const Json& request, const std::string& table_name) const;
};

struct TableModel {
  std::string name;
  View key;
  bool provisioned = false;  // 5 read and 5 write units, which is one partition
  std::vector<IndexModel> indexes;

  // The attributes of an item that an index has; null if the item is not in the index.
  [[nodiscard]] Json Entry(const IndexModel& index, const Json& item) const;
  // The attributes that give an item's place in an index: the index's key and the table's. Null if
  // the item is not in the index.
  [[nodiscard]] Json Position(const IndexModel& index, const Json& item) const;

  // The charge of a write. An index is charged only if its entry for the item changes. An entry
  // whose key changes is charged as a delete and a put.
  [[nodiscard]] Charge WriteCharge(const Json& before, const Json& after) const;

  // The request that creates the table, with a stream that shows both images.
  [[nodiscard]] Json CreateRequest() const;
};

// A write that changed something. The images are null for no item.
struct Change {
  Json before;
  Json after;
};

// Orders keys by partition, then by sort key in the order of Query.
struct KeyLess {
  View view;
  bool operator()(const Json& a, const Json& b) const;
};

// The items of one table that belong to one writer, and their history.
class Contents {
 public:
  explicit Contents(const TableModel& table) : items_(KeyLess{table.key}) {}

  // The item with the key; null if there is none.
  [[nodiscard]] Json Get(const Json& key) const;
  // Replaces the item with the key; null deletes it. Adds a Change to the history if something
  // changed.
  void Set(const Json& key, const Json& item);

  using Items = std::map<Json, Json, KeyLess>;
  [[nodiscard]] const Items& items() const { return items_; }
  // The changes of each key, in order, by the key's JSON text.
  [[nodiscard]] const std::map<std::string, std::vector<Change>>& history() const {
    return history_;
  }
  // The items that a view has in one partition, ascending by its sort key. An index may have items
  // with equal sort keys; these ascend by table key.
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
