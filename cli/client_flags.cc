// SPDX-License-Identifier: Apache-2.0
#include "cli/client_flags.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>

#include "cli/number_flags.h"
#include "core/limits.h"
#include "core/time_text.h"

namespace weir::cli {
namespace {

using limits::kMaxStreamShards;

// Digits, perhaps with a point and more digits: what a JSON number may look like.
bool IsDecimal(std::string_view text) {
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view fraction =
      whole.size() == text.size() ? "0" : text.substr(whole.size() + 1);
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return digits(whole) && digits(fraction) && (whole.size() == 1 || whole.front() != '0');
}

std::string CheckServerAddress(const std::string& text) {
  return ParseServerAddress(text) ? std::string()
                                  : "'" + text + "' is not of the form http://127.0.0.1:8000";
}

std::string CheckTime(const std::string& text) {
  return IsDecimal(text) || ParseTime(text) ? std::string() : "'" + text + "' is not a time";
}
std::string CheckSpan(const std::string& text) {
  return IsDecimal(text) || ParseSpan(text) ? std::string() : "'" + text + "' is not a span";
}

// `text` as a JSON value: a number if it is one, else a string. CheckTime or CheckSpan has accepted
// it, so it needs no escapes.
std::string JsonValue(const std::string& text) {
  return IsDecimal(text) ? text : '"' + text + '"';
}

std::string CheckTableName(const std::string& text) {
  const bool is_name = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_' || c == '-' || c == '.';
  });
  return is_name ? std::string() : "'" + text + "' is not a table's name";
}

std::string CheckTableOrArn(const std::string& text) {
  return text.starts_with("arn:") ? std::string() : CheckTableName(text);
}

std::string CheckStart(const std::string& text) {
  return text == "LATEST" || text == "TRIM_HORIZON" || ParseTime(text)
             ? std::string()
             : "'" + text + "' is neither LATEST nor TRIM_HORIZON nor a time";
}

}  // namespace

TargetFlags::TargetFlags(CLI::App& app) {
  port_given_ = AddNumber(app, "--port", port_, {1, UINT16_MAX}, "TCP port on 127.0.0.1")
                    ->type_name("PORT")
                    ->default_str(std::to_string(port_));
  endpoint_given_ = app.add_option("--endpoint", endpoint_, "another server: http://HOST:PORT")
                        ->type_name("URL")
                        ->check(CLI::Validator(CheckServerAddress, ""))
                        ->excludes(port_given_);
}

void TargetFlags::Exclude(CLI::Option& other) const {
  other.excludes(port_given_)->excludes(endpoint_given_);
}

ServerAddress TargetFlags::GetLocal() const {
  return endpoint_.empty() ? ServerAddress{.address = "127.0.0.1", .port = port_}
                           : *ParseServerAddress(endpoint_);
}

std::optional<ServerAddress> TargetFlags::Get(std::string& error) const {
  if (!endpoint_.empty() || port_given_->count() > 0) {
    return GetLocal();
  }
  // In the order of AWS's own clients: the service's variable comes before that for all services.
  for (const char* name : {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
    const char* url = std::getenv(name);
    if (url == nullptr || *url == '\0') {
      continue;
    }
    std::optional<ServerAddress> address = ParseServerAddress(url);
    if (!address.has_value()) {
      error = std::string("weir: ") + name + " is '" + url +
              "', and only http://HOST:PORT is known here; --endpoint or --port "
              "say which server is meant\n";
    }
    return address;
  }
  return GetLocal();
}

HealthcheckFlags::HealthcheckFlags(CLI::App& parent)
    : app_(*parent.add_subcommand(
          "healthcheck", "Exit with 0 if a server answers within two seconds, else with 1")),
      target_(app_) {
  CLI::Option* const process =
      AddNumber(app_, "--process", process_, {1, INT32_MAX},
                "the server that runs as this process, at the port that its arguments name: for a "
                "container's health check, 1")
          ->type_name("ID");
  target_.Exclude(*process);
}

HealthcheckCommand HealthcheckFlags::Get() const {
  return {.target = target_.GetLocal(),
          .process = process_ == 0 ? std::nullopt : std::optional(process_)};
}

ClientFlags::ClientFlags(CLI::App& app, const std::string& name, const std::string& help)
    : app_(*app.add_subcommand(name, help)), target_(app_) {}

CLI::App* ClientFlags::AddWord(const std::string& name, const std::string& help) {
  CLI::App* word = app_.add_subcommand(name, help);
  word->fallthrough();  // so that --port may come after it
  return word;
}

ResetFlags::ResetFlags(CLI::App& app)
    : ClientFlags(app, "reset", "Bring a running server back to the state of a fresh start") {
  this->app().footer(
      "All tables, streams, backups and held transactions go, protected ones, too, "
      "and the clock is that of the machine.");
}

ClockFlags::ClockFlags(CLI::App& parent)
    : ClientFlags(parent, "clock", "Read or change the clock of a running server") {
  app().require_subcommand(0, 1);
  app().footer(
      "Without a subcommand the clock is read. TIME is 2030-01-31T12:00:00Z, a date alone or "
      "seconds since 1970; SPAN is 1d2h30m, 500ms and so on, or seconds.");
  freeze_ = AddWord("freeze", "Stop the clock, at once or at a time to come");
  AddTime(*freeze_, "time to freeze at instead of the present one");
  set_ = AddWord("set", "Move the clock forward to a time");
  AddTime(*set_, "time to move to")->required();
  advance_ = AddWord("advance", "Move the clock forward by a span");
  advance_->add_option("span", span_, "how far")
      ->type_name("SPAN")
      ->required()
      ->check(CLI::Validator(CheckSpan, ""));
  resume_ = AddWord("resume", "Let the clock run on from the time it shows");
}

CLI::Option* ClockFlags::AddTime(CLI::App& word, const std::string& help) {
  return word.add_option("time", time_, help)
      ->type_name("TIME")
      ->check(CLI::Validator(CheckTime, ""));
}

std::string ClockFlags::Change() const {
  if (freeze_->parsed()) {
    return time_.empty() ? R"({"freeze":true})"
                         : R"({"freeze":true,"set":)" + JsonValue(time_) + "}";
  }
  if (set_->parsed()) {
    return R"({"set":)" + JsonValue(time_) + "}";
  }
  if (advance_->parsed()) {
    return R"({"advance":)" + JsonValue(span_) + "}";
  }
  return resume_->parsed() ? R"({"resume":true})" : "";
}

ShardsFlags::ShardsFlags(CLI::App& parent)
    : ClientFlags(parent, "shards", "List or change the shards of a table's stream") {
  app().require_subcommand(0, 1);
  app().footer("Without a subcommand the shards of the table's latest stream are listed.");
  app()
      .add_option("table", table_, "name of the table")
      ->type_name("TABLE")
      ->required()
      ->check(CLI::Validator(CheckTableName, ""));
  AddAction("split", "SPLIT", "Split an open shard, or all of them, in two");
  AddAction("rotate", "ROTATE", "Close an open shard, or all of them; each has one child");
  AddAction("close", "CLOSE",
            "Close an open shard, or all of them; each has a child once a record comes for it");
  set_ = AddWord("set", "Split shards until this many are open");
  AddNumber(*set_, "count", count_, {1, kMaxStreamShards}, "open shards")
      ->type_name("COUNT")
      ->required();
}

void ShardsFlags::AddAction(const std::string& name, std::string action, const std::string& help) {
  CLI::App* word = AddWord(name, help);
  word->add_option("--shard", shard_, "only this shard")
      ->type_name("ID")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return text.starts_with("shardId-") && text.find('"') == std::string::npos &&
                           text.find('\\') == std::string::npos
                       ? std::string()
                       : "'" + text + "' is not a shard's id";
          },
          ""));
  actions_.emplace_back(word, std::move(action));
}

// The table's name and the shard's id were checked when they were parsed, so they need no escapes.
std::string ShardsFlags::Change() const {
  const std::string start = R"({"TableName":")" + table_ + R"(","Action":")";
  if (set_->parsed()) {
    return start + R"(SET","OpenShards":)" + std::to_string(count_) + "}";
  }
  for (const auto& [word, action] : actions_) {
    if (word->parsed()) {
      return start + action + (shard_.empty() ? "\"}" : R"(","ShardId":")" + shard_ + "\"}");
    }
  }
  return "";
}

TailFlags::TailFlags(CLI::App& parent)
    : ClientFlags(parent, "tail", "Print a stream's records as they happen") {
  app().footer(
      "In a terminal: what was done to which item and what changed of it; else, or with --json, "
      "the records as GetRecords shows them, one a line, each with its shardId.");
  app()
      .add_option("table", command_.stream_or_table,
                  "name of the table, whose latest stream is read, or the ARN of a stream")
      ->type_name("TABLE|ARN")
      ->required()
      ->check(CLI::Validator(CheckTableOrArn, ""));
  app()
      .add_option("--from", command_.start,
                  "LATEST, TRIM_HORIZON or a time such as 2030-01-31T12:00:00Z")
      ->type_name("START")
      ->capture_default_str()
      ->check(CLI::Validator(CheckStart, ""));
  app().add_flag(
      "--follow,-f", command_.follow,
      "go on when the stream ends: with the table's next one, once it is there, and when "
      "the server starts again");
  app().add_flag("--json", command_.json, "JSON lines in a terminal, too");
}

}  // namespace weir::cli
