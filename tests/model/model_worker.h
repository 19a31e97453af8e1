// SPDX-License-Identifier: Apache-2.0
// One writer of the model test.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/model_generator.h"
#include "tests/model/model_server.h"
#include "tests/model/model_table.h"

namespace weir::model {

// Sends random requests and knows the right answer to each. Several writers work on the same tables
// at once, each on partitions of its own, so that each one's model is exact whatever the others do.
// Each runs on one thread. It notes a failure instead of asserting, since Catch2 takes assertions
// from one thread only.
class Worker {
 public:
  Worker(ModelServer& server, const std::vector<TableModel>& tables, unsigned number,
         std::uint64_t seed);

  // Ends at the first wrong answer.
  void Run(int operations);

  // The first wrong answer, with its request and the answer that was expected; empty if all were
  // right.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // What the writer's keys hold, for each table.
  [[nodiscard]] const std::vector<Contents>& contents() const { return contents_; }

 private:
  // One of the writer's own keys in a table.
  Json AnyKey(const TableModel& table);
  Json AnyPartition(const TableModel& table);
  Json AnyItem(const TableModel& table);
  // A value for an attribute of index keys: "g", "h" or "r". No other writer uses the values of
  // "g", so each partition of a global index, too, belongs to one writer.
  Json IndexKeyValue(const std::string& name);
  // Adds changes of attributes of index keys to an update.
  void AddIndexKeyActions(model::Update& update);
  // The key with its numbers spelled in another way.
  Json Respelled(const Json& key);
  // A table, one of the writer's keys in it, and the item with that key. AnyTarget() also makes the
  // generator look at the item.
  struct Target {
    const TableModel& table;
    Contents& contents;
    Json key;
    Json item;  // null if there is none
  };
  Target AnyTarget();

  void Put();
  void Update();
  void Delete();
  void BatchWrite();
  void TransactWrite();
  void Get();
  void BatchGet();
  void TransactGet();
  // Runs one of the functions for statements that follow.
  void Statement();
  void InsertStatement();
  void UpdateStatement();
  void DeleteStatement();
  void SelectStatement();
  void BatchStatements();
  void TransactStatements();
  void Query();
  void QueryIndex();
  void Scan();

  // Sends a request and compares the answer with `expected`.
  void Check(const char* operation, const Json& request, const Json& expected);
  void Compare(const char* operation, const Json& request, const Json& answer,
               const Json& expected);
  void CheckFault(const char* operation, const Json& request,
                  const std::vector<std::string>& texts);
  void Fail(const char* operation, const Json& request, const Json& answer,
            const std::string& expected);

  // Adds a condition to a write, or none, and returns it.
  std::optional<Condition> AddCondition(Json& request, Substitutions& substitutions);
  // Whether the condition refuses the write. If so, sends the request and checks its answer.
  bool Refused(const char* operation, const Json& request,
               const std::optional<Condition>& condition, const Json& before);
  // AskForCapacity may ask for ConsumedCapacity in the request. AddFigure adds it to the expected
  // answer if the request asks for it.
  void AskForCapacity(Json& request);
  static void AddFigure(const Json& request, const Charge& charge, Json& expected);
  static void AddFigure(const Json& request, const std::string& table, const Charge& charge,
                        Json& expected);

  // The parts of a transaction.
  struct TransactAction;
  class TableFigures;
  // Adds a random action to `actions`; nullopt if its item would be too large for the model
  // (IsModest).
  std::optional<TransactAction> AddAction(Json& actions);
  // Calls `add` up to `most` times. Keeps the actions that are on distinct items, and adds their
  // JSON to `list`.
  std::vector<TransactAction> AddDistinct(
      std::size_t most, Json& list, const std::function<std::optional<TransactAction>(Json&)>& add);
  // Makes `body` an update. Returns false if it makes an item too large for the model (IsModest).
  bool AddUpdate(const Json& before, Json& body, Substitutions& substitutions,
                 TransactAction& action);
  // Sends a transaction and checks its answer; if it succeeds, changes the model's items.
  void CheckTransaction(const char* operation, Json request,
                        const std::vector<TransactAction>& actions, Json expected);
  void CheckCanceled(const char* operation, const Json& request,
                     const std::vector<TransactAction>& actions);

  // The parts of a PartiQL statement. `"pk" = ? AND "sk" = ?`:
  static std::string KeyText(const Json& key, Substitutions& substitutions);
  static std::string InsertText(const TableModel& table, const Json& item,
                                Substitutions& substitutions);
  // Adds an INSERT, UPDATE or DELETE for a transaction or a batch; for a transaction also an
  // EXISTS. nullopt if its item would be too large for the model.
  std::optional<TransactAction> AddStatement(Json& statements, bool transaction);
  model::Update AnyStatementUpdate();
  // Adds a condition to the WHERE clause at the end of the text, and returns it.
  Condition AddToWhere(std::string& text, Substitutions& substitutions);

  // Whether the item is small enough for the model: larger ones, which updates may double, could
  // reach limits that it does not know.
  static bool IsModest(const Json& item);

  static std::string ProjectionText(const std::vector<Path>& paths, Substitutions& substitutions);

  // May ask for ItemCollectionMetrics in the request, and then adds them to the expected answer.
  void AddMetrics(const TableModel& table, const Json& key, Json& request, Json& expected);

  // A query with all of its pages. `rows` are the rows of the partition that meet its key
  // condition, in the order of the answer.
  struct QueryPages {
    const TableModel* table = nullptr;
    const IndexModel* index = nullptr;  // nullptr for the table itself
    Json request;
    std::vector<Json> rows;
    std::optional<Condition> filter;
    std::vector<Path> projection;
    bool single = false;  // the whole key is given, so there is only one page
  };
  void CheckPages(QueryPages query);
  // The expected page that starts with the row `first`.
  static Json ExpectedPage(const QueryPages& query, std::size_t first);
  // What an answer would show of an item without ProjectionExpression, and what reading the items
  // costs.
  static Json Shown(const QueryPages& query, const Json& item);
  static Charge ReadCharge(const QueryPages& query, const std::vector<Json>& items);
  // Adds expressions and options that any table or index takes to a query.
  void AddOptions(QueryPages& query, Substitutions& substitutions);
  // Reads the rows of an index in the order in which Weir answers them, and checks them. The order
  // of rows with equal sort keys is undefined, but must stay the same, so later pages are checked
  // against this one. nullopt on failure.
  std::optional<std::vector<Json>> IndexRows(const QueryPages& query);
  // The items that the filter lets through, with the attributes that the projection selects; all if
  // there is none.
  static std::vector<Json> Selected(const std::vector<Json>& items,
                                    const std::optional<Condition>& filter,
                                    const std::vector<Path>& projection);

  ModelServer& server_;
  const std::vector<TableModel>& tables_;
  const unsigned number_;
  unsigned transactions_ = 0;
  Generator generator_;
  std::vector<Contents> contents_;
  std::string failure_;
};

}  // namespace weir::model
