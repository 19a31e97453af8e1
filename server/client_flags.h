// SPDX-License-Identifier: Apache-2.0
// The flags of the subcommands that ask a running server.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/clock_command.h"
#include "server/control_client.h"
#include "server/options.h"
#include "server/shards_command.h"
#include "server/tail_command.h"

namespace weir::server {

// Where a subcommand finds the server that it asks.
class TargetFlags {
 public:
  explicit TargetFlags(CLI::App& app);
  [[nodiscard]] ServerAddress Get() const;

 private:
  std::uint16_t port_ = kDefaultPort;
  std::string endpoint_;
};

// `weir clock …` and what it asks of the clock.
class ClockFlags {
 public:
  explicit ClockFlags(CLI::App& app);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] ClockCommand Get() const { return {.target = target_.Get(), .change = Change()}; }

 private:
  CLI::Option* AddTime(CLI::App& app, const std::string& help);
  [[nodiscard]] std::string Change() const;

  CLI::App& app_;
  TargetFlags target_;
  CLI::App* freeze_ = nullptr;
  CLI::App* set_ = nullptr;
  CLI::App* advance_ = nullptr;
  CLI::App* resume_ = nullptr;
  std::string time_;
  std::string span_;
};

// `weir shards …` and what it asks of them.
class ShardsFlags {
 public:
  explicit ShardsFlags(CLI::App& app);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] ShardsCommand Get() const {
    return {.target = target_.Get(), .table = table_, .change = Change()};
  }

 private:
  void AddAction(const std::string& name, std::string action, const std::string& help);
  [[nodiscard]] std::string Change() const;

  CLI::App& app_;
  TargetFlags target_;
  std::vector<std::pair<CLI::App*, std::string>> actions_;
  CLI::App* set_ = nullptr;
  std::string table_;
  std::string shard_;
  int count_ = 0;
};

// `weir tail …`.
class TailFlags {
 public:
  explicit TailFlags(CLI::App& app);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] TailCommand Get() const;

 private:
  CLI::App& app_;
  TargetFlags target_;
  TailCommand command_;
};

}  // namespace weir::server
