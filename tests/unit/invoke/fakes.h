// SPDX-License-Identifier: Apache-2.0
// Functions, and hosts of functions, as tests want them.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mutex.h"
#include "runtimes/function_host.h"
#include "services/lambda/function_directory.h"

namespace weir::testing {

using runtimes::InvokeOutcome;
using runtimes::InvokeRequest;
using Kind = InvokeOutcome::Kind;

inline runtimes::FunctionSpecPtr Spec(
    std::string name, runtimes::Placement placement = runtimes::Placement::kProcess) {
  auto spec = std::make_shared<runtimes::FunctionSpec>();
  spec->name = std::move(name);
  spec->region = "eu-west-1";
  spec->account = "000000000000";
  spec->placement = placement;
  spec->log_group = "/aws/lambda/" + spec->name;
  return spec;
}

inline lambda::FunctionRef Ref(runtimes::FunctionSpecPtr spec,
                               std::optional<int> reserved = std::nullopt) {
  lambda::FunctionRef ref;
  ref.arn = spec->Arn();
  ref.spec = std::move(spec);
  ref.reserved_concurrency = reserved;
  return ref;
}

// Keeps invocations until the test ends them, or ends them at once, as `answer` says.
class FakeHost final : public runtimes::FunctionHost {
 public:
  struct Call {
    runtimes::FunctionSpecPtr function;
    InvokeRequest request;
    Done done;
  };

  // How each invocation ends at once; empty: it waits for Take.
  std::function<InvokeOutcome(const Call&)> answer;

  void Invoke(runtimes::FunctionSpecPtr function, InvokeRequest request, Done done) override {
    Call call{std::move(function), std::move(request), std::move(done)};
    {
      const MutexLock lock(mutex_);
      seen_.push_back(call.request);
      if (answer == nullptr) {
        waiting_.push_back(std::move(call));
        came_.NotifyAll();
        return;
      }
    }
    call.done(answer(call));
  }
  void Retire(std::string_view /*name*/) override {}
  void Stop() override {}

  // Waits for the next invocation.
  Call Take() {
    const MutexLock lock(mutex_);
    while (waiting_.empty()) {
      came_.Wait(mutex_);
    }
    Call call = std::move(waiting_.front());
    waiting_.pop_front();
    return call;
  }
  // All requests so far.
  std::vector<InvokeRequest> seen() {
    const MutexLock lock(mutex_);
    return seen_;
  }
  std::size_t waiting() {
    const MutexLock lock(mutex_);
    return waiting_.size();
  }

 private:
  Mutex mutex_;
  ConditionVariable came_;
  std::deque<Call> waiting_ WEIR_GUARDED_BY(mutex_);
  std::vector<InvokeRequest> seen_ WEIR_GUARDED_BY(mutex_);
};

// Knows the functions that a test adds, by their names and ARNs.
class FakeDirectory final : public lambda::FunctionDirectory {
 public:
  void Add(lambda::FunctionRef function) {
    const MutexLock lock(mutex_);
    const std::string name = function.spec->name;
    functions_.insert_or_assign(name, std::move(function));
  }
  void Remove(const std::string& name) {
    const MutexLock lock(mutex_);
    functions_.erase(name);
  }
  [[nodiscard]] lambda::LambdaResult<lambda::FunctionRef> Resolve(
      std::string_view function, std::string_view qualifier,
      std::string_view /*region*/) const override {
    const MutexLock lock(mutex_);
    if (failures_ > 0) {
      --failures_;
      throw std::bad_alloc();
    }
    for (const auto& [name, ref] : functions_) {
      if (function == name || function == ref.arn) {
        lambda::FunctionRef found = ref;
        if (!qualifier.empty()) {
          found.qualifier = qualifier;
          found.arn.append(":").append(qualifier);
        }
        return found;
      }
    }
    return lambda::MakeLambdaError(lambda::LambdaErrorCode::kResourceNotFound,
                                   "Function not found: " + std::string(function));
  }
  [[nodiscard]] lambda::AsyncSettings AsyncSettingsOf(
      const lambda::FunctionRef& /*function*/) const override {
    const MutexLock lock(mutex_);
    return settings_;
  }
  // Has the next calls of Resolve find no memory.
  void Fail(int times) {
    const MutexLock lock(mutex_);
    failures_ = times;
  }
  void Set(const lambda::AsyncSettings& settings) {
    const MutexLock lock(mutex_);
    settings_ = settings;
  }

 private:
  mutable Mutex mutex_;
  std::map<std::string, lambda::FunctionRef> functions_ WEIR_GUARDED_BY(mutex_);
  lambda::AsyncSettings settings_ WEIR_GUARDED_BY(mutex_);
  mutable int failures_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::testing
