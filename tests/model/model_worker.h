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

// Sends random requests and knows what each answer has to be. Several work on the same tables at
// once, each on partitions that are its alone; so its model is exact whatever the others do. Runs
// on one thread and asserts nothing by itself, since Catch2 takes assertions from one thread only.
class Worker {
 public:
  Worker(ModelServer& server, const std::vector<TableModel>& tables, unsigned number,
         std::uint64_t seed);

  // Ends at the first answer that is not right.
  void Run(int operations);

  // What was wrong, with the request and both answers; empty if nothing was.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // One for each table.
  [[nodiscard]] const std::vector<Contents>& contents() const { return contents_; }

 private:
  // One of the writer's own keys in a table.
  Json AnyKey(const TableModel& table);
  Json AnyPartition(const TableModel& table);
  Json AnyItem(const TableModel& table);
  // A value for an attribute of index keys, "g", "h" or "r": partitions of indexes, too, are of one
  // writer alone.
  Json IndexKeyValue(const std::string& name);
  // Changes to those attributes, as part of an update.
  void AddIndexKeyActions(model::Update& update);
  // The same key, its numbers spelled in another way.
  Json Respelled(const Json& key);
  // A table, one of the writer's keys in it, and the item under it, at which the generator looks.
  struct Target {
    const TableModel& table;
    Contents& contents;
    Json key;
    Json item;  // null when there is none
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
  // One of those that follow.
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

  // Sends a request and holds the answer against what it has to be.
  void Check(const char* operation, const Json& request, const Json& expected);
  void Compare(const char* operation, const Json& request, const Json& answer,
               const Json& expected);
  void CheckFault(const char* operation, const Json& request,
                  const std::vector<std::string>& texts);
  void Fail(const char* operation, const Json& request, const Json& answer,
            const std::string& expected);

  // A condition on a write, in the request and as the model has it.
  std::optional<Condition> AddCondition(Json& request, Substitutions& substitutions);
  // Whether the condition refuses the write; then the answer has been checked.
  bool Refused(const char* operation, const Json& request,
               const std::optional<Condition>& condition, const Json& before);
  // Asks for ConsumedCapacity or not; puts it into the answer if it was asked for.
  void AskForCapacity(Json& request);
  static void AddFigure(const Json& request, const Charge& charge, Json& expected);
  static void AddFigure(const Json& request, const std::string& table, const Charge& charge,
                        Json& expected);

  // The parts of a transaction.
  struct TransactAction;
  class TableFigures;
  // A random action that is added to `actions`; none if the model knows no answer for it.
  std::optional<TransactAction> AddAction(Json& actions);
  // Up to `most` of what `add` makes, each on an item of its own, and the same in `list`.
  std::vector<TransactAction> AddDistinct(
      std::size_t most, Json& list, const std::function<std::optional<TransactAction>(Json&)>& add);
  // Whether the update stays within what the model knows.
  bool AddUpdate(const Json& before, Json& body, Substitutions& substitutions,
                 TransactAction& action);
  // The answer to a transaction, and what it makes of the items.
  void CheckTransaction(const char* operation, Json request,
                        const std::vector<TransactAction>& actions, Json expected);
  void CheckCanceled(const char* operation, const Json& request,
                     const std::vector<TransactAction>& actions);

  // The parts of a PartiQL statement. `"pk" = ? AND "sk" = ?`:
  static std::string KeyText(const Json& key, Substitutions& substitutions);
  static std::string InsertText(const TableModel& table, const Json& item,
                                Substitutions& substitutions);
  // An INSERT, UPDATE, DELETE or EXISTS for a transaction, or a batch, which takes no EXISTS.
  std::optional<TransactAction> AddStatement(Json& statements, bool transaction);
  model::Update AnyStatementUpdate();
  // Adds a condition to the WHERE clause that the text ends with.
  Condition AddToWhere(std::string& text, Substitutions& substitutions);

  // Larger items would reach limits that the model does not know; updates can double them.
  static bool IsModest(const Json& item);

  static std::string ProjectionText(const std::vector<Path>& paths, Substitutions& substitutions);

  // Asks for ItemCollectionMetrics or not, and puts them into the answer.
  void AddMetrics(const TableModel& table, const Json& key, Json& request, Json& expected);

  // One query, all of its pages: `rows` are those of the partition that its key condition lets
  // through, in the order of the answer.
  struct QueryPages {
    const TableModel* table = nullptr;
    const IndexModel* index = nullptr;  // null: the table itself
    Json request;
    std::vector<Json> rows;
    std::optional<Condition> filter;
    std::vector<Path> projection;
    bool single = false;  // the whole key is given, so there is but one page
  };
  void CheckPages(QueryPages query);
  // The page that starts with the row `first`.
  static Json ExpectedPage(const QueryPages& query, std::size_t first);
  // What an answer shows of an item before its projection, and what it costs to read items.
  static Json Shown(const QueryPages& query, const Json& item);
  static Charge ReadCharge(const QueryPages& query, const std::vector<Json>& items);
  // Expressions and options of a query that any table or index takes.
  void AddOptions(QueryPages& query, Substitutions& substitutions);
  // The rows of an index in the order in which it gives them, which says no more of those with
  // equal sort keys than that it stays.
  std::optional<std::vector<Json>> IndexRows(const QueryPages& query);
  // What a filter and a projection, if there are any, leave of items.
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
