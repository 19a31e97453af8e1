// SPDX-License-Identifier: Apache-2.0
#include "server/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <thread>

#include "core/limits.h"
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

std::string CheckHealthTarget(const std::string& text) {
  return ParseHealthTarget(text) ? std::string()
                                 : "'" + text + "' is not of the form http://127.0.0.1:8000";
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
}

// `weir [flags]` is `weir serve [flags]`.
void InsertServe(std::vector<std::string>& arguments) {
  static constexpr std::array<std::string_view, 5> kFirst = {"serve", "healthcheck", "--version",
                                                             "--help", "-h"};
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
  std::uint16_t health_port = kDefaultPort;
  std::string health_endpoint;

  CLI::App app("A local DynamoDB with real Streams.", "weir");
  app.set_version_flag("--version", "weir " WEIR_VERSION);
  app.require_subcommand(1);
  app.footer("Flags without a subcommand are those of serve: see weir serve --help.");
  CLI::App* serve_app =
      app.add_subcommand("serve", "Serve DynamoDB and DynamoDB Streams (default)");
  AddServeFlags(*serve_app, serve);
  CLI::App* health_app = app.add_subcommand(
      "healthcheck", "Exit with 0 if a server answers within two seconds, else with 1");
  CLI::Option* port =
      health_app->add_option("--port", health_port, "TCP port on 127.0.0.1")
          ->type_name("PORT")
          ->capture_default_str()
          ->check(CLI::Range(std::uint16_t{1}, std::uint16_t{65535}).description(""));
  health_app->add_option("--endpoint", health_endpoint, "another server: http://ADDRESS:PORT")
      ->type_name("URL")
      ->check(CLI::Validator(CheckHealthTarget, ""))
      ->excludes(port);

  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& thrown) {
    return Exit(app, thrown);
  }
  if (health_app->parsed()) {
    if (!health_endpoint.empty()) {
      return HealthcheckCommand{.target = *ParseHealthTarget(health_endpoint)};
    }
    return HealthcheckCommand{.target = {.address = "127.0.0.1", .port = health_port}};
  }
  if (local.used && !serve.service.stream_shards) {
    serve.service.stream_shards = 1;  // as DynamoDB Local makes them
  }
  return serve;
}

}  // namespace weir::server
