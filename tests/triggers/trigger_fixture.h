// SPDX-License-Identifier: Apache-2.0
// Event source mappings on a database in this process, with a function that answers as a test says.
// Time stands still until a test moves it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/worker_pool.h"
#include "core/mutex.h"
#include "services/lambda/invoke/function_target.h"
#include "services/lambda/mappings/mappings.h"
#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {

// A directory with a few functions, and what runs them. Answers with what Answer has queued, in
// order, and "null" once that is used up. Thread-safe.
class FakeFunctions final : public lambda::FunctionDirectory, public lambda::Invoker {
 public:
  explicit FakeFunctions(const Clock& clock) : clock_(clock), start_(clock.Now()) {}

  // "ok", "error", "throttle", "down", "hold" (which is answered by Release), or what the function
  // returns, in JSON.
  void Answer(const std::string& answer);
  // Answers the oldest invocation that is held.
  void Release(const std::string& answer);
  void Remove(const std::string& name);
  [[nodiscard]] std::size_t held() const;

  // The invocations so far, as "<seconds since the start>:<keys of the records, with commas>", each
  // after a space: "0:a,b 0.5:a,b".
  [[nodiscard]] std::string log() const;
  [[nodiscard]] std::vector<std::string> request_ids() const;
  // The payload of the latest invocation.
  [[nodiscard]] Json event() const;

  [[nodiscard]] lambda::LambdaResult<lambda::FunctionRef> Resolve(
      std::string_view function, std::string_view qualifier,
      std::string_view region) const override;
  [[nodiscard]] lambda::AsyncSettings AsyncSettingsOf(
      const lambda::FunctionRef& /*function*/) const override {
    return {};
  }
  void Invoke(const lambda::FunctionRef& function, runtimes::InvokeRequest request,
              runtimes::FunctionHost::Done done) override;

 private:
  const Clock& clock_;
  const Micros start_;
  mutable Mutex mutex_;
  std::deque<std::string> answers_ WEIR_GUARDED_BY(mutex_);
  std::deque<runtimes::FunctionHost::Done> held_ WEIR_GUARDED_BY(mutex_);
  std::string log_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::string> request_ids_ WEIR_GUARDED_BY(mutex_);
  std::string payload_ WEIR_GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> names_ WEIR_GUARDED_BY(mutex_){"fn", "other"};
};

// A table "orders" whose stream has one shard, or as many as asked for, and what the mappings need.
class TriggerFixture : public DatabaseFixture {
 public:
  explicit TriggerFixture(int shards = 1, const std::string& view = "NEW_AND_OLD_IMAGES");
  ~TriggerFixture();

  // Writes an item of its own for each word.
  void Put(const std::string& keys);
  // Creates a mapping of the stream and the function "fn", from TRIM_HORIZON on unless `settings`
  // say otherwise. Returns its UUID.
  std::string Map(const std::string& settings = "{}");
  void Update(const std::string& uuid, const std::string& settings);
  // A mapping as GetEventSourceMapping shows it, and what happened to its batches.
  Json Describe(const std::string& uuid);
  lambda::TriggerStatus Status(const std::string& uuid);
  // Waits until all that is due now is done; or all that is due within a span of time.
  void Settle() { Advance(Micros(0)); }
  // The same while invocations are held, or until one is: the clock stops there.
  void AdvanceWithHeld(Micros by);
  // Makes all mappings anew from what was kept, as a restart does.
  void Restart();
  // Sends a request to the routes of the mappings.
  Answer Call(const std::string& method, const std::string& target, const std::string& body = "");

  FakeFunctions& functions() { return functions_; }
  lambda::DeadLetters& dead_letters() { return dead_letters_; }
  const lambda::TriggerParts& parts() { return *parts_; }
  [[nodiscard]] std::vector<std::string> reports() const;
  [[nodiscard]] const std::string& arn() const { return arn_; }

 private:
  void MakeMappings();

  FakeFunctions functions_{database().clock()};
  consumers::WorkerPool pool_{database().timeline(), 2};
  lambda::FunctionTarget target_{functions_, functions_};
  lambda::DeadLetters dead_letters_{database().records()};
  mutable Mutex mutex_;
  std::vector<std::string> reports_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<lambda::TriggerParts> parts_;
  std::unique_ptr<lambda::Mappings> mappings_;
  std::unique_ptr<protocol::RestRoutes> routes_;
  std::string arn_;
};

}  // namespace weir::testing
