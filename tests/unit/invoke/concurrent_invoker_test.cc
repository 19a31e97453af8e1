// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/concurrent_invoker.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "tests/unit/invoke/fakes.h"

namespace weir::lambda {
namespace {

using runtimes::Placement;
using testing::FakeHost;
using testing::InvokeOutcome;
using testing::Kind;
using testing::Ref;
using testing::Spec;

struct Fixture {
  ManualClock clock{Micros(1'700'000'000'000'000)};
  Timeline timeline{clock};
  FakeHost processes;
  FakeHost endpoints;
  ConcurrentInvoker invoker{processes, endpoints, timeline};
  std::vector<InvokeOutcome> outcomes;

  void Invoke(const FunctionRef& function, std::string payload = "{}") {
    invoker.Invoke(function,
                   {.request_id = "id",
                    .payload = std::move(payload),
                    .client_context = {},
                    .invoked_arn = {}},
                   [this](InvokeOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
};

TEST_CASE_METHOD(Fixture, "Functions run where their placement says", "[lambda][invoke]") {
  Invoke(Ref(Spec("process")));
  Invoke(Ref(Spec("attached", Placement::kAttached)));
  Invoke(Ref(Spec("endpoint", Placement::kEndpoint)));
  CHECK(processes.waiting() == 2);
  CHECK(endpoints.waiting() == 1);
  CHECK(invoker.under_way() == 3);
  for (FakeHost* host : {&processes, &processes, &endpoints}) {
    host->Take().done({Kind::kReturned, "1", {}});
  }
  CHECK(outcomes.size() == 3);
  CHECK(invoker.under_way() == 0);
}

TEST_CASE_METHOD(Fixture, "Beyond the reserved concurrency nothing runs", "[lambda][invoke]") {
  const FunctionRef function = Ref(Spec("f"), 1);
  Invoke(function);
  Invoke(function);
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].kind == Kind::kThrottled);
  CHECK(outcomes[0].payload == "ReservedFunctionConcurrentInvocationLimitExceeded");
  CHECK(processes.waiting() == 1);
  processes.Take().done({Kind::kReturned, "1", {}});
  Invoke(function);
  CHECK(processes.waiting() == 1);
  Invoke(Ref(Spec("none"), 0));
  CHECK(outcomes.back().kind == Kind::kThrottled);
  CHECK(invoker.CountsOf("f").throttles == 1);
  CHECK(invoker.CountsOf("none").throttles == 1);
  processes.Take().done({Kind::kReturned, "1", {}});
}

TEST_CASE_METHOD(Fixture, "A host without a free place throttles", "[lambda][invoke]") {
  processes.answer = [](const FakeHost::Call&) { return InvokeOutcome{Kind::kThrottled, {}, {}}; };
  Invoke(Ref(Spec("f")));
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].payload == "ConcurrentInvocationLimitExceeded");
  CHECK(invoker.CountsOf("f").throttles == 1);
  CHECK(invoker.CountsOf("f").invocations == 0);
}

TEST_CASE_METHOD(Fixture, "So many invocations run at a time, of all functions together",
                 "[lambda][invoke]") {
  const FunctionRef function = Ref(Spec("f"));
  for (std::size_t i = 0; i < kMostConcurrentInvocations; ++i) {
    Invoke(function);
  }
  CHECK(outcomes.empty());
  Invoke(Ref(Spec("g")));
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].payload == "ConcurrentInvocationLimitExceeded");
  for (std::size_t i = 0; i < kMostConcurrentInvocations; ++i) {
    processes.Take().done({Kind::kReturned, "1", {}});
  }
}

TEST_CASE_METHOD(Fixture, "Invocations are counted by function and by how they end",
                 "[lambda][invoke]") {
  processes.answer = [](const FakeHost::Call& call) {
    const std::string& kind = call.request.payload;
    return kind == "ok"      ? InvokeOutcome{Kind::kReturned, "1", {}}
           : kind == "error" ? InvokeOutcome{Kind::kFunctionError, std::string(600, 'e'), {}}
                             : InvokeOutcome{Kind::kUnavailable, "nobody", {}};
  };
  const FunctionRef function = Ref(Spec("f"));
  Invoke(function, "ok");
  CHECK(invoker.CountsOf("f").last_error.empty());
  Invoke(function, "error");
  CHECK(invoker.CountsOf("f").last_error == std::string(512, 'e'));
  Invoke(function, "gone");
  const FunctionCounts counts = invoker.CountsOf("f");
  CHECK(counts.under_way == 0);
  CHECK(counts.invocations == 2);
  CHECK(counts.errors == 1);
  CHECK(counts.unavailable == 1);
  CHECK(counts.last_error == "nobody");
  CHECK(invoker.CountsOf("other").invocations == 0);
}

TEST_CASE_METHOD(Fixture, "A change of the clock waits for the invocations under way",
                 "[lambda][invoke]") {
  Invoke(Ref(Spec("f")));
  std::promise<void> changed;
  std::future<void> change = changed.get_future();
  timeline.Change(
      {.freeze = true, .resume = false, .set = {}, .advance = Micros(std::chrono::seconds(1))},
      [&](const Result<ClockReading>&) { changed.set_value(); });
  CHECK(change.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
  processes.Take().done({Kind::kReturned, "1", {}});
  change.get();
  CHECK(outcomes.size() == 1);
}

TEST_CASE("An invocation may end after its invoker", "[lambda][invoke]") {
  ManualClock clock{Micros(0)};
  Timeline timeline(clock);
  FakeHost host;
  bool ended = false;
  {
    ConcurrentInvoker invoker(host, host, timeline);
    invoker.Invoke(Ref(Spec("f")), {}, [&](const InvokeOutcome&) { ended = true; });
  }
  host.Take().done({Kind::kReturned, "1", {}});
  CHECK(ended);
}

}  // namespace
}  // namespace weir::lambda
