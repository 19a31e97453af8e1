// SPDX-License-Identifier: Apache-2.0
// A server in small, for the test to kill: starts a function (function_main.cc) with the command
// "orphan and sleep", and prints what that prints.
//   host_for_test <keeper> <bootstrap> <parent of its folder>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "runtimes/process_host.h"
#include "runtimes/work_folder.h"
#include "tests/unit/runtimes/folder_code.h"

namespace {

using namespace weir;
using namespace weir::runtimes;

class Printer final : public LogSink {
 public:
  void Append(std::string_view /*group*/, std::string_view /*stream*/, Micros /*time*/,
              std::string_view message) override {
    std::cout << message << std::endl;
  }
};

}  // namespace

int main(int /*count*/, char** arguments) {
  auto folder = WorkFolder::Create(arguments[3]);
  if (!folder.ok()) {
    return 1;
  }
  const std::filesystem::path code = folder.value()->path() / "code";
  std::filesystem::create_directory(code);
  std::filesystem::create_symlink(arguments[2], code / "bootstrap");
  const SystemClock clock;
  Printer log;
  ProcessHost host({.clock = &clock,
                    .log = &log,
                    .endpoint_url = [] { return std::string(); },
                    .endpoint_variables = {},
                    .keeper = {arguments[1]},
                    .folder = folder.value()->path(),
                    .search_path = std::getenv("PATH")});
  const auto function = std::make_shared<FunctionSpec>();
  function->name = "orders";
  function->runtime = "provided.al2023";
  function->timeout_s = 600;
  function->code = std::make_shared<testing::FolderCode>(code);
  host.Invoke(function,
              {.request_id = "1",
               .payload = R"("orphan and sleep")",
               .client_context = {},
               .invoked_arn = {}},
              [](const InvokeOutcome&) {});
  for (;;) {
    pause();
  }
}
