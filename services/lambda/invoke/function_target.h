// SPDX-License-Identifier: Apache-2.0
// FunctionTarget: functions as targets of records.
#pragma once

#include "consumers/target.h"
#include "services/lambda/function_directory.h"

namespace weir::lambda {

// Thread-safe. `directory` and `invoker` must outlive it.
class FunctionTarget final : public consumers::Target {
 public:
  FunctionTarget(const FunctionDirectory& directory, Invoker& invoker)
      : directory_(directory), invoker_(invoker) {}

  // Looks the function up anew, so that each call finds its present code, alias and concurrency.
  void Call(consumers::TargetCall call, Done done) override;

 private:
  const FunctionDirectory& directory_;
  Invoker& invoker_;
};

}  // namespace weir::lambda
