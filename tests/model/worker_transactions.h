// SPDX-License-Identifier: Apache-2.0
// What the model's transactions and its batches of statements have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/model/model_worker.h"

namespace weir::model {

// One action or statement, and its outcome by the model.
struct Worker::TransactAction {
  std::size_t table = 0;
  Json key;
  Json after;
  Json reason = {{"Code", "None"}};
  // The reason if another action cancels the transaction; null for `reason`. For a conditional
  // DELETE of a missing item, which does not cancel by itself.
  Json reason_if_canceled = nullptr;
  std::vector<std::string> faults;  // texts of a ValidationError; any of them may be the answer

  [[nodiscard]] bool refused() const { return !faults.empty() || reason["Code"] != "None"; }
};

// Charges by table, in the order in which the request names the tables.
class Worker::TableFigures {
 public:
  Charge& operator[](const std::string& table);
  // Adds ConsumedCapacity to `expected` if the request asks for it. Transactions give each figure
  // twice: as CapacityUnits and by the name `kind`.
  void AddTo(Json& expected, const Json& request, const char* kind) const;

 private:
  std::vector<std::pair<std::string, Charge>> charges_;
};

}  // namespace weir::model
