// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/runtimes/host_fixture.h"

#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include "tests/unit/runtimes/folder_code.h"

namespace weir::runtimes::testing {

bool Eventually(const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  constexpr std::chrono::milliseconds kPause{2};
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

bool IsAlive(int process) {
  // What has ended, and whose parent has not taken note, still has an id.
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string id;
  std::string name;
  std::string state;
  file >> id >> name >> state;
  return file ? state != "Z" : kill(process, 0) == 0;
}

void Log::Append(std::string_view group, std::string_view stream, Micros /*time*/,
                 std::string_view message) {
  const MutexLock lock(mutex_);
  lines_.emplace_back(message);
  std::string name = std::string(group).append(" ").append(stream);
  if (std::find(streams_.begin(), streams_.end(), name) == streams_.end()) {
    streams_.push_back(std::move(name));
  }
}

std::vector<std::string> Log::Lines() const {
  const MutexLock lock(mutex_);
  return lines_;
}

std::vector<std::string> Log::Streams() const {
  const MutexLock lock(mutex_);
  return streams_;
}

HostFixture::HostFixture(const std::function<void(ProcessHostOptions&)>& change) {
  auto made = WorkFolder::Create(std::filesystem::temp_directory_path());
  REQUIRE(made.ok());
  folder = std::move(made).value();
  code = folder->path() / "code";
  std::filesystem::create_directory(code);
  std::filesystem::create_symlink(FUNCTION_FOR_TEST, code / "bootstrap");
  ProcessHostOptions options{.clock = &clock,
                             .log = &log,
                             .endpoint_url = [] { return std::string("http://127.0.0.1:8000"); },
                             .endpoint_variables = {"AWS_ENDPOINT_URL_LAMBDA"},
                             .keeper = {KEEPER_FOR_TEST},
                             .folder = folder->path(),
                             .search_path = std::getenv("PATH")};
  if (change != nullptr) {
    change(options);
  }
  host = std::make_unique<ProcessHost>(std::move(options));
  function = Function();
}

std::shared_ptr<FunctionSpec> HostFixture::Function() const {
  auto spec = std::make_shared<FunctionSpec>();
  spec->name = "orders";
  spec->region = "eu-west-1";
  spec->account = "000000000000";
  spec->revision = "1";
  spec->runtime = "provided.al2023";
  spec->handler = "app.handler";
  spec->timeout_s = 30;
  spec->code = std::make_shared<FolderCode>(code);
  spec->log_group = "/aws/lambda/orders";
  return spec;
}

std::future<InvokeOutcome> HostFixture::Start(FunctionSpecPtr spec,
                                              std::string_view payload) const {
  auto promise = std::make_shared<std::promise<InvokeOutcome>>();
  std::future<InvokeOutcome> outcome = promise->get_future();
  std::string arn = spec->Arn();
  host->Invoke(std::move(spec),
               {.request_id = std::string(kRequestId),
                .payload = std::string(payload),
                .client_context = R"({"custom":{}})",
                .invoked_arn = std::move(arn)},
               [promise](InvokeOutcome done) { promise->set_value(std::move(done)); });
  return outcome;
}

InvokeOutcome HostFixture::Invoke(FunctionSpecPtr spec, std::string_view payload) const {
  return Await(Start(std::move(spec), payload));
}

InvokeOutcome Await(std::future<InvokeOutcome> outcome) {
  REQUIRE(outcome.wait_for(kPatience) == std::future_status::ready);
  return outcome.get();
}

}  // namespace weir::runtimes::testing
