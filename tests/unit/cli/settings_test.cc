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

// A temporary file for one test.
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
}

TEST_CASE("What excludes something that was given in a stronger place yields", "[cli][settings]") {
  const ServeCommand simple = Serve({"--simple-streams"}, {"WEIR_STREAM_SHARDS=2"});
  CHECK(simple.service.stream_shards == 1);
  CHECK(Serve({"--stream-shards", "4"}, {"WEIR_SIMPLE_STREAMS=true"}).service.stream_shards == 4);
  const File file("stream-shards = 3\ntransient-status-delay = 2\n");
  const ServeCommand command =
      Serve({"-delayTransientStatuses", "--config", file.path()}, {"WEIR_SIMPLE_STREAMS=true"});
  CHECK(command.service.stream_shards == 1);
  CHECK(command.service.delay_transient_statuses);
}

TEST_CASE("An empty value is none", "[cli][settings]") {
  const ServeCommand command =
      Serve({"--port", "9004"}, {"WEIR_ALLOW_HOST=a.example,", "WEIR_BIND=", "WEIR_THREADS="});
  CHECK(command.server.port == 9004);
  CHECK(command.service.browser_rules.hosts == Arguments{"a.example"});
  for (const char* text : {"allow-host = \"\"\n", "threads = \n", "threads = []\n"}) {
    const File file(text);
    CHECK(!Error({"--config", file.path(), "--port", "9004"}).empty());
  }
}

TEST_CASE("A file of settings is a small regular file of plain TOML", "[cli][settings]") {
  CHECK(Error({"--config", "/dev/zero"}).find("cannot be read") != std::string::npos);
  CHECK(Error({"--config", "/tmp"}).find("cannot be read") != std::string::npos);
  const std::string deep = "[" + std::string(8000, 'a') + "]\nx=1\n";
  for (const std::string& text :
       {std::string("port = 1\nport = 2\n"), std::string("bind = [\"::1\"\n"),
        std::string("bind = [\n\"::1\"]\n"), deep, std::string("threads = [1, 2]\n"),
        std::string("config = \"x\"\n"), std::string("x\x1B = 1\n"), std::string(70'000, '#')}) {
    const File file(text);
    const std::string error = Error({"--config", file.path()});
    CHECK(!error.empty());
    CHECK(error.find('\x1B') == std::string::npos);
    CHECK(error.size() < 300);
  }
  const File marked("\xEF\xBB\xBFport = 9005  # [ of a comment\r\nbind = [\"::1\", '127.0.0.1']\n");
  CHECK(Serve({"--config", marked.path()}).server.port == 9005);
}

TEST_CASE("Commands look for the server of their environment", "[cli][settings]") {
  const auto port_of = [](const Arguments& arguments, const Environment& environment) {
    return std::get<HealthcheckCommand>(ParseCommandLine(arguments, environment)).target.port;
  };
  CHECK(port_of({"healthcheck"}, {}) == 8000);
  CHECK(port_of({"healthcheck"}, {"WEIR_PORT=9006"}) == 9006);
  CHECK(port_of({"healthcheck", "--port", "9007"}, {"WEIR_PORT=9006"}) == 9007);
  const File file("port = 9008\n");
  CHECK(port_of({"healthcheck"}, {"WEIR_CONFIG=" + file.path()}) == 9008);
}

TEST_CASE("Variables of others are passed over", "[cli][settings]") {
  // Variables as Kubernetes sets them for a service named weir.
  const ServeCommand command =
      Serve({}, {"WEIR_PORT=tcp://10.0.0.7:8000", "WEIR_SERVICE_HOST=10.0.0.7",
                 "WEIR_PORT_8000_TCP_ADDR=10.0.0.7", "WEIR_HOST=x", "PATH=/bin"});
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
