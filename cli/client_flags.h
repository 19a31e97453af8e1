// SPDX-License-Identifier: Apache-2.0
// The flags of the subcommands that ask a running server.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/clock_command.h"
#include "cli/control_client.h"
#include "cli/healthcheck.h"
#include "cli/reset_command.h"
#include "cli/shards_command.h"
#include "cli/tail_command.h"
#include "server/options.h"

namespace weir::cli {

// The flags that say which server a subcommand asks.
class TargetFlags {
 public:
  explicit TargetFlags(CLI::App& app);
  // The server that the flags name; without flags, the one that the environment variable
  // AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL names; else the one at the default port. nullopt
  // if the variable is not such an address; `error` is then the text for stderr.
  [[nodiscard]] std::optional<ServerAddress> Get(std::string& error) const;
  // The server that the flags name, else the one at the default port of 127.0.0.1.
  [[nodiscard]] ServerAddress GetLocal() const;
  // Has `other` not be given together with these flags.
  void Exclude(CLI::Option& other) const;
  // Changes the default port. To be called before the flags are parsed.
  void SetDefaultPort(std::uint16_t port) { port_ = port; }

 private:
  std::uint16_t port_ = server::kDefaultPort;
  std::string endpoint_;
  CLI::Option* port_given_ = nullptr;
  CLI::Option* endpoint_given_ = nullptr;
};

// The flags of `weir healthcheck`.
class HealthcheckFlags {
 public:
  explicit HealthcheckFlags(CLI::App& parent);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] TargetFlags& target() { return target_; }
  [[nodiscard]] HealthcheckCommand Get() const;

 private:
  CLI::App& app_;
  TargetFlags target_;
  unsigned process_ = 0;  // 0: not given
};

// What the other subcommands share: `weir <name> [words] [--port N|--endpoint URL]`.
class ClientFlags {
 public:
  ClientFlags(CLI::App& app, const std::string& name, const std::string& help);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] std::optional<ServerAddress> Target(std::string& error) const {
    return target_.Get(error);
  }
  [[nodiscard]] TargetFlags& target() { return target_; }

 protected:
  CLI::App& app() { return app_; }
  // Adds a subcommand to this one. The flags of this one may also stand after it.
  CLI::App* AddWord(const std::string& name, const std::string& help);

 private:
  CLI::App& app_;
  TargetFlags target_;
};

// The flags of `weir clock …`. The commands that Get returns, in this class and those below, lack
// the target, which Target returns.
class ClockFlags : public ClientFlags {
 public:
  explicit ClockFlags(CLI::App& parent);
  [[nodiscard]] ClockCommand Get() const { return {.target = {}, .change = Change()}; }

 private:
  CLI::Option* AddTime(CLI::App& word, const std::string& help);
  [[nodiscard]] std::string Change() const;

  CLI::App* freeze_ = nullptr;
  CLI::App* set_ = nullptr;
  CLI::App* advance_ = nullptr;
  CLI::App* resume_ = nullptr;
  std::string time_;
  std::string span_;
};

// The flags of `weir shards …`.
class ShardsFlags : public ClientFlags {
 public:
  explicit ShardsFlags(CLI::App& parent);
  [[nodiscard]] ShardsCommand Get() const {
    return {.target = {}, .table = table_, .change = Change()};
  }

 private:
  void AddAction(const std::string& name, std::string action, const std::string& help);
  [[nodiscard]] std::string Change() const;

  std::vector<std::pair<CLI::App*, std::string>> actions_;
  CLI::App* set_ = nullptr;
  std::string table_;
  std::string shard_;
  int count_ = 0;
};

// The flags of `weir tail …`.
class TailFlags : public ClientFlags {
 public:
  explicit TailFlags(CLI::App& parent);
  [[nodiscard]] TailCommand Get() const { return command_; }

 private:
  TailCommand command_;
};

// The flags of `weir reset`.
class ResetFlags : public ClientFlags {
 public:
  explicit ResetFlags(CLI::App& app);
  [[nodiscard]] ResetCommand Get() const { return {}; }
};

}  // namespace weir::cli
