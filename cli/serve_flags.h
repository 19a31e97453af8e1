// SPDX-License-Identifier: Apache-2.0
// `weir serve`: its flags, and what follows from them.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/local_flags.h"
#include "cli/service_options.h"
#include "server/options.h"

namespace weir::cli {

// The port of `weir serve --localstack`, which is LocalStack's.
inline constexpr std::uint16_t kLocalStackPort = 4566;

struct ServeCommand {
  server::ServerOptions server;
  ServiceOptions service;
  std::uint64_t max_memory = 0;  // bytes; 0: what the system gives
  std::string config;  // the path of the file that was read for these options; empty: none
  std::string notice;  // for stderr, before anything else: which arguments were ignored
};

// Must stay where it is: the parser writes to its members.
class ServeFlags {
 public:
  // Adds the subcommand to `parent`.
  explicit ServeFlags(CLI::App& parent);
  ServeFlags(const ServeFlags&) = delete;
  ServeFlags& operator=(const ServeFlags&) = delete;

  [[nodiscard]] const CLI::App& app() const { return app_; }
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  // What the flags that were parsed ask for, together with those of DynamoDB Local.
  [[nodiscard]] ServeCommand Get(const LocalFlags& local);

 private:
  // The flags of streams as they are given. Those that are not given have the policy's values.
  struct StreamFlags {
    bool simple = false;
    int shards = 0;  // 0: not given
    std::chrono::seconds rotation{0};
    std::chrono::seconds cooldown{0};
    CLI::Option* rotation_given = nullptr;
    CLI::Option* rate_given = nullptr;
  };

  void AddListeningFlags();
  void AddLikenessFlags();
  void AddStreamFlags();
  void AddStatusFlags();
  void AddBrowserFlags();
  void AddConnectionFlags();
  void AddDataFlags();
  void AddFunctionFlags();
  // Throws CLI::ValidationError if the flags do not say where functions run.
  void SettleFunctions();
  // How functions reach the server, and whether others do.
  void SettleAddresses();
  // Applies the flags of streams. Where streams are simple for the sake of what Weir is to be like,
  // a flag that was given overrides that.
  void SettleStreams();

  // The flags of functions as they are given.
  struct FunctionFlags {
    std::string endpoint;                // for all functions that `endpoints` does not name
    std::vector<std::string> endpoints;  // NAME=URL
  };

  CLI::App& app_;
  ServeCommand command_;
  FunctionFlags functions_;
  StreamFlags streams_;
  std::string durability_ = "interval";
  CLI::Option* port_given_ = nullptr;
};

}  // namespace weir::cli
