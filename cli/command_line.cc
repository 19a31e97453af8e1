// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "cli/client_flags.h"
#include "cli/data_flags.h"
#include "cli/function_flags.h"
#include "cli/licenses.h"
#include "cli/local_flags.h"
#include "cli/number_flags.h"
#include "cli/serve_flags.h"
#include "cli/settings.h"

namespace weir::cli {
namespace {

// The exit code for wrong arguments, by convention.
constexpr int kWrongUsage = 2;

// `weir [flags]` is `weir serve [flags]`.
void InsertServe(std::vector<std::string>& arguments) {
  static constexpr std::array<std::string_view, 15> kFirst = {
      "serve", "healthcheck", "clock", "shards",   "tail",      "lambda", "logs", "triggers",
      "dlq",   "reset",       "data",  "licenses", "--version", "--help", "-h"};
  if (arguments.empty() ||
      std::find(kFirst.begin(), kFirst.end(), arguments.front()) == kFirst.end()) {
    arguments.insert(arguments.begin(), "serve");
  }
}

// The subcommands that ask a running server.
struct ClientSubcommands {
  explicit ClientSubcommands(CLI::App& app)
      : health(app),
        clock(app),
        shards(app),
        tail(app),
        lambda(app),
        logs(app),
        triggers(app),
        dlq(app),
        reset(app) {}

  [[nodiscard]] std::vector<TargetFlags*> targets() {
    return {&health.target(),   &clock.target(),  &shards.target(),
            &tail.target(),     &lambda.target(), &logs.target(),
            &triggers.target(), &dlq.target(),    &reset.target()};
  }

  HealthcheckFlags health;
  ClockFlags clock;
  ShardsFlags shards;
  TailFlags tail;
  LambdaFlags lambda;
  LogsFlags logs;
  TriggersFlags triggers;
  DlqFlags dlq;
  ResetFlags reset;
};

// The command of a subcommand; ExitCommand if the environment names a server that it can't ask.
template <class Flags>
Command CommandOf(const Flags& flags) {
  std::string error;
  const std::optional<ServerAddress> target = flags.Target(error);
  if (!target.has_value()) {
    return ExitCommand{.code = 1, .out = {}, .error = error};
  }
  auto command = flags.Get();
  command.target = *target;
  return command;
}

// The one that was given; nullopt if none was.
std::optional<Command> ClientCommand(const ClientSubcommands& clients) {
  std::optional<Command> command;
  const auto take = [&command](const auto& flags) {
    if (flags.parsed()) {
      command = CommandOf(flags);
    }
  };
  if (clients.health.parsed()) {
    return clients.health.Get();
  }
  take(clients.clock);
  take(clients.shards);
  take(clients.tail);
  take(clients.lambda);
  take(clients.logs);
  take(clients.triggers);
  take(clients.dlq);
  take(clients.reset);
  return command;
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
                const std::vector<TargetFlags*>& targets) {
  const auto found = ReadSettings(settings, {}, environment);
  const auto* const added = std::get_if<std::vector<std::string>>(&found);
  if (added == nullptr) {
    return;  // `weir serve` reports the error
  }
  const auto set_port = [&](std::uint16_t port) {
    for (TargetFlags* target : targets) {
      target->SetDefaultPort(port);
    }
  };
  constexpr std::string_view kPort = "--port=";
  if (std::find(added->begin(), added->end(), "--localstack") != added->end()) {
    set_port(kLocalStackPort);
  }
  for (const std::string& argument : *added) {
    std::uint16_t port = 0;
    const char* const end = argument.data() + argument.size();
    if (argument.starts_with(kPort) &&
        std::from_chars(argument.data() + kPort.size(), end, port).ptr == end && port != 0) {
      set_port(port);
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

}  // namespace

Command ParseCommandLine(std::vector<std::string> arguments, const Environment& environment) {
  LocalFlags local = TranslateLocalFlags(arguments);
  if (!local.error.empty()) {
    return ExitCommand{.code = 1, .out = {}, .error = "weir: " + local.error + "\n"};
  }
  arguments = std::move(local.rest);
  InsertServe(arguments);
  if (local.used && arguments.front() == "serve") {
    // Said outright, so that it overrides a setting from elsewhere, and excludes --localstack.
    arguments.insert(std::next(arguments.begin()), "--dynamodb-local");
  }

  CLI::App app("A local DynamoDB with real Streams.", "weir");
  app.set_version_flag("--version", "weir " WEIR_VERSION);
  app.require_subcommand(1);
  app.footer("Flags without a subcommand are those of serve: see weir serve --help.");
  ServeFlags serve(app);
  ClientSubcommands clients(app);
  const DataFlags data(app);
  const CLI::App* const licenses =
      app.add_subcommand("licenses", "Print the licence of Weir and those of what it is made with");

  const std::vector<Setting> known = SettingsOf(serve.app());
  if (arguments.front() == serve.app().get_name()) {
    auto settings = ReadSettings(known, arguments, environment);
    if (const auto* error = std::get_if<SettingsError>(&settings)) {
      return ExitCommand{.code = kWrongUsage, .out = {}, .error = "weir: " + error->text + "\n"};
    }
    const auto& added = std::get<std::vector<std::string>>(settings);
    arguments.insert(std::next(arguments.begin()), added.begin(), added.end());
  } else {
    FindServer(known, environment, clients.targets());
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
  if (std::optional<Command> command = ClientCommand(clients)) {
    return *std::move(command);
  }
  if (data.parsed()) {
    return data.Get();
  }
  if (licenses->parsed()) {
    return ExitCommand{.code = 0, .out = std::string(LicenseTexts()), .error = {}};
  }
  return serve.Get(local);
}

}  // namespace weir::cli
