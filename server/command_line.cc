// SPDX-License-Identifier: Apache-2.0
#include "server/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <thread>

#include "core/limits.h"
#include "core/time_text.h"
#include "server/local_flags.h"

namespace weir::server {
namespace {

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

// How many shards a table may have; DynamoDB documents no number.
using limits::kMaxStreamShards;
constexpr unsigned kMaxThreads = 1024;
constexpr std::size_t kMaxConnections = 1'000'000;
constexpr std::int64_t kMaxSeconds = 86'400;

std::string CheckAddress(const std::string& text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(text, error);
  return error ? "'" + text + "' is not an IP address (names are not looked up)" : std::string();
}

std::string CheckServerAddress(const std::string& text) {
  return ParseServerAddress(text) ? std::string()
                                  : "'" + text + "' is not of the form http://127.0.0.1:8000";
}

// Where a subcommand finds the server that it asks.
class TargetFlags {
 public:
  explicit TargetFlags(CLI::App& app) {
    CLI::Option* port =
        app.add_option("--port", port_, "TCP port on 127.0.0.1")
            ->type_name("PORT")
            ->capture_default_str()
            ->check(CLI::Range(std::uint16_t{1}, std::uint16_t{65535}).description(""));
    app.add_option("--endpoint", endpoint_, "another server: http://ADDRESS:PORT")
        ->type_name("URL")
        ->check(CLI::Validator(CheckServerAddress, ""))
        ->excludes(port);
  }
  [[nodiscard]] ServerAddress Get() const {
    return endpoint_.empty() ? ServerAddress{.address = "127.0.0.1", .port = port_}
                             : *ParseServerAddress(endpoint_);
  }

 private:
  std::uint16_t port_ = kDefaultPort;
  std::string endpoint_;
};

// `text` as a JSON value: a number if it is one, else a string. The texts that come here have
// passed ParseTime or ParseSpan otherwise, so they need no escapes.
std::string JsonValue(const std::string& text) {
  return IsDecimal(text) ? text : '"' + text + '"';
}

// `weir clock …` and what it asks of the clock.
class ClockFlags {
 public:
  explicit ClockFlags(CLI::App& app)
      : app_(*app.add_subcommand("clock", "Read or change the clock of a running server")),
        target_(app_) {
    app_.require_subcommand(0, 1);
    app_.footer(
        "Without a subcommand the clock is read. TIME is 2030-01-31T12:00:00Z, a date alone or "
        "seconds since 1970; SPAN is 1d2h30m, 500ms and so on, or seconds.");
    freeze_ = app_.add_subcommand("freeze", "Stop the clock, at once or at a time to come");
    AddTime(*freeze_, "time to freeze at instead of the present one");
    set_ = app_.add_subcommand("set", "Move the clock on to a time");
    AddTime(*set_, "time to move to")->required();
    advance_ = app_.add_subcommand("advance", "Move the clock on by a span");
    advance_->add_option("span", span_, "how far")
        ->type_name("SPAN")
        ->required()
        ->check(CLI::Validator(CheckSpan, ""));
    resume_ = app_.add_subcommand("resume", "Let the clock run on from the time it shows");
  }
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] ClockCommand Get() const { return {.target = target_.Get(), .change = Change()}; }

 private:
  static std::string CheckTime(const std::string& text) {
    return IsDecimal(text) || ParseTime(text) ? std::string() : "'" + text + "' is not a time";
  }
  static std::string CheckSpan(const std::string& text) {
    return IsDecimal(text) || ParseSpan(text) ? std::string() : "'" + text + "' is not a span";
  }
  CLI::Option* AddTime(CLI::App& app, const std::string& help) {
    return app.add_option("time", time_, help)
        ->type_name("TIME")
        ->check(CLI::Validator(CheckTime, ""));
  }
  [[nodiscard]] std::string Change() const {
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

  CLI::App& app_;
  TargetFlags target_;
  CLI::App* freeze_ = nullptr;
  CLI::App* set_ = nullptr;
  CLI::App* advance_ = nullptr;
  CLI::App* resume_ = nullptr;
  std::string time_;
  std::string span_;
};

std::string CheckDelay(const std::string& text) {
  double seconds = -1;
  const bool number = CLI::detail::lexical_cast(text, seconds);
  const bool in_range = seconds >= 0 && seconds <= static_cast<double>(kMaxSeconds);  // no NaN
  return number && in_range
             ? std::string()
             : "'" + text + "' is not a number of seconds from 0 to " + std::to_string(kMaxSeconds);
}

// `weir shards …` and what it asks of them.
class ShardsFlags {
 public:
  explicit ShardsFlags(CLI::App& app)
      : app_(*app.add_subcommand("shards", "List or change the shards of a table's stream")),
        target_(app_) {
    app_.require_subcommand(0, 1);
    app_.footer("Without a subcommand the shards of the table's latest stream are listed.");
    app_.add_option("table", table_, "name of the table")
        ->type_name("TABLE")
        ->required()
        ->check(CLI::Validator(CheckTableName, ""));
    AddAction("split", "SPLIT", "Split an open shard, or all of them, in two");
    AddAction("rotate", "ROTATE", "Close an open shard, or all of them; each has one child");
    AddAction("close", "CLOSE",
              "Close an open shard, or all of them; each has a child once a record comes for it");
    set_ = app_.add_subcommand("set", "Split shards until so many are open");
    set_->add_option("count", count_, "open shards")
        ->type_name("COUNT")
        ->required()
        ->check(CLI::Range(1, kMaxStreamShards).description(""));
  }
  [[nodiscard]] bool parsed() const { return app_.parsed(); }
  [[nodiscard]] ShardsCommand Get() const {
    return {.target = target_.Get(), .table = table_, .change = Change()};
  }

 private:
  static std::string CheckTableName(const std::string& text) {
    const bool is_name = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_' || c == '-' || c == '.';
    });
    return is_name ? std::string() : "'" + text + "' is not a table's name";
  }
  void AddAction(const std::string& name, std::string action, const std::string& help) {
    CLI::App* app = app_.add_subcommand(name, help);
    app->add_option("--shard", shard_, "only this shard")
        ->type_name("ID")
        ->check(CLI::Validator(
            [](const std::string& text) {
              return text.starts_with("shardId-") && text.find('"') == std::string::npos &&
                             text.find('\\') == std::string::npos
                         ? std::string()
                         : "'" + text + "' is not a shard's id";
            },
            ""));
    actions_.emplace_back(app, std::move(action));
  }
  // Names and ids that come here need no escapes.
  [[nodiscard]] std::string Change() const {
    const std::string start = R"({"TableName":")" + table_ + R"(","Action":")";
    if (set_->parsed()) {
      return start + R"(SET","OpenShards":)" + std::to_string(count_) + "}";
    }
    for (const auto& [app, action] : actions_) {
      if (app->parsed()) {
        return start + action + (shard_.empty() ? "\"}" : R"(","ShardId":")" + shard_ + "\"}");
      }
    }
    return "";
  }

  CLI::App& app_;
  TargetFlags target_;
  std::vector<std::pair<CLI::App*, std::string>> actions_;
  CLI::App* set_ = nullptr;
  std::string table_;
  std::string shard_;
  int count_ = 0;
};

void AddSeconds(CLI::App& app, const std::string& name, std::chrono::seconds& value,
                const std::string& help) {
  app.add_option_function<std::int64_t>(
         name, [&value](std::int64_t seconds) { value = std::chrono::seconds(seconds); }, help)
      ->type_name("SECONDS")
      ->default_str(std::to_string(value.count()))
      ->check(CLI::Range(std::int64_t{1}, kMaxSeconds).description(""));
}

void AddMicros(CLI::App& app, const std::string& name, Micros& value, const std::string& help) {
  app.add_option_function<std::int64_t>(
         name, [&value](std::int64_t seconds) { value = std::chrono::seconds(seconds); }, help)
      ->type_name("SECONDS")
      ->default_str(std::to_string(std::chrono::duration_cast<std::chrono::seconds>(value).count()))
      ->check(CLI::Range(std::int64_t{0}, kMaxSeconds).description(""));
}

void AddShardFlags(CLI::App& app, stream::ShardPolicy& policy) {
  app.add_option("--stream-split-rate", policy.split_rate,
                 "a shard that takes more records a second for ten seconds is split; 0: none is")
      ->type_name("COUNT")
      ->capture_default_str();
  AddMicros(app, "--stream-split-cooldown", policy.split_cooldown,
            "no shard is split before it is so old");
  app.add_option("--stream-max-shards", policy.max_open_shards,
                 "open shards of a stream beyond which none is split")
      ->type_name("COUNT")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{kMaxStreamShards}).description(""));
  AddMicros(app, "--stream-rotation", policy.rotation_age,
            "a shard is closed at about this age and has one child; 0: none is");
  app.add_option("--stream-max-bytes", policy.max_bytes,
                 "memory for the records of a table; beyond it the oldest go before their 24 hours")
      ->type_name("BYTES")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1} << 20U, UINT64_MAX).description(""));
}

void AddServeFlags(CLI::App& app, ServeCommand& command) {
  ServerOptions& server = command.server;
  app.add_option("--port", server.port, "TCP port to listen on; 0 takes any free one")
      ->type_name("PORT")
      ->capture_default_str();
  app.add_option("--bind", server.bind,
                 "IP address to listen on; may be given several times [127.0.0.1 and ::1]")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckAddress, ""));
  app.add_option("--threads", server.threads,
                 "threads that serve requests; the default is one for each core")
      ->type_name("COUNT")
      ->capture_default_str()
      ->check(CLI::Range(1U, kMaxThreads).description(""));
  app.add_option("--log-level", server.log_level, "least severe messages that are logged to stderr")
      ->capture_default_str()
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "critical", "off"}));
  app.add_option("--max-connections", server.max_connections,
                 "connections served at a time; further ones wait to be accepted")
      ->type_name("COUNT")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, kMaxConnections).description(""));
  AddSeconds(app, "--idle-timeout", server.idle_timeout,
             "a connection is closed after this long without a request");
  AddSeconds(app, "--read-timeout", server.read_timeout,
             "a connection is closed when a request takes longer to arrive");
  AddSeconds(app, "--write-timeout", server.write_timeout,
             "a connection is closed when the client takes nothing of an answer for this long");
  AddSeconds(app, "--drain-timeout", server.drain_timeout,
             "what is left of the requests under way is cut off this long after SIGTERM");
  CLI::Option* real =
      app.add_flag("--delay-transient-statuses", command.service.delay_transient_statuses,
                   "leave tables CREATING, UPDATING or DELETING for as long as AWS does [done at "
                   "once]");
  app.add_option_function<double>(
         "--transient-status-delay",
         [&command](double seconds) {
           command.service.transient_status_delay =
               std::chrono::round<Micros>(std::chrono::duration<double>(seconds));
         },
         "the same, but for this long each time")
      ->type_name("SECONDS")
      ->check(CLI::Validator(CheckDelay, ""))
      ->excludes(real);
  app.add_option("--stream-shards", command.service.stream_shards,
                 "shards of each new stream [as many as DynamoDB would make; 1 with DynamoDB "
                 "Local's flags]")
      ->type_name("COUNT")
      ->check(CLI::Range(1, kMaxStreamShards).description(""));
  AddShardFlags(app, command.service.shard_policy);
  app.add_flag("--enforce-stream-limits", command.service.enforce_stream_limits,
               "refuse readers of streams beyond AWS's limits: of a shard, two readers, five "
               "GetRecords and 2 MB a second; ten DescribeStream a second");
}

// `weir [flags]` is `weir serve [flags]`.
void InsertServe(std::vector<std::string>& arguments) {
  static constexpr std::array<std::string_view, 7> kFirst = {
      "serve", "healthcheck", "clock", "shards", "--version", "--help", "-h"};
  if (arguments.empty() ||
      std::find(kFirst.begin(), kFirst.end(), arguments.front()) == kFirst.end()) {
    arguments.insert(arguments.begin(), "serve");
  }
}

ExitCommand Exit(const CLI::App& app, const CLI::ParseError& thrown) {
  std::ostringstream out;
  std::ostringstream error;
  const int code = app.exit(thrown, out, error);
  return {.code = code, .out = out.str(), .error = error.str()};
}

}  // namespace

Command ParseCommandLine(std::vector<std::string> arguments) {
  LocalFlags local = TranslateLocalFlags(arguments);
  if (!local.error.empty()) {
    return ExitCommand{.code = 1, .out = {}, .error = "weir: " + local.error + "\n"};
  }
  arguments = std::move(local.rest);
  InsertServe(arguments);

  ServeCommand serve;
  serve.server.threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMaxThreads);

  CLI::App app("A local DynamoDB with real Streams.", "weir");
  app.set_version_flag("--version", "weir " WEIR_VERSION);
  app.require_subcommand(1);
  app.footer("Flags without a subcommand are those of serve: see weir serve --help.");
  CLI::App* serve_app =
      app.add_subcommand("serve", "Serve DynamoDB and DynamoDB Streams (default)");
  AddServeFlags(*serve_app, serve);
  CLI::App* health_app = app.add_subcommand(
      "healthcheck", "Exit with 0 if a server answers within two seconds, else with 1");
  const TargetFlags health_target(*health_app);
  const ClockFlags clock(app);
  const ShardsFlags shards(app);

  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& thrown) {
    return Exit(app, thrown);
  }
  if (health_app->parsed()) {
    return HealthcheckCommand{.target = health_target.Get()};
  }
  if (clock.parsed()) {
    return clock.Get();
  }
  if (shards.parsed()) {
    return shards.Get();
  }
  if (local.used && !serve.service.stream_shards) {
    serve.service.stream_shards = 1;  // as DynamoDB Local makes them
  }
  return serve;
}

}  // namespace weir::server
