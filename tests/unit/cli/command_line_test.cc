// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace weir::cli {
namespace {

ServeCommand Serve(const std::vector<std::string>& arguments) {
  const Command command = ParseCommandLine(arguments);
  if (const auto* exit = std::get_if<ExitCommand>(&command)) {
    FAIL(exit->error);
  }
  REQUIRE(std::holds_alternative<ServeCommand>(command));
  return std::get<ServeCommand>(command);
}

ExitCommand Exit(const std::vector<std::string>& arguments) {
  const Command command = ParseCommandLine(arguments);
  REQUIRE(std::holds_alternative<ExitCommand>(command));
  return std::get<ExitCommand>(command);
}

ServerAddress Healthcheck(const std::vector<std::string>& arguments) {
  const Command command = ParseCommandLine(arguments);
  REQUIRE(std::holds_alternative<HealthcheckCommand>(command));
  return std::get<HealthcheckCommand>(command).target;
}

TEST_CASE("No arguments serve with the defaults", "[server][command_line]") {
  for (const auto& arguments : {std::vector<std::string>{}, std::vector<std::string>{"serve"}}) {
    const ServeCommand command = Serve(arguments);
    CHECK(command.server.port == 8000);
    CHECK(command.server.bind.empty());
    CHECK(command.server.threads == std::thread::hardware_concurrency());
    CHECK(command.server.log_level == "info");
    CHECK_FALSE(command.service.stream_shards.has_value());
  }
}

TEST_CASE("Every flag arrives", "[server][command_line]") {
  const std::vector<std::string> flags = {"--port",
                                          "0",
                                          "--bind",
                                          "127.0.0.2",
                                          "--bind",
                                          "::1",
                                          "--threads",
                                          "3",
                                          "--log-level",
                                          "debug",
                                          "--max-connections",
                                          "7",
                                          "--idle-timeout",
                                          "8",
                                          "--read-timeout",
                                          "9",
                                          "--write-timeout",
                                          "10",
                                          "--drain-timeout",
                                          "11",
                                          "--stream-shards",
                                          "12"};
  for (const bool named : {false, true}) {
    std::vector<std::string> arguments = flags;
    if (named) {
      arguments.insert(arguments.begin(), "serve");
    }
    const ServeCommand command = Serve(arguments);
    CHECK(command.server.port == 0);
    CHECK(command.server.bind == std::vector<std::string>{"127.0.0.2", "::1"});
    CHECK(command.server.threads == 3);
    CHECK(command.server.log_level == "debug");
    CHECK(command.server.max_connections == 7);
    CHECK(command.server.idle_timeout == std::chrono::seconds(8));
    CHECK(command.server.read_timeout == std::chrono::seconds(9));
    CHECK(command.server.write_timeout == std::chrono::seconds(10));
    CHECK(command.server.drain_timeout == std::chrono::seconds(11));
    CHECK(command.service.stream_shards == 12);
  }
}

TEST_CASE("DynamoDB Local's flags mean what they mean there", "[server][command_line]") {
  const ServeCommand command =
      Serve({"-port", "9000", "-sharedDb", "-inMemory", "-disableTelemetry"});
  CHECK(command.server.port == 9000);
  CHECK(command.service.stream_shards == 1);
  CHECK(command.service.dynamodb_local);
  CHECK(Serve({"-sharedDb"}).server.port == 8000);
  CHECK(Serve({"-cors", "https://a.example,b.example"}).service.browser_rules.origins ==
        std::vector<std::string>{"https://a.example", "b.example"});
  CHECK(Serve({"-sharedDb", "--stream-shards", "4"}).service.stream_shards == 4);
  CHECK(Serve({"-inMemory", "--log-level", "warn"}).server.log_level == "warn");
}

TEST_CASE("DynamoDB Local's command lines are taken whole", "[server][command_line]") {
  const ServeCommand command =
      Serve({"-Djava.library.path=./DynamoDBLocal_lib", "-Xmx512m", "-XX:+UseSerialGC", "-jar",
             "DynamoDBLocal.jar", "-inMemory", "-port", "9000"});
  CHECK(command.server.port == 9000);
  CHECK(command.service.dynamodb_local);
  CHECK(command.notice ==
        "weir: ignored, because Weir does not run on Java: -Djava.library.path=./DynamoDBLocal_lib "
        "-Xmx512m -XX:+UseSerialGC -jar DynamoDBLocal.jar\n");
  CHECK(Serve({"java", "-jar", "DynamoDBLocal.jar"}).service.dynamodb_local);
  CHECK(Serve({"-inMemory"}).notice.empty());
  CHECK(Serve({"--bind", "0.0.0.0", "-jar", "DynamoDBLocal.jar", "-sharedDb"}).server.bind ==
        std::vector<std::string>{"0.0.0.0"});
}

TEST_CASE("Simple streams have one shard for ever", "[server][command_line]") {
  for (const std::string flag : {"--simple-streams", "--dynamodb-local", "-inMemory"}) {
    CAPTURE(flag);
    const ServiceOptions service = Serve({flag}).service;
    CHECK(service.stream_shards == 1);
    CHECK(service.shard_policy.split_rate == 0);
    CHECK(service.shard_policy.rotation_age == Micros(0));
    CHECK_FALSE(service.iterators_expire);
  }
  const ServiceOptions others = Serve({}).service;
  CHECK_FALSE(others.stream_shards.has_value());
  CHECK(others.shard_policy.split_rate == 1000);
  CHECK(others.shard_policy.rotation_age == std::chrono::hours(4));
  CHECK(others.iterators_expire);
  // Options that are given replace the defaults.
  const ServiceOptions given =
      Serve({"-inMemory", "--stream-rotation", "60", "--stream-split-rate", "7"}).service;
  CHECK(given.shard_policy.rotation_age == std::chrono::seconds(60));
  CHECK(given.shard_policy.split_rate == 7);
  CHECK(Exit({"--simple-streams", "--stream-shards", "2"}).code != 0);
}

TEST_CASE("Pages and names of elsewhere are let in by flags", "[server][command_line]") {
  const ServiceOptions service = Serve({"--allow-origin", "https://app.example", "--allow-origin",
                                        "null", "--allow-host", "*.example"})
                                     .service;
  CHECK(service.browser_rules.origins == std::vector<std::string>{"https://app.example", "null"});
  CHECK(service.browser_rules.hosts == std::vector<std::string>{"*.example"});
  CHECK(Exit({"--allow-origin", ""}).code != 0);
}

TEST_CASE("States between two others last as long as asked for", "[server][command_line]") {
  CHECK_FALSE(Serve({}).service.delay_transient_statuses);
  CHECK_FALSE(Serve({}).service.transient_status_delay.has_value());
  CHECK(Serve({"--delay-transient-statuses"}).service.delay_transient_statuses);
  CHECK(Serve({"-delayTransientStatuses", "-inMemory"}).service.delay_transient_statuses);
  CHECK(Serve({"--transient-status-delay", "0.25"}).service.transient_status_delay ==
        std::chrono::milliseconds(250));
  for (const std::string value : {"-1", "86401", "soon", "nan"}) {
    CAPTURE(value);
    CHECK(Exit({"--transient-status-delay", value}).code != 0);
  }
  CHECK(Exit({"--delay-transient-statuses", "--transient-status-delay", "1"}).code != 0);
}

TEST_CASE("DynamoDB Local's other flags are refused by name", "[server][command_line]") {
  for (const std::string flag : {"-optimizeDbBeforeStartup", "-help", "-version"}) {
    const ExitCommand exit = Exit({"-port", "8000", flag, "value"});
    CHECK(exit.code == 1);
    CHECK(exit.out.empty());
    CHECK(exit.error.starts_with("weir: " + flag + " is refused: "));
  }
}

TEST_CASE("DynamoDB Local's -dbPath is the data folder", "[server][command_line]") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-sharedDb", "-dbPath", "./data"}, {"-dbPath=./data"}}) {
    const ServeCommand command = Serve(arguments);
    CHECK(command.service.data_dir == "./data");
    CHECK(command.service.dynamodb_local);
  }
  CHECK(Serve({}).service.data_dir.empty());
  CHECK(Serve({"--data-dir", "data"}).service.journal.durability == storage::Durability::kInterval);
  CHECK(Serve({"--durability", "always"}).service.journal.durability ==
        storage::Durability::kAlways);
  CHECK(Serve({"--durability", "off"}).service.journal.durability == storage::Durability::kOff);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"-dbPath"},
                                                    {"-dbPath", ""},
                                                    {"-inMemory", "-dbPath", "data"},
                                                    {"--data-dir", ""},
                                                    {"--durability", "never"}}) {
    CHECK(Exit(arguments).code != 0);
  }
}

TEST_CASE("Bad arguments are refused", "[server][command_line]") {
  const std::vector<std::vector<std::string>> rows = {
      {"--no-such-flag"},
      {"no-such-command"},
      {"--port"},
      {"--port", "65536"},
      {"--port", "-1"},
      {"--port", ""},
      {"--port", "010"},
      {"--port", "+1"},
      {"--port", " 1"},
      {"--port", "0x10"},
      {"--stream-split-rate", "-1"},
      {"--stream-max-bytes", "-1"},
      {"--stream-max-shards", "-1"},
      {"--max-connections", "-5"},
      {"--max-body-memory", "1"},
      {"--threads", "-1"},
      {"--idle-timeout", ""},
      {"--stream-rotation", "-1"},
      {"healthcheck", "--port", ""},
      {"shards", "t", "set", "010"},
      {"--port", "http"},
      {"-port"},
      {"--threads", "0"},
      {"--bind", "localhost"},
      {"--bind", "1.2.3"},
      {"--log-level", "loud"},
      {"--max-connections", "0"},
      {"--idle-timeout", "0"},
      {"--idle-timeout", "1.5"},
      {"--stream-shards", "0"},
      {"serve", "extra"},
      {"healthcheck", "--port", "0"},
      {"healthcheck", "--endpoint", "https://example.org:80"},
      {"healthcheck", "--port", "1", "--endpoint", "127.0.0.1:2"},
      {"--port", "1", "--port", "2"}};
  for (const auto& arguments : rows) {
    CAPTURE(arguments);
    const ExitCommand exit = Exit(arguments);
    CHECK(exit.code != 0);
    CHECK(exit.out.empty());
    CHECK_FALSE(exit.error.empty());
  }
}

TEST_CASE("Help and version are printed", "[server][command_line]") {
  CHECK(Exit({"--version"}).out == "weir " WEIR_VERSION "\n");
  CHECK(Exit({"--version"}).code == 0);
  const ExitCommand help = Exit({"serve", "--help"});
  CHECK(help.code == 0);
  for (const char* flag :
       {"--port", "--bind", "--threads", "--log-level", "--max-connections", "--idle-timeout",
        "--stream-shards", "--delay-transient-statuses", "--transient-status-delay"}) {
    CHECK(help.out.find(flag) != std::string::npos);
  }
  CHECK(Exit({"--help"}).out.find("healthcheck") != std::string::npos);
}

TEST_CASE("A health check's target may be written in several ways", "[server][command_line]") {
  CHECK(Healthcheck({"healthcheck"}).address == "127.0.0.1");
  CHECK(Healthcheck({"healthcheck"}).port == 8000);
  CHECK(Healthcheck({"healthcheck", "--port", "81"}).port == 81);
  struct Row {
    std::string text;
    std::string address;
    std::uint16_t port;
  };
  const std::vector<Row> rows = {{"127.0.0.1:81", "127.0.0.1", 81},
                                 {"http://localhost:81/", "127.0.0.1", 81},
                                 {"http://10.0.0.1", "10.0.0.1", 8000},
                                 {"http://[::1]:81", "::1", 81},
                                 {"[::1]", "::1", 8000},
                                 {"http://weir:81", "weir", 81},
                                 {"my-host.example.org", "my-host.example.org", 8000}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const ServerAddress target = Healthcheck({"healthcheck", "--endpoint", row.text});
    CHECK(target.address == row.address);
    CHECK(target.port == row.port);
  }
  for (const char* text : {"", "a b", "a/b", "user@host", "[::1", "1.2.3.4:", "1.2.3.4:0",
                           "1.2.3.4:65536", "1.2.3.4:8x", "[::1]8000", "https://1.2.3.4"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseServerAddress(text).has_value());
  }
}

TEST_CASE("The binary has the licences of what it is made with", "[cli][command_line]") {
  const ExitCommand exit = Exit({"licenses"});
  CHECK(exit.code == 0);
  CHECK(exit.out.find("Apache License") != std::string::npos);
  CHECK(exit.out.find("---- libxxhash-dev") != std::string::npos);
  CHECK(exit.out.find("Redistribution and use in source and binary forms") != std::string::npos);
}

TEST_CASE("A health check can name a process instead of a port", "[cli][command_line]") {
  const Command command = ParseCommandLine({"healthcheck", "--process", "1"});
  REQUIRE(std::holds_alternative<HealthcheckCommand>(command));
  CHECK(std::get<HealthcheckCommand>(command).process == 1);
  for (const auto& other : {"--port=81", "--endpoint=127.0.0.1"}) {
    CHECK(Exit({"healthcheck", "--process", "1", other}).code == 2);
  }
  CHECK(Exit({"healthcheck", "--process", "0"}).code == 2);
}

TEST_CASE("With --localstack the port, the streams and the line after the ready line change",
          "[cli][command_line]") {
  const ServeCommand command = Serve({"--localstack"});
  CHECK(command.server.port == 4566);
  CHECK(command.service.localstack);
  CHECK(command.service.stream_shards == 1);
  CHECK_FALSE(command.service.iterators_expire);
  CHECK(command.server.banner(4566) == "Ready.\n");
  CHECK(Serve({"--localstack", "--port", "8000"}).server.port == 8000);
  CHECK(Serve({"--localstack", "--stream-shards", "4"}).service.stream_shards == 4);
  CHECK(Exit({"--localstack", "--dynamodb-local"}).code == 2);
}

ClockCommand Clock(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "clock");
  const Command command = ParseCommandLine(std::move(arguments));
  REQUIRE(std::holds_alternative<ClockCommand>(command));
  return std::get<ClockCommand>(command);
}

// Sets the environment variables that name endpoints, for one test.
class Endpoints {
 public:
  Endpoints(const char* service, const char* all) {
    Set("AWS_ENDPOINT_URL_DYNAMODB", service);
    Set("AWS_ENDPOINT_URL", all);
  }
  ~Endpoints() {
    unsetenv("AWS_ENDPOINT_URL_DYNAMODB");
    unsetenv("AWS_ENDPOINT_URL");
  }
  Endpoints(const Endpoints&) = delete;
  Endpoints& operator=(const Endpoints&) = delete;

 private:
  static void Set(const char* name, const char* value) {
    value == nullptr ? unsetenv(name) : setenv(name, value, 1);
  }
};

TEST_CASE("The target may stand behind the words", "[server][command_line]") {
  const Endpoints none(nullptr, nullptr);
  CHECK(Clock({"advance", "1h", "--port", "81"}).target.port == 81);
  CHECK(Clock({"--port", "81", "advance", "1h"}).target.port == 81);
  CHECK(Clock({"freeze", "--endpoint", "http://10.0.0.1:82"}).target.address == "10.0.0.1");
  const Command shards = ParseCommandLine({"shards", "t", "set", "4", "--port", "83"});
  REQUIRE(std::holds_alternative<ShardsCommand>(shards));
  CHECK(std::get<ShardsCommand>(shards).target.port == 83);
  const Command tail = ParseCommandLine({"tail", "t", "--follow", "--port", "84"});
  REQUIRE(std::holds_alternative<TailCommand>(tail));
  CHECK(std::get<TailCommand>(tail).target.port == 84);
  CHECK(std::get<TailCommand>(tail).follow);
}

TEST_CASE("Without a flag the environment says which server is meant", "[server][command_line]") {
  {
    const Endpoints both("http://127.0.0.1:81", "http://127.0.0.1:82");
    CHECK(Clock({}).target.port == 81);
    CHECK(Clock({"--port", "83"}).target.port == 83);
    CHECK(Healthcheck({"healthcheck"}).port == 8000);  // the server in its own container
    const Command reset = ParseCommandLine({"reset"});
    REQUIRE(std::holds_alternative<ResetCommand>(reset));
    CHECK(std::get<ResetCommand>(reset).target.port == 81);
  }
  {
    const Endpoints all("", "http://localhost:82");
    CHECK(Clock({}).target.port == 82);
  }
  {
    const Endpoints named("http://weir:8001", nullptr);
    CHECK(Clock({}).target.address == "weir");
    CHECK(Clock({}).target.port == 8001);
  }
  {
    const Endpoints secure("https://weir:8000", nullptr);
    const ExitCommand exit = Exit({"clock"});
    CHECK(exit.code == 1);
    CHECK(exit.error.find("AWS_ENDPOINT_URL_DYNAMODB") != std::string::npos);
    CHECK(Clock({"--port", "83"}).target.port == 83);
  }
}

TEST_CASE("The clock's subcommands become requests", "[server][command_line]") {
  CHECK(Clock({}).change.empty());
  CHECK(Clock({"freeze"}).change == R"({"freeze":true})");
  CHECK(Clock({"freeze", "2030-01-31"}).change == R"({"freeze":true,"set":"2030-01-31"})");
  CHECK(Clock({"set", "2030-01-31T12:00:00Z"}).change == R"({"set":"2030-01-31T12:00:00Z"})");
  CHECK(Clock({"set", "1900000000.5"}).change == R"({"set":1900000000.5})");
  CHECK(Clock({"advance", "1d2h"}).change == R"({"advance":"1d2h"})");
  CHECK(Clock({"advance", "90"}).change == R"({"advance":90})");
  CHECK(Clock({"resume"}).change == R"({"resume":true})");
  CHECK(Clock({"--port", "81"}).target.port == 81);
  CHECK(Clock({"--endpoint", "http://10.0.0.1:82", "resume"}).target.address == "10.0.0.1");
}

TEST_CASE("What the clock does not take is refused", "[server][command_line]") {
  const std::vector<std::vector<std::string>> rows = {
      {"back"},          {"set"},           {"set", "soon"},     {"advance"},
      {"advance", "1w"}, {"advance", "-1"}, {"advance", "1\"}"}, {"advance", "01"},
      {"freeze", "1."},  {"resume", "now"}, {"freeze", "resume"}};
  for (std::vector<std::string> arguments : rows) {
    CAPTURE(arguments);
    arguments.insert(arguments.begin(), "clock");
    CHECK(Exit(arguments).code != 0);
  }
}

}  // namespace
}  // namespace weir::cli
