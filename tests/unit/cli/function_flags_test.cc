// SPDX-License-Identifier: Apache-2.0
#include "cli/function_flags.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace weir::cli {
namespace {

using Arguments = std::vector<std::string>;

template <class T>
T Parsed(const Arguments& arguments) {
  const Command command = ParseCommandLine(arguments);
  if (const auto* exit = std::get_if<ExitCommand>(&command)) {
    FAIL(exit->error);
  }
  REQUIRE(std::holds_alternative<T>(command));
  return std::get<T>(command);
}

std::string ErrorOf(const Arguments& arguments) {
  const Command command = ParseCommandLine(arguments);
  REQUIRE(std::holds_alternative<ExitCommand>(command));
  CHECK(std::get<ExitCommand>(command).code == 2);
  return std::get<ExitCommand>(command).error;
}

FunctionOptions Functions(const Arguments& flags) {
  return Parsed<ServeCommand>(flags).service.functions;
}

TEST_CASE("Functions run here unless flags say otherwise", "[cli][functions]") {
  const FunctionOptions functions = Functions({});
  CHECK_FALSE(functions.off);
  CHECK_FALSE(functions.allowed_anywhere);
  CHECK(functions.max_processes == 64);
  CHECK_FALSE(functions.endpoints.EndpointOf("orders").has_value());
  CHECK(Functions({"--no-functions"}).off);
  CHECK(Functions({"--allow-functions"}).allowed_anywhere);
  CHECK(Functions({"--max-function-processes", "3"}).max_processes == 3);
}

TEST_CASE("Flags say which functions run elsewhere", "[cli][functions]") {
  const FunctionOptions functions =
      Functions({"--lambda-endpoint", "http://127.0.0.1:3001", "--lambda",
                 "orders=http://127.0.0.1:9000", "--lambda", "bills=http://127.0.0.1:9001/x"});
  CHECK(functions.endpoints.EndpointOf("orders") ==
        "http://127.0.0.1:9000/2015-03-31/functions/function/invocations");
  CHECK(functions.endpoints.EndpointOf("bills") == "http://127.0.0.1:9001/x");
  CHECK(functions.endpoints.EndpointOf("other") ==
        "http://127.0.0.1:3001/2015-03-31/functions/other/invocations");
}

TEST_CASE("Flags that do not say where functions run are refused", "[cli][functions]") {
  CHECK_THAT(ErrorOf({"--lambda", "orders"}),
             Catch::Contains("--lambda: 'orders' is not NAME=URL"));
  CHECK_THAT(ErrorOf({"--lambda", "a=http://h:1", "--lambda", "a=http://h:2"}),
             Catch::Contains("--lambda: the function a has two URLs"));
  CHECK_THAT(ErrorOf({"--lambda-endpoint", "127.0.0.1"}),
             Catch::Contains("--lambda-endpoint: '127.0.0.1' is not the URL of a function"));
  CHECK_THAT(ErrorOf({"--max-function-processes", "0"}),
             Catch::Contains("'0' is not a whole number from 1 to 10000"));
  for (const Arguments& other :
       {Arguments{"--allow-functions"}, Arguments{"--lambda", "a=http://h:1"},
        Arguments{"--lambda-endpoint", "http://h:1"}, Arguments{"--max-function-processes", "2"}}) {
    Arguments both = other;
    both.emplace_back("--no-functions");
    CHECK_THAT(ErrorOf(both), Catch::Contains("--no-functions excludes " + other.front()));
  }
}

TEST_CASE("lambda run has a function, a command and what is watched", "[cli][functions]") {
  auto run =
      Parsed<LambdaRunCommand>({"lambda", "run", "orders", "--", "node", "--inspect", "a.js"});
  CHECK(run.function == "orders");
  CHECK(run.command == Arguments{"node", "--inspect", "a.js"});
  CHECK(run.watched.empty());
  CHECK(run.target.port == 8000);
  run = Parsed<LambdaRunCommand>({"lambda", "run", "--watch", "src", "--port", "9000", "--watch",
                                  "app.py", "orders", "--", "python3", "--port", "1"});
  CHECK(run.watched == Arguments{"src", "app.py"});
  CHECK(run.target.port == 9000);
  CHECK(run.command == Arguments{"python3", "--port", "1"});
  CHECK_THAT(ErrorOf({"lambda", "run", "orders"}), Catch::Contains("command is required"));
  CHECK_THAT(ErrorOf({"lambda", "run", "a/b", "--", "x"}),
             Catch::Contains("'a/b' is not a function's name"));
  CHECK_THAT(ErrorOf({"lambda"}), Catch::Contains("A subcommand is required"));
}

TEST_CASE("logs has a function and where to begin", "[cli][functions]") {
  auto logs = Parsed<LogsCommand>({"logs", "orders"});
  CHECK(logs.function == "orders");
  CHECK(logs.since.empty());
  CHECK_FALSE(logs.follow);
  logs = Parsed<LogsCommand>({"logs", "orders", "--since", "10m", "-f", "--port", "9000"});
  CHECK(logs.since == "10m");
  CHECK(logs.follow);
  CHECK(logs.target.port == 9000);
  CHECK(Parsed<LogsCommand>({"logs", "orders", "--since", "2030-01-31"}).since == "2030-01-31");
  CHECK_THAT(ErrorOf({"logs", "orders", "--since", "soon"}),
             Catch::Contains("'soon' is neither a time nor a span"));
}

TEST_CASE("triggers may have a name", "[cli][functions]") {
  CHECK(Parsed<TriggersCommand>({"triggers"}).name.empty());
  CHECK(Parsed<TriggersCommand>({"triggers", "orders"}).name == "orders");
}

TEST_CASE("dlq lists, shows, sends again and forgets", "[cli][functions]") {
  using Action = DlqCommand::Action;
  const auto is = [](const Arguments& arguments, Action action, const std::string& id) {
    const auto dlq = Parsed<DlqCommand>(arguments);
    return dlq.action == action && dlq.id == id;
  };
  CHECK(is({"dlq", "list"}, Action::kList, ""));
  CHECK(is({"dlq", "show", "7"}, Action::kShow, "7"));
  CHECK(is({"dlq", "redrive", "7"}, Action::kRedrive, "7"));
  CHECK(is({"dlq", "redrive", "--all"}, Action::kRedrive, ""));
  CHECK(is({"dlq", "purge"}, Action::kPurge, ""));
  CHECK(is({"dlq", "purge", "7"}, Action::kPurge, "7"));
  ErrorOf({"dlq"});
  ErrorOf({"dlq", "show"});
  ErrorOf({"dlq", "redrive"});
  ErrorOf({"dlq", "redrive", "7", "--all"});
  CHECK_THAT(ErrorOf({"dlq", "show", "../clock"}),
             Catch::Contains("'../clock' is not the id of a batch"));
}

}  // namespace
}  // namespace weir::cli
