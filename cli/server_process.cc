// SPDX-License-Identifier: Apache-2.0
#include "cli/server_process.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include "cli/command_line.h"
#include "core/system.h"

namespace weir::cli {
namespace {

// Whether an argument is our program. In our image it is `java`, too, as what starts DynamoDB
// Local.
bool IsWeir(std::string_view argument) {
  const std::string_view name = argument.substr(argument.rfind('/') + 1);
  return name == "weir" || name == "java";
}

}  // namespace

std::variant<ServerAddress, NoServer> AddressOf(const std::vector<std::string>& command_line,
                                                const Environment& environment) {
  auto weir = std::find_if(command_line.begin(), command_line.end(), IsWeir);
  if (weir == command_line.end()) {
    return NoServer{"it is not weir"};
  }
  // QEMU, which runs an image of another architecture, has the file's name and then its arguments.
  while (std::next(weir) != command_line.end() && IsWeir(*std::next(weir))) {
    ++weir;
  }
  const Command command = ParseCommandLine({weir + 1, command_line.end()}, environment);
  if (const auto* const exit = std::get_if<ExitCommand>(&command); exit && exit->code != 0) {
    return NoServer{"its command line has a fault: " + exit->error};
  }
  const auto* const serve = std::get_if<ServeCommand>(&command);
  if (serve == nullptr) {
    return NoServer{"it does not serve"};
  }
  if (serve->server.port == 0) {
    return NoServer{"it serves a port that only its ready line tells (--port 0)"};
  }
  ServerAddress server{.address = "127.0.0.1", .port = serve->server.port};
  if (!serve->server.bind.empty()) {
    const auto address = boost::asio::ip::make_address(serve->server.bind.front());
    if (!address.is_unspecified()) {
      server.address = address.to_string();
    } else if (address.is_v6()) {
      server.address = "::1";
    }
  }
  return server;
}

std::variant<ServerAddress, NoServer> AddressOfProcess(unsigned process) {
  std::variant<ServerAddress, NoServer> found = NoServer{"there is none, or not for this user"};
  if (const std::optional<system::ProcessStart> start = system::StartOf(process)) {
    // For the path of a file of settings. If it is of another user, the path may still be right.
    std::error_code ignored;
    std::filesystem::current_path(start->folder, ignored);
    found = AddressOf(start->arguments, start->environment);
  }
  if (auto* const none = std::get_if<NoServer>(&found)) {
    none->reason = "process " + std::to_string(process) + ": " + none->reason;
  }
  return found;
}

}  // namespace weir::cli
