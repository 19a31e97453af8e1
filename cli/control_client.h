// SPDX-License-Identifier: Apache-2.0
// The client half of the endpoints under /_weir/, for the subcommands that ask a running server.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace weir::cli {

// Where a server listens.
struct ServerAddress {
  std::string address;  // numeric, or a name that the system looks up
  std::uint16_t port = 0;
};

// Reads `[http://]host[:port][/]`, where host is an IP address (IPv6 in brackets) or a name, which
// is not looked up yet; localhost stands for 127.0.0.1. The default port is 8000. nullopt if the
// text is something else.
[[nodiscard]] std::optional<ServerAddress> ParseServerAddress(std::string_view text);

struct ControlCall {
  std::string_view method = "GET";
  std::string_view path;
  std::string_view body = {};
  // From the connection to the answer's last byte. Before that, a name may be looked up, and its
  // addresses be tried, for as long each.
  std::chrono::seconds timeout{2};
  std::string_view wanted_header = {};  // of the answer
};

struct ControlReply {
  std::string error;  // why there is no answer; empty when there is one
  unsigned status = 0;
  std::string body;
  std::string header;  // the value of the header that was wanted; empty if there is none
};

// Calls the server on a new connection, and waits for the answer.
ControlReply CallControl(const ServerAddress& server, const ControlCall& call);

// Answers, with their members in the order in which the server wrote them.
using Json = nlohmann::ordered_json;

// The object that is the reply's body; an empty one if it is something else.
Json ObjectIn(const ControlReply& reply);
// Why the server refused: its message, or the status if it gave none. `answer` is the reply's body.
std::string RefusalIn(const ControlReply& reply, const Json& answer);

// A member of an object: its text, not escaped for a terminal, empty if it is not a string; whether
// it is true.
std::string TextOf(const Json& object, const char* member);
bool IsTrue(const Json& object, const char* member);

// Prints on stderr why a subcommand failed, and returns its exit code.
int FailCommand(const std::string& reason);

}  // namespace weir::cli
