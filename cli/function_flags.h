// SPDX-License-Identifier: Apache-2.0
// The flags of the subcommands about functions and what triggers them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/client_flags.h"
#include "cli/dlq_command.h"
#include "cli/lambda_run_command.h"
#include "cli/logs_command.h"
#include "cli/triggers_command.h"

namespace weir::cli {

// The flags of `weir lambda run …`. The commands that Get returns, in this class and those below,
// lack the target, which Target returns.
class LambdaFlags : public ClientFlags {
 public:
  explicit LambdaFlags(CLI::App& parent);
  [[nodiscard]] LambdaRunCommand Get() const { return command_; }

 private:
  LambdaRunCommand command_;
};

// The flags of `weir logs …`.
class LogsFlags : public ClientFlags {
 public:
  explicit LogsFlags(CLI::App& parent);
  [[nodiscard]] LogsCommand Get() const { return command_; }

 private:
  LogsCommand command_;
};

// The flags of `weir triggers …`.
class TriggersFlags : public ClientFlags {
 public:
  explicit TriggersFlags(CLI::App& parent);
  [[nodiscard]] TriggersCommand Get() const { return command_; }

 private:
  TriggersCommand command_;
};

// The flags of `weir dlq …`.
class DlqFlags : public ClientFlags {
 public:
  explicit DlqFlags(CLI::App& parent);
  [[nodiscard]] DlqCommand Get() const { return {.target = {}, .action = Action(), .id = id_}; }

 private:
  CLI::Option* AddId(CLI::App& word, const std::string& help);
  [[nodiscard]] DlqCommand::Action Action() const;

  CLI::App* show_ = nullptr;
  CLI::App* redrive_ = nullptr;
  CLI::App* purge_ = nullptr;
  std::string id_;
  bool all_ = false;
};

}  // namespace weir::cli
