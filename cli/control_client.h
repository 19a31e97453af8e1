// SPDX-License-Identifier: Apache-2.0
// The client half of the endpoints under /_weir/, for the subcommands that ask a running server.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/json_tree.h"

namespace weir::cli {

// A server's numeric address.
struct ServerAddress {
  std::string address;
  std::uint16_t port = 0;
};

// Reads `[http://]host[:port][/]`, where host is an IP address (IPv6 in brackets) or localhost,
// which stands for 127.0.0.1: no names are looked up. The default port is 8000. nullopt if the text
// is something else.
[[nodiscard]] std::optional<ServerAddress> ParseServerAddress(std::string_view text);

struct ControlCall {
  std::string_view method = "GET";
  std::string_view path;
  std::string_view body = {};
  std::chrono::seconds timeout{2};  // from connecting to the answer's last byte
};

struct ControlReply {
  std::string error;  // why there is no answer; empty when there is one
  unsigned status = 0;
  std::string body;
};

// Calls the server on a new connection, and waits for the answer.
ControlReply CallControl(const ServerAddress& server, const ControlCall& call);

// The text of a member of an object, escaped for a terminal; empty if `object` is not an object or
// does not have the member.
std::string MemberText(const protocol::JsonNode& object, std::string_view member);

// Prints on stderr why a subcommand failed, and returns its exit code.
int FailCommand(const std::string& reason);

}  // namespace weir::cli
