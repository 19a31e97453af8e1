// SPDX-License-Identifier: Apache-2.0
#include "runtimes/environment.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

namespace weir::runtimes {
namespace {

using Variables = std::map<std::string, std::string>;

FunctionSpec Function() {
  FunctionSpec function;
  function.name = "orders";
  function.region = "eu-west-1";
  function.runtime = "python3.12";
  function.handler = "app.handler";
  function.memory_mb = 256;
  function.log_group = "/aws/lambda/orders";
  return function;
}

const ProcessPlace kPlace{.runtime_api = "127.0.0.1:9001",
                          .log_stream = "2026/12/01/[$LATEST]0",
                          .folder = "/work",
                          .code = "/code",
                          .search_path = "/usr/bin",
                          .endpoint_variables = {"AWS_ENDPOINT_URL_STS"},
                          .endpoint_url = "http://127.0.0.1:8000"};

TEST_CASE("A process has AWS's variables and nothing else", "[runtimes][environment]") {
  CHECK(EnvironmentOf(Function(), kPlace) ==
        Variables{{"AWS_ACCESS_KEY_ID", "weir"},
                  {"AWS_DEFAULT_REGION", "eu-west-1"},
                  {"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:8000"},
                  {"AWS_EXECUTION_ENV", "AWS_Lambda_python3.12"},
                  {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"},
                  {"AWS_LAMBDA_FUNCTION_NAME", "orders"},
                  {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
                  {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                  {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders"},
                  {"AWS_LAMBDA_LOG_STREAM_NAME", "2026/12/01/[$LATEST]0"},
                  {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"},
                  {"AWS_REGION", "eu-west-1"},
                  {"AWS_SECRET_ACCESS_KEY", "weir"},
                  {"AWS_SESSION_TOKEN", "weir"},
                  {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
                  {"HOME", "/work"},
                  {"LAMBDA_RUNTIME_DIR", "/work"},
                  {"LAMBDA_TASK_ROOT", "/code"},
                  {"LANG", "en_US.UTF-8"},
                  {"LD_LIBRARY_PATH", "/code:/code/lib"},
                  {"PATH", "/usr/bin"},
                  {"PYTHONDONTWRITEBYTECODE", "1"},
                  {"TMPDIR", "/work/tmp"},
                  {"TZ", ":UTC"},
                  {"_HANDLER", "app.handler"}});
}

TEST_CASE("The function's variables win, but not over those that AWS reserves",
          "[runtimes][environment]") {
  FunctionSpec function = Function();
  function.environment = {{"TABLE", "orders"},         {"TZ", "Asia/Tokyo"},
                          {"PATH", "/opt/bin"},        {"AWS_ENDPOINT_URL_STS", "http://other"},
                          {"AWS_REGION", "us-east-1"}, {"_HANDLER", "other"}};
  Variables variables = EnvironmentOf(function, kPlace);
  CHECK(variables["TABLE"] == "orders");
  CHECK(variables["TZ"] == "Asia/Tokyo");
  CHECK(variables["PATH"] == "/opt/bin");
  CHECK(variables["AWS_ENDPOINT_URL_STS"] == "http://other");
  CHECK(variables["AWS_REGION"] == "eu-west-1");
  CHECK(variables["_HANDLER"] == "app.handler");
}

TEST_CASE("Node.js looks for packages in the code's folder, too", "[runtimes][environment]") {
  FunctionSpec function = Function();
  CHECK(EnvironmentOf(function, kPlace).count("NODE_PATH") == 0);
  function.runtime = "nodejs20.x";
  CHECK(EnvironmentOf(function, kPlace).at("NODE_PATH") == "/code");
  function.environment = {{"NODE_PATH", "/opt/nodejs/node_modules"}};
  CHECK(EnvironmentOf(function, kPlace).at("NODE_PATH") == "/opt/nodejs/node_modules");
}

TEST_CASE("A provided runtime has no execution environment", "[runtimes][environment]") {
  FunctionSpec function = Function();
  function.runtime = "provided.al2023";
  const Variables variables = EnvironmentOf(function, kPlace);
  CHECK(variables.count("AWS_EXECUTION_ENV") == 0);
  CHECK(variables.count("PYTHONDONTWRITEBYTECODE") == 0);
}

TEST_CASE("A process of somebody else's keeps its own folders and PATH",
          "[runtimes][environment]") {
  ProcessPlace place = kPlace;
  place.folder.clear();
  const Variables variables = EnvironmentOf(Function(), place);
  for (const char* name : {"HOME", "PATH", "TMPDIR", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
                           "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE"}) {
    CHECK(variables.count(name) == 0);
  }
  CHECK(variables.at("AWS_LAMBDA_RUNTIME_API") == "127.0.0.1:9001");
}

}  // namespace
}  // namespace weir::runtimes
