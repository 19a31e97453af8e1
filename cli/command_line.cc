// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <thread>

#include "cli/client_flags.h"
#include "cli/data_flags.h"
#include "cli/local_flags.h"
#include "cli/number_flags.h"
#include "cli/settings.h"
#include "core/limits.h"

namespace weir::cli {
namespace {

// The exit code for wrong arguments, by convention.
constexpr int kWrongUsage = 2;

// How many shards a table may have; DynamoDB documents no number.
using limits::kMaxStreamShards;
constexpr unsigned kMaxThreads = 1024;
constexpr std::size_t kMaxConnections = 1'000'000;
constexpr std::uint64_t kMaxSeconds = 86'400;
// What a server without data takes, and room for requests.
constexpr std::uint64_t kLeastMemory = std::uint64_t{64} << 20U;

std::string CheckAddress(const std::string& text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(text, error);
  return error ? "'" + text + "' is not an IP address (names are not looked up)" : std::string();
}

std::string CheckNotEmpty(const std::string& text) {
  return text.empty() ? "the text is empty" : std::string();
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
  AddNumber(app, name, value, {1, kMaxSeconds}, help)
      ->type_name("SECONDS")
      ->default_str(std::to_string(value.count()));
}

// Adds a flag for a span of the service's time, which may be 0.
void AddSpan(CLI::App& app, const std::string& name, std::chrono::seconds& value,
             const std::string& help) {
  AddNumber(app, name, value, {0, kMaxSeconds}, help)
      ->type_name("SECONDS")
      ->default_str(std::to_string(value.count()));
}

template <class Number>
void AddCount(CLI::App& app, const std::string& name, Number& value, NumberRange range,
              const std::string& help) {
  AddNumber(app, name, value, range, help)->type_name("COUNT")->default_str(std::to_string(value));
}

template <class Number>
void AddBytes(CLI::App& app, const std::string& name, Number& value, const std::string& help) {
  AddNumber(app, name, value, {std::uint64_t{1} << 20U, INT64_MAX}, help)
      ->type_name("BYTES")
      ->default_str(std::to_string(value));
}

// The flags of streams as they are given. Those that are not given have the policy's values.
struct StreamFlags {
  bool simple = false;
  int shards = 0;  // 0: not given
  std::chrono::seconds rotation{0};
  std::chrono::seconds cooldown{0};
  CLI::Option* rotation_given = nullptr;
  CLI::Option* rate_given = nullptr;
};

void AddStreamFlags(CLI::App& app, ServiceOptions& service, StreamFlags& flags) {
  stream::ShardPolicy& policy = service.shard_policy;
  flags.rotation = std::chrono::duration_cast<std::chrono::seconds>(policy.rotation_age);
  flags.cooldown = std::chrono::duration_cast<std::chrono::seconds>(policy.split_cooldown);
  CLI::Option* simple = app.add_flag(
      "--simple-streams", flags.simple,
      "each new stream has one shard, which never splits nor rotates by itself, and iterators do "
      "not expire, for tools that expect this; the default with DynamoDB Local's flags");
  CLI::Option* shards = AddNumber(app, "--stream-shards", flags.shards, {1, kMaxStreamShards},
                                  "shards of each new stream [as many as DynamoDB would make]")
                            ->type_name("COUNT");
  AddCount(app, "--stream-split-rate", policy.split_rate, {0, INT64_MAX},
           "split a shard that takes more records per second for ten seconds; 0: never");
  flags.rate_given = app.get_option("--stream-split-rate");
  AddSpan(app, "--stream-split-cooldown", flags.cooldown,
          "split no shard that is younger than this");
  AddCount(app, "--stream-max-shards", policy.max_open_shards, {1, kMaxStreamShards},
           "split no shard while its stream has this many open shards");
  AddSpan(app, "--stream-rotation", flags.rotation,
          "close a shard at about this age, with one child; 0: never");
  flags.rotation_given = app.get_option("--stream-rotation");
  for (CLI::Option* other : {shards, flags.rate_given, flags.rotation_given}) {
    simple->excludes(other);
  }
  AddBytes(
      app, "--stream-max-bytes", service.stream_max_bytes,
      "memory for the records of all streams; the oldest of more are dropped before 24 hours, or "
      "with --data-dir read from the folder");
  app.add_flag("--enforce-stream-limits", service.enforce_stream_limits,
               "refuse readers of streams beyond AWS's limits: of a shard, two readers, five "
               "GetRecords and 2 MB a second; ten DescribeStream a second");
}

// Applies the flags of streams to `service`. Where DynamoDB Local's flags make streams simple, a
// flag that was given overrides that.
void Settle(const StreamFlags& flags, ServiceOptions& service) {
  const bool simple = flags.simple || service.dynamodb_local;
  service.iterators_expire = !simple;
  service.shard_policy.split_cooldown = flags.cooldown;
  service.shard_policy.rotation_age = flags.rotation;
  if (simple && flags.rotation_given->count() == 0) {
    service.shard_policy.rotation_age = Micros(0);
  }
  if (simple && flags.rate_given->count() == 0) {
    service.shard_policy.split_rate = 0;
  }
  if (flags.shards != 0) {
    service.stream_shards = flags.shards;
  } else if (simple) {
    service.stream_shards = 1;
  }
}

void AddStatusFlags(CLI::App& app, ServiceOptions& service) {
  CLI::Option* real = app.add_flag(
      "--delay-transient-statuses", service.delay_transient_statuses,
      "leave tables CREATING, UPDATING or DELETING for as long as AWS does [done at once]");
  app.add_option_function<double>(
         "--transient-status-delay",
         [&service](double seconds) {
           service.transient_status_delay =
               std::chrono::round<Micros>(std::chrono::duration<double>(seconds));
         },
         "leave them so for this long each time")
      ->type_name("SECONDS")
      ->check(CLI::Validator(CheckDelay, ""))
      ->excludes(real);
}

void AddBrowserFlags(CLI::App& app, server::BrowserRuleOptions& rules) {
  app.add_option(
         "--allow-origin", rules.origins,
         "web pages that may use the server beside those of this machine: an origin such as "
         "https://app.example, a host name, null, or *; may be given several times")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckNotEmpty, ""));
  app.add_option("--allow-host", rules.hosts,
                 "Host names to answer GET requests for, beside addresses, names without a dot and "
                 "those below localhost, internal and svc.cluster.local: a name, *.example, or *; "
                 "may be given several times")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckNotEmpty, ""));
}

void AddConnectionFlags(CLI::App& app, server::ServerOptions& server) {
  AddCount(app, "--max-connections", server.max_connections, {1, kMaxConnections},
           "connections served at a time; further ones wait, those beyond 256 are sent away");
  AddBytes(app, "--max-body-memory", server.max_body_memory,
           "memory for the bodies of all requests and answers under way; beyond it requests are "
           "answered with 503");
  AddSeconds(app, "--idle-timeout", server.idle_timeout,
             "a connection is closed after this long without a request");
  AddSeconds(app, "--read-timeout", server.read_timeout,
             "a connection is closed when a request takes longer to arrive");
  AddSeconds(app, "--write-timeout", server.write_timeout,
             "a connection is closed when the client takes nothing of an answer for this long");
  AddSeconds(app, "--drain-timeout", server.drain_timeout,
             "what is left of the requests under way is cut off this long after SIGTERM");
}

void AddDataFlags(CLI::App& app, ServiceOptions& service, std::string& durability) {
  app.add_option("--data-dir", service.data_dir,
                 "folder that keeps everything beyond the end of the process: tables, streams, "
                 "backups, the clock; made if it is missing [memory alone]")
      ->type_name("DIR")
      ->check(CLI::Validator(CheckNotEmpty, ""));
  app.add_option("--durability", durability,
                 "when a write is safe from a crash: always, before it is answered; interval, at "
                 "most 100 ms later; off, when the system writes it")
      ->capture_default_str()
      ->type_name("WHEN")
      ->check(CLI::IsMember({"always", "interval", "off"}));
}

storage::Durability DurabilityOf(const std::string& name) {
  if (name == "always") {
    return storage::Durability::kAlways;
  }
  return name == "off" ? storage::Durability::kOff : storage::Durability::kInterval;
}

void AddServeFlags(CLI::App& app, ServeCommand& command, StreamFlags& streams,
                   std::string& durability) {
  server::ServerOptions& server = command.server;
  AddNumber(app, "--port", server.port, {0, UINT16_MAX},
            "TCP port to listen on; 0 takes any free one")
      ->type_name("PORT")
      ->default_str(std::to_string(server.port));
  app.add_option("--bind", server.bind,
                 "IP address to listen on; may be given several times [127.0.0.1 and ::1]")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckAddress, ""));
  AddCount(app, "--threads", server.threads, {1, kMaxThreads},
           "threads that serve requests; the default is one for each core");
  app.add_option("--log-level", server.log_level,
                 "least severe messages that are logged to stderr; trace shows all requests and "
                 "answers")
      ->capture_default_str()
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "critical", "off"}));
  app.add_flag("--dynamodb-local", command.service.dynamodb_local,
               "do as DynamoDB Local does where tools depend on it: GET / answers 400, and streams "
               "are simple; its own flags switch this on, too");
  app.add_option("--config", command.config,
                 "file of these flags without their dashes, in TOML; each is also a variable "
                 "(WEIR_PORT), which goes before the file, as a flag goes before either")
      ->type_name("FILE");
  AddBrowserFlags(app, command.service.browser_rules);
  AddDataFlags(app, command.service, durability);
  AddNumber(app, "--max-memory", command.max_memory, {kLeastMemory, INT64_MAX},
            "resident memory; shortly before it, writes that store more are refused [what the "
            "container has]")
      ->type_name("BYTES");
  AddConnectionFlags(app, server);
  AddStatusFlags(app, command.service);
  AddStreamFlags(app, command.service, streams);
}

// `weir [flags]` is `weir serve [flags]`.
void InsertServe(std::vector<std::string>& arguments) {
  static constexpr std::array<std::string_view, 10> kFirst = {
      "serve", "healthcheck", "clock",     "shards", "tail",
      "reset", "data",        "--version", "--help", "-h"};
  if (arguments.empty() ||
      std::find(kFirst.begin(), kFirst.end(), arguments.front()) == kFirst.end()) {
    arguments.insert(arguments.begin(), "serve");
  }
}

// The subcommand that was given; ExitCommand if the environment names a server that it can't ask.
Command ClientCommand(const ClockFlags& clock, const ShardsFlags& shards, const TailFlags& tail,
                      const ResetFlags& reset) {
  std::string error;
  const auto known = [&error](auto command, std::optional<ServerAddress> target) -> Command {
    if (!target.has_value()) {
      return ExitCommand{.code = 1, .out = {}, .error = error};
    }
    command.target = *target;
    return command;
  };
  if (clock.parsed()) {
    return known(clock.Get(), clock.Target(error));
  }
  if (shards.parsed()) {
    return known(shards.Get(), shards.Target(error));
  }
  if (tail.parsed()) {
    return known(tail.Get(), tail.Target(error));
  }
  return known(ResetCommand(), reset.Target(error));
}

ExitCommand Exit(const CLI::App& app, const CLI::ParseError& thrown) {
  std::ostringstream out;
  std::ostringstream error;
  const int code = app.exit(thrown, out, error);
  return {.code = code == 0 ? 0 : kWrongUsage, .out = out.str(), .error = error.str()};
}

std::vector<std::string> ExcludedBy(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const CLI::Option* other : option.get_excludes()) {
    names.push_back(other->get_lnames().front());
  }
  return names;
}

// Sets the targets' default port to the one at which `weir serve` would listen in this environment.
void FindServer(const std::vector<Setting>& settings, const Environment& environment,
                std::initializer_list<TargetFlags*> targets) {
  const auto found = ReadSettings(settings, {}, environment);
  constexpr std::string_view kPort = "--port=";
  const auto* const added = std::get_if<std::vector<std::string>>(&found);
  if (added == nullptr) {
    return;  // `weir serve` reports the error
  }
  for (const std::string& argument : *added) {
    std::uint16_t port = 0;
    const char* const end = argument.data() + argument.size();
    if (argument.starts_with(kPort) &&
        std::from_chars(argument.data() + kPort.size(), end, port).ptr == end && port != 0) {
      for (TargetFlags* target : targets) {
        target->SetDefaultPort(port);
      }
    }
  }
}

// The flags of a subcommand, but for --help.
std::vector<Setting> SettingsOf(const CLI::App& app) {
  std::vector<Setting> settings;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_lnames().empty() && option != app.get_help_ptr()) {
      settings.push_back({.name = option->get_lnames().front(),
                          .takes_value = option->get_items_expected_max() > 0,
                          .repeats = option->get_expected_max() > 1,
                          .excluded = ExcludedBy(*option)});
    }
  }
  return settings;
}

// The exit for an argument that is not known, with the nearest flag if one is near.
ExitCommand ExtraArgument(const CLI::App& app, const std::vector<std::string>& arguments,
                          const CLI::ExtrasError& thrown) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  std::vector<std::string> flags;
  for (const Setting& setting : SettingsOf(chosen.empty() ? app : *chosen.front())) {
    flags.push_back("--" + setting.name);
  }
  ExitCommand exit = Exit(app, thrown);
  for (const std::string& argument : arguments) {
    const std::string flag = argument.substr(0, argument.find('='));
    const bool is_known = std::find(flags.begin(), flags.end(), flag) != flags.end();
    const std::string nearest = NearestName(flag, flags, flag.size() / 2);
    if (flag.starts_with("--") && !is_known && !nearest.empty()) {
      std::string text = "weir: there is no flag ";
      text.append(flag).append("; the nearest is ").append(nearest).append("\n");
      exit.error.insert(0, text);
      return exit;
    }
  }
  return exit;
}

// Sets what follows from several flags together.
void Complete(const LocalFlags& local, const StreamFlags& streams, const std::string& durability,
              ServeCommand& serve) {
  serve.service.dynamodb_local = serve.service.dynamodb_local || local.used;
  if (serve.service.dynamodb_local) {
    serve.server.banner = [delays_statuses = serve.service.delay_transient_statuses,
                           origins = local.origins,
                           folder = serve.service.data_dir](std::uint16_t port) {
      return LocalBanner(port, delays_statuses, origins, folder);
    };
  }
  Settle(streams, serve.service);
  serve.service.journal.durability = DurabilityOf(durability);
  serve.notice = local.notice;
}

}  // namespace

Command ParseCommandLine(std::vector<std::string> arguments, const Environment& environment) {
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
  StreamFlags streams;
  std::string durability = "interval";
  AddServeFlags(*serve_app, serve, streams, durability);
  CLI::App* health_app = app.add_subcommand(
      "healthcheck", "Exit with 0 if a server answers within two seconds, else with 1");
  TargetFlags health_target(*health_app);
  ClockFlags clock(app);
  ShardsFlags shards(app);
  TailFlags tail(app);
  ResetFlags reset(app);
  const DataFlags data(app);

  const std::vector<Setting> known = SettingsOf(*serve_app);
  if (arguments.front() == serve_app->get_name()) {
    auto settings = ReadSettings(known, arguments, environment);
    if (const auto* error = std::get_if<SettingsError>(&settings)) {
      return ExitCommand{.code = kWrongUsage, .out = {}, .error = "weir: " + error->text + "\n"};
    }
    const auto& added = std::get<std::vector<std::string>>(settings);
    arguments.insert(std::next(arguments.begin()), added.begin(), added.end());
  } else {
    FindServer(
        known, environment,
        {&health_target, &clock.target(), &shards.target(), &tail.target(), &reset.target()});
  }
  try {
    // CLI11 takes the arguments in reverse order.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ExtrasError& thrown) {
    return ExtraArgument(app, arguments, thrown);
  } catch (const CLI::ParseError& thrown) {
    return Exit(app, thrown);
  }
  if (health_app->parsed()) {
    return HealthcheckCommand{.target = health_target.GetLocal()};
  }
  if (data.parsed()) {
    return data.Get();
  }
  if (!serve_app->parsed()) {
    return ClientCommand(clock, shards, tail, reset);
  }
  Complete(local, streams, durability, serve);
  return serve;
}

}  // namespace weir::cli
