// SPDX-License-Identifier: Apache-2.0
#include "cli/data_flags.h"

namespace weir::cli {

DataFlags::DataFlags(CLI::App& parent)
    : app_(*parent.add_subcommand("data", "Look at a data folder, or salvage a damaged one")) {
  app_.require_subcommand(1);
  CLI::App* check = app_.add_subcommand(
      "check", "Print what a folder has; exit with 1 if something is wrong with it");
  CLI::App* salvage = app_.add_subcommand(
      "salvage", "Write to a new folder what can be read of a damaged one, which stays as it is");
  for (CLI::App* action : {check, salvage}) {
    action->add_option("dir", command_.folder, "the folder, which no server may be using")
        ->type_name("DIR")
        ->required();
  }
  salvage->add_option("--into", command_.into, "the new folder, which must be missing or empty")
      ->type_name("DIR")
      ->required();
}

}  // namespace weir::cli
