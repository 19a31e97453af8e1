// SPDX-License-Identifier: Apache-2.0
#include "server/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <thread>

#include "core/limits.h"
#include "server/client_flags.h"
#include "server/local_flags.h"

namespace weir::server {
namespace {

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

std::string CheckDelay(const std::string& text) {
  double seconds = -1;
  const bool number = CLI::detail::lexical_cast(text, seconds);
  const bool in_range = seconds >= 0 && seconds <= static_cast<double>(kMaxSeconds);  // no NaN
  return number && in_range
             ? std::string()
             : "'" + text + "' is not a number of seconds from 0 to " + std::to_string(kMaxSeconds);
}

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
  static constexpr std::array<std::string_view, 8> kFirst = {
      "serve", "healthcheck", "clock", "shards", "tail", "--version", "--help", "-h"};
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
  const TailFlags tail(app);

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
  if (tail.parsed()) {
    return tail.Get();
  }
  if (local.used && !serve.service.stream_shards) {
    serve.service.stream_shards = 1;  // as DynamoDB Local makes them
  }
  return serve;
}

}  // namespace weir::server
