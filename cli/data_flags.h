// SPDX-License-Identifier: Apache-2.0
// The flags of `weir data`.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/data_command.h"

namespace weir::cli {

class DataFlags {
 public:
  explicit DataFlags(CLI::App& parent);
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] const DataCommand& Get() const { return command_; }

 private:
  CLI::App& app_;
  DataCommand command_;
};

}  // namespace weir::cli
