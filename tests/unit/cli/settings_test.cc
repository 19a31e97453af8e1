// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "cli/command_line.h"

namespace weir::cli {
namespace {

using Arguments = std::vector<std::string>;

// A file for one test.
class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("weir-settings-" + std::to_string(getpid()) + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

ServeCommand Serve(const Arguments& arguments, const Environment& environment = {}) {
  const Command command = ParseCommandLine(arguments, environment);
  if (const auto* exit = std::get_if<ExitCommand>(&command)) {
    FAIL(exit->error);
  }
  return std::get<ServeCommand>(command);
}

std::string Error(const Arguments& arguments, const Environment& environment = {}) {
  const Command command = ParseCommandLine(arguments, environment);
  REQUIRE(std::holds_alternative<ExitCommand>(command));
  CHECK(std::get<ExitCommand>(command).code == 2);
  return std::get<ExitCommand>(command).error;
}

TEST_CASE("A flag goes before a variable, and that before the file", "[cli][settings]") {
  const File file(
      "port = 9001\nthreads = 3\nbind = [\"127.0.0.1\", \"::1\"]\nsimple-streams = true\n");
  const ServeCommand of_file = Serve({"--config", file.path()});
  CHECK(of_file.server.port == 9001);
  CHECK(of_file.server.threads == 3);
  CHECK(of_file.server.bind == Arguments{"127.0.0.1", "::1"});
  CHECK(of_file.service.stream_shards == 1);
  const ServeCommand of_variable =
      Serve({}, {"WEIR_CONFIG=" + file.path(), "WEIR_PORT=9002", "WEIR_BIND=::1"});
  CHECK(of_variable.server.port == 9002);
  CHECK(of_variable.server.threads == 3);
  CHECK(of_variable.server.bind == Arguments{"::1"});
  CHECK(
      Serve({"serve", "--port=9003", "--config=" + file.path()}, {"WEIR_PORT=9002"}).server.port ==
      9003);
}

TEST_CASE("Every flag is a variable", "[cli][settings]") {
  const ServeCommand command =
      Serve({}, {"WEIR_STREAM_SPLIT_RATE=5", "WEIR_DYNAMODB_LOCAL=true", "WEIR_LOG_LEVEL=debug",
                 "WEIR_ALLOW_ORIGIN=https://a.example,https://b.example", "WEIR_THREADS="});
  CHECK(command.service.shard_policy.split_rate == 5);
  CHECK(command.service.dynamodb_local);
  CHECK(command.server.log_level == "debug");
  CHECK(command.service.browser_rules.origins ==
        Arguments{"https://a.example", "https://b.example"});
  CHECK_FALSE(Serve({}, {"WEIR_DYNAMODB_LOCAL=false"}).service.dynamodb_local);
}

TEST_CASE("A wrong setting is told with the nearest right one", "[cli][settings]") {
  const File file("prot = 9001\n");
  CHECK(Error({"--config", file.path()}).find("'prot' is not known; the nearest is 'port'") !=
        std::string::npos);
  CHECK(Error({}, {"WEIR_PROT=1"}).find("the nearest is 'WEIR_PORT'") != std::string::npos);
  CHECK(Error({"--prot", "1"}).find("no flag --prot; the nearest is --port") != std::string::npos);
  CHECK(Error({}, {"WEIR_PORT=http"}).find("--port") != std::string::npos);
  CHECK(Error({}, {"WEIR_SIMPLE_STREAMS=maybe"}).find("either true or false") != std::string::npos);
  CHECK(Error({"--config", "/nowhere.toml"}).find("cannot be read") != std::string::npos);
  CHECK(Error({"--simple-streams"}, {"WEIR_STREAM_SHARDS=2"}).find("excludes") !=
        std::string::npos);
}

TEST_CASE("Variables of others are passed over", "[cli][settings]") {
  // As Kubernetes sets them for a service named weir.
  const ServeCommand command =
      Serve({}, {"WEIR_PORT=tcp://10.0.0.7:8000", "WEIR_SERVICE_HOST=10.0.0.7",
                 "WEIR_PORT_8000_TCP_ADDR=10.0.0.7", "PATH=/bin"});
  CHECK(command.server.port == server::kDefaultPort);
}

TEST_CASE("Sections and what is no TOML are refused", "[cli][settings]") {
  for (const char* text : {"[serve]\nport = 1\n", "port\n", "= 3\n"}) {
    const File file(text);
    CHECK(!Error({"--config", file.path()}).empty());
  }
}

TEST_CASE("The nearest name is the one with the fewest changes", "[cli][settings]") {
  const Arguments names{"port", "bind", "threads"};
  CHECK(NearestName("prot", names, 2) == "port");
  CHECK(NearestName("thread", names, 2) == "threads");
  CHECK(NearestName("something", names, 2).empty());
  CHECK(NearestName("", names, 2).empty());
}

}  // namespace
}  // namespace weir::cli
