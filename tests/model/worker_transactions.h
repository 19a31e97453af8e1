// SPDX-License-Identifier: Apache-2.0
// What the model's transactions, batches of statements included, have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/model/model_worker.h"

namespace weir::model {

// One action or statement, and what the model says of it.
struct Worker::TransactAction {
  std::size_t table = 0;
  Json key;
  Json after;
  Json reason = {{"Code", "None"}};
  // Of a conditional DELETE of nothing: it fails only where another action does.
  Json reason_if_canceled = nullptr;
  std::vector<std::string> faults;  // texts of a ValidationError, any of which will do

  [[nodiscard]] bool refused() const { return !faults.empty() || reason["Code"] != "None"; }
};

// Figures by table, in the order in which a request names its tables.
class Worker::TableFigures {
 public:
  Charge& operator[](const std::string& table);
  // Each figure of transactions stands twice, the second time as units of `kind`.
  void AddTo(Json& expected, const Json& request, const char* kind) const;

 private:
  std::vector<std::pair<std::string, Charge>> charges_;
};

}  // namespace weir::model
