// SPDX-License-Identifier: Apache-2.0
#include "cli/function_flags.h"

#include <algorithm>
#include <cctype>

#include "cli/number_flags.h"
#include "core/time_text.h"

namespace weir::cli {
namespace {

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
constexpr std::size_t kLongestFunctionName = 64;

std::string CheckFunctionName(const std::string& text) {
  const bool is_name = !text.empty() && text.size() <= kLongestFunctionName &&
                       std::all_of(text.begin(), text.end(), [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '_' || c == '-';
                       });
  return is_name ? std::string() : "'" + text + "' is not a function's name";
}

std::string CheckSince(const std::string& text) {
  return ParseTime(text) || ParseSpan(text) ? std::string()
                                            : "'" + text + "' is neither a time nor a span";
}

std::string CheckId(const std::string& text) {
  return ParseWholeNumber(text) ? std::string() : "'" + text + "' is not the id of a batch";
}

void AddFunction(CLI::App& app, std::string& function) {
  app.add_option("name", function, "name of the function")
      ->type_name("NAME")
      ->required()
      ->check(CLI::Validator(CheckFunctionName, ""));
}

}  // namespace

LambdaFlags::LambdaFlags(CLI::App& parent)
    : ClientFlags(parent, "lambda", "Run a function's code by a command of your own") {
  app().require_subcommand(1);
  CLI::App& run = *AddWord("run", "Run a command that takes the invocations of a function");
  run.footer(
      "The command speaks the Lambda Runtime API, as AWS's runtime interface clients and custom "
      "runtimes do. It starts again when it ends.");
  AddFunction(run, command_.function);
  run.add_option("--watch", command_.watched,
                 "start the command again when a file changes: this one, or one in this folder; "
                 "may be given several times")
      ->type_name("PATH")
      ->allow_extra_args(false);
  run.add_option("command", command_.command, "the command, after --")
      ->type_name("COMMAND")
      ->required()
      ->expected(1, -1);
}

LogsFlags::LogsFlags(CLI::App& parent)
    : ClientFlags(parent, "logs", "Print what a function has logged") {
  AddFunction(app(), command_.function);
  app()
      .add_option("--since", command_.since,
                  "leave out what is older than a time (2030-01-31T12:00:00Z) or a span (10m)")
      ->type_name("TIME|SPAN")
      ->check(CLI::Validator(CheckSince, ""));
  app().add_flag("--follow,-f", command_.follow,
                 "go on with what is logged later, and when the server starts again");
}

TriggersFlags::TriggersFlags(CLI::App& parent)
    : ClientFlags(parent, "triggers", "Show how the event source mappings are doing") {
  app()
      .add_option("name", command_.name,
                  "everything about those of this function or table, or the one with this UUID")
      ->type_name("NAME");
}

DlqFlags::DlqFlags(CLI::App& parent)
    : ClientFlags(parent, "dlq", "Show the batches that triggers have given up, or do them again") {
  app().require_subcommand(1);
  AddWord("list", "List the batches, the oldest first");
  show_ = AddWord("show", "Print a batch and the event that the function got");
  AddId(*show_, "the batch")->required();
  redrive_ = AddWord("redrive", "Send a batch, or all of them, to its function again");
  CLI::Option* const one = AddId(*redrive_, "the batch");
  redrive_->add_flag("--all", all_, "all batches, the oldest first")->excludes(one);
  redrive_->require_option(1);
  purge_ = AddWord("purge", "Forget a batch, or all of them");
  AddId(*purge_, "the batch [all]");
}

CLI::Option* DlqFlags::AddId(CLI::App& word, const std::string& help) {
  return word.add_option("id", id_, help)->type_name("ID")->check(CLI::Validator(CheckId, ""));
}

DlqCommand::Action DlqFlags::Action() const {
  if (show_->parsed()) {
    return DlqCommand::Action::kShow;
  }
  if (redrive_->parsed()) {
    return DlqCommand::Action::kRedrive;
  }
  return purge_->parsed() ? DlqCommand::Action::kPurge : DlqCommand::Action::kList;
}

}  // namespace weir::cli
