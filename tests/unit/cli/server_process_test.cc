// SPDX-License-Identifier: Apache-2.0
#include "cli/server_process.h"

#include <catch2/catch.hpp>
#include <string>
#include <variant>
#include <vector>

namespace weir::cli {
namespace {

// "ADDRESS:PORT", or the reason why there is no server.
std::string Find(const std::vector<std::string>& command_line,
                 const Environment& environment = {}) {
  const auto found = AddressOf(command_line, environment);
  if (const auto* const none = std::get_if<NoServer>(&found)) {
    return none->reason;
  }
  const auto& server = std::get<ServerAddress>(found);
  return server.address + ":" + std::to_string(server.port);
}

TEST_CASE("A server's command line tells where it listens", "[cli][server_process]") {
  struct Row {
    std::vector<std::string> command_line;
    std::string address;
  };
  const std::vector<Row> rows = {
      {{"/weir"}, "127.0.0.1:8000"},
      {{"/weir", "serve", "--bind", "0.0.0.0"}, "127.0.0.1:8000"},
      {{"/weir", "serve", "--bind", "0.0.0.0", "--port", "81"}, "127.0.0.1:81"},
      {{"weir", "--port=81", "--bind", "::"}, "::1:81"},
      {{"weir", "--bind", "10.0.0.1", "--bind", "::1"}, "10.0.0.1:8000"},
      {{"/weir", "serve", "-jar", "DynamoDBLocal.jar", "-port", "81"}, "127.0.0.1:81"},
      {{"java", "-jar", "DynamoDBLocal.jar", "-sharedDb", "-port", "81"}, "127.0.0.1:81"},
      {{"/weir", "serve", "--localstack"}, "127.0.0.1:4566"},
      {{"/usr/bin/qemu-aarch64-static", "/weir", "/weir", "serve", "--port", "81"}, "127.0.0.1:81"},
      {{"/sbin/docker-init", "--", "/weir", "serve", "--port", "81"}, "127.0.0.1:81"},
  };
  for (const Row& row : rows) {
    CHECK(Find(row.command_line) == row.address);
  }
  CHECK(Find({"/weir", "serve"}, {"WEIR_PORT=82"}) == "127.0.0.1:82");
  CHECK(Find({"/weir", "serve", "--port", "81"}, {"WEIR_PORT=82"}) == "127.0.0.1:81");
}

TEST_CASE("A command line that serves nothing says why", "[cli][server_process]") {
  CHECK(Find({}) == "it is not weir");
  CHECK(Find({"sh", "-c", "sleep 1"}) == "it is not weir");
  CHECK(Find({"weir", "healthcheck", "--process", "1"}) == "it does not serve");
  CHECK(Find({"weir", "--version"}) == "it does not serve");
  CHECK(Find({"weir", "serve", "--no-such-flag"}).find("--no-such-flag") != std::string::npos);
  CHECK(Find({"weir", "serve", "--port", "0"}).find("ready line") != std::string::npos);
}

TEST_CASE("A process that is not there is not looked for elsewhere", "[cli][server_process]") {
  const auto found = AddressOfProcess(2'147'483'647);
  REQUIRE(std::holds_alternative<NoServer>(found));
  CHECK(std::get<NoServer>(found).reason.find("process 2147483647: there is none") == 0);
}

}  // namespace
}  // namespace weir::cli
