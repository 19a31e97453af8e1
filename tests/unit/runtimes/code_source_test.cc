// SPDX-License-Identifier: Apache-2.0
// How a process gets its code: opened when it is started, and looked at again if it may change.
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "core/mutex.h"
#include "runtimes/process_host.h"
#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using testing::Await;
using testing::Eventually;
using testing::HostFixture;
using Kind = InvokeOutcome::Kind;

// Opens as the test says.
class TestCode final : public CodeSource {
 public:
  using Opened = Result<CodeFolderPtr, std::string>;
  explicit TestCode(std::function<Opened()> open, bool may_change = false)
      : open_(std::move(open)), may_change_(may_change) {}
  [[nodiscard]] Opened Open() const override { return open_(); }
  [[nodiscard]] bool may_change() const override { return may_change_; }

 private:
  const std::function<Opened()> open_;
  const bool may_change_;
};

CodeFolderPtr FolderOf(const HostFixture& fixture, std::string state = {}) {
  const auto folder = std::make_shared<CodeFolder>();
  folder->path = fixture.code;
  folder->state = std::move(state);
  return folder;
}

std::shared_ptr<FunctionSpec> FunctionWith(const HostFixture& fixture,
                                           std::shared_ptr<const CodeSource> code) {
  auto function = fixture.Function();
  function->name = "other";
  function->code = std::move(code);
  return function;
}

TEST_CASE("A function runs while the code of another one is opened", "[runtimes][CodeSource]") {
  const HostFixture fixture;
  const std::string process = fixture.Do("pid").payload;
  for (const bool may_change : {false, true}) {
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    const auto code = std::make_shared<TestCode>(
        [&fixture, opened] {
          opened.wait();
          return FolderOf(fixture);
        },
        may_change);
    const auto other = FunctionWith(fixture, code);
    other->version = may_change ? "2" : "1";
    std::future<InvokeOutcome> waiting = fixture.Start(other, "1");
    CHECK(fixture.Do("pid").payload == process);
    gate.set_value();
    CHECK(Await(std::move(waiting)).payload == "1");
  }
}

TEST_CASE("An invocation whose code cannot be opened is undone", "[runtimes][CodeSource]") {
  const HostFixture fixture;
  for (const bool may_change : {false, true}) {
    auto lost = std::make_shared<TestCode>(
        []() -> TestCode::Opened { return std::string("The code is lost"); }, may_change);
    const InvokeOutcome outcome = fixture.Invoke(FunctionWith(fixture, std::move(lost)), "1");
    CHECK(outcome.kind == Kind::kUnavailable);
    CHECK(outcome.payload == "The code is lost");
    auto large = std::make_shared<TestCode>([]() -> TestCode::Opened { throw std::bad_alloc(); },
                                            may_change);
    CHECK(fixture.Invoke(FunctionWith(fixture, std::move(large)), "1").payload ==
          "There is no memory to open the function's code");
  }
  CHECK(Eventually([&] { return fixture.host->Counts().empty(); }));
}

TEST_CASE("Code that has changed runs in a new process", "[runtimes][CodeSource]") {
  const HostFixture fixture;
  Mutex mutex;
  std::string state = "1";
  const auto code = std::make_shared<TestCode>(
      [&] {
        const MutexLock lock(mutex);
        return FolderOf(fixture, state);
      },
      true);
  const auto function = FunctionWith(fixture, code);
  const std::string first = fixture.Invoke(function, "\"pid\"").payload;
  CHECK(fixture.Invoke(function, "\"pid\"").payload == first);
  {
    const MutexLock lock(mutex);
    state = "2";
  }
  const std::string second = fixture.Invoke(function, "\"pid\"").payload;
  CHECK(second != first);
  CHECK(fixture.Invoke(function, "\"pid\"").payload == second);
}

TEST_CASE("A code's folder lives as long as its process", "[runtimes][CodeSource]") {
  const HostFixture fixture;
  std::promise<std::weak_ptr<const CodeFolder>> given;
  const auto code = std::make_shared<TestCode>([&] {
    const CodeFolderPtr folder = FolderOf(fixture);
    given.set_value(folder);
    return folder;
  });
  CHECK(fixture.Invoke(FunctionWith(fixture, code), "1").payload == "1");
  const std::weak_ptr<const CodeFolder> folder = given.get_future().get();
  CHECK_FALSE(folder.expired());
  fixture.host->Retire("other");
  CHECK(Eventually([&] { return folder.expired(); }));
}

TEST_CASE("An invocation is answered although the server ends while its code is looked at",
          "[runtimes][CodeSource]") {
  const HostFixture fixture;
  std::promise<void> gate;
  const auto code = std::make_shared<TestCode>(
      [&] {
        gate.get_future().wait();
        return FolderOf(fixture);
      },
      true);
  std::future<InvokeOutcome> waiting = fixture.Start(FunctionWith(fixture, code), "1");
  std::thread stopper([&] { fixture.host->Stop(); });
  const bool stopping = Eventually([&] { return fixture.Do("pid").kind == Kind::kUnavailable; });
  gate.set_value();
  stopper.join();
  CHECK(stopping);
  const InvokeOutcome outcome = Await(std::move(waiting));
  CHECK(outcome.kind == Kind::kUnavailable);
  CHECK(outcome.payload == "The server ends");
}

}  // namespace
}  // namespace weir::runtimes
