// SPDX-License-Identifier: Apache-2.0
#include "cli/serve_flags.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "cli/number_flags.h"
#include "core/limits.h"

namespace weir::cli {
namespace {

// How many shards a table may have; DynamoDB documents no number.
using limits::kMaxStreamShards;
constexpr unsigned kMaxThreads = 1024;
constexpr std::size_t kMaxConnections = 1'000'000;
constexpr std::size_t kMaxFunctionProcesses = 10'000;
constexpr std::uint64_t kMaxSeconds = 86'400;
// Between the first work of a server and its listening.
constexpr std::chrono::seconds kLongestStart{10};
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

storage::Durability DurabilityOf(const std::string& name) {
  if (name == "always") {
    return storage::Durability::kAlways;
  }
  return name == "off" ? storage::Durability::kOff : storage::Durability::kInterval;
}

}  // namespace

void ServeFlags::AddStreamFlags() {
  ServiceOptions& service = command_.service;
  stream::ShardPolicy& policy = service.shard_policy;
  streams_.rotation = std::chrono::duration_cast<std::chrono::seconds>(policy.rotation_age);
  streams_.cooldown = std::chrono::duration_cast<std::chrono::seconds>(policy.split_cooldown);
  CLI::Option* simple = app_.add_flag(
      "--simple-streams", streams_.simple,
      "each new stream has one shard, which never splits nor rotates by itself, and iterators do "
      "not expire, for tools that expect this; the default with DynamoDB Local's flags");
  CLI::Option* shards = AddNumber(app_, "--stream-shards", streams_.shards, {1, kMaxStreamShards},
                                  "shards of each new stream [as many as DynamoDB would make]")
                            ->type_name("COUNT");
  AddCount(app_, "--stream-split-rate", policy.split_rate, {0, INT64_MAX},
           "split a shard that takes more records per second for ten seconds; 0: never");
  streams_.rate_given = app_.get_option("--stream-split-rate");
  AddSpan(app_, "--stream-split-cooldown", streams_.cooldown,
          "split no shard that is younger than this");
  AddCount(app_, "--stream-max-shards", policy.max_open_shards, {1, kMaxStreamShards},
           "split no shard while its stream has this many open shards");
  AddSpan(app_, "--stream-rotation", streams_.rotation,
          "close a shard at about this age, with one child; 0: never");
  streams_.rotation_given = app_.get_option("--stream-rotation");
  for (CLI::Option* other : {shards, streams_.rate_given, streams_.rotation_given}) {
    simple->excludes(other);
  }
  AddBytes(
      app_, "--stream-max-bytes", service.stream_max_bytes,
      "memory for the records of all streams; the oldest of more are dropped before 24 hours, or "
      "with --data-dir read from the folder");
  app_.add_flag("--enforce-stream-limits", service.enforce_stream_limits,
                "refuse readers of streams beyond AWS's limits: of a shard, two readers, five "
                "GetRecords and 2 MB a second; ten DescribeStream a second");
}

void ServeFlags::SettleStreams() {
  ServiceOptions& service = command_.service;
  const bool simple = streams_.simple || service.dynamodb_local || service.localstack;
  service.iterators_expire = !simple;
  service.shard_policy.split_cooldown = streams_.cooldown;
  service.shard_policy.rotation_age = streams_.rotation;
  if (simple && streams_.rotation_given->count() == 0) {
    service.shard_policy.rotation_age = Micros(0);
  }
  if (simple && streams_.rate_given->count() == 0) {
    service.shard_policy.split_rate = 0;
  }
  if (streams_.shards != 0) {
    service.stream_shards = streams_.shards;
  } else if (simple) {
    service.stream_shards = 1;
  }
}

void ServeFlags::AddStatusFlags() {
  ServiceOptions& service = command_.service;
  CLI::Option* real = app_.add_flag(
      "--delay-transient-statuses", service.delay_transient_statuses,
      "leave tables CREATING, UPDATING or DELETING for as long as AWS does [done at once]");
  app_.add_option_function<double>(
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

void ServeFlags::AddBrowserFlags() {
  server::BrowserRuleOptions& rules = command_.service.browser_rules;
  app_.add_option(
          "--allow-origin", rules.origins,
          "web pages that may use the server beside those of this machine: an origin such as "
          "https://app_.example, a host name, null, or *; may be given several times")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckNotEmpty, ""));
  app_.add_option(
          "--allow-host", rules.hosts,
          "Host names to answer GET requests for, beside addresses, names without a dot and "
          "those below localhost, internal and svc.cluster.local: a name, *.example, or *; "
          "may be given several times")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckNotEmpty, ""));
}

void ServeFlags::AddConnectionFlags() {
  server::ServerOptions& server = command_.server;
  AddCount(app_, "--max-connections", server.max_connections, {1, kMaxConnections},
           "connections served at a time; further ones wait, those beyond 256 are sent away");
  AddBytes(app_, "--max-body-memory", server.max_body_memory,
           "memory for the bodies of all requests and answers under way; beyond it requests are "
           "answered with 503");
  AddSeconds(app_, "--idle-timeout", server.idle_timeout,
             "a connection is closed after this long without a request");
  AddSeconds(app_, "--read-timeout", server.read_timeout,
             "a connection is closed when a request takes longer to arrive");
  AddSeconds(app_, "--write-timeout", server.write_timeout,
             "a connection is closed when the client takes nothing of an answer for this long");
  AddSeconds(app_, "--drain-timeout", server.drain_timeout,
             "what is left of the requests under way is cut off this long after SIGTERM");
}

void ServeFlags::AddDataFlags() {
  app_.add_option("--data-dir", command_.service.data_dir,
                  "folder that keeps everything beyond the end of the process: tables, streams, "
                  "backups, the clock; made if it is missing [memory alone]")
      ->type_name("DIR")
      ->check(CLI::Validator(CheckNotEmpty, ""));
  app_.add_option("--durability", durability_,
                  "when a write is safe from a crash: always, before it is answered; interval, at "
                  "most 100 ms later; off, when the system writes it")
      ->capture_default_str()
      ->type_name("WHEN")
      ->check(CLI::IsMember({"always", "interval", "off"}));
}

void ServeFlags::AddFunctionFlags() {
  FunctionOptions& functions = command_.service.functions;
  CLI::Option* const off =
      app_.add_flag("--no-functions", functions.off, "serve no Lambda API, and run no functions");
  CLI::Option* const anywhere =
      app_.add_flag("--allow-functions", functions.allowed_anywhere,
                    "run functions although others reach the server: whoever does can have any "
                    "program run here [only while it listens on this machine's own addresses]");
  CLI::Option* const all =
      app_.add_option("--lambda-endpoint", functions_.endpoint,
                      "server that runs the functions, such as that of sam local start-lambda")
          ->type_name("URL")
          ->check(CLI::Validator(CheckNotEmpty, ""));
  CLI::Option* const named =
      app_.add_option("--lambda", functions_.endpoints,
                      "container that runs one of the functions, such as one of AWS's base images; "
                      "may be given several times")
          ->type_name("NAME=URL")
          ->allow_extra_args(false);
  AddCount(app_, "--max-function-processes", functions.max_processes, {1, kMaxFunctionProcesses},
           "processes of all functions together; invocations beyond them are throttled");
  CLI::Option* const processes = app_.get_option("--max-function-processes");
  for (CLI::Option* other : {anywhere, all, named, processes}) {
    off->excludes(other);
  }
  app_.callback([this] { SettleFunctions(); });
}

void ServeFlags::SettleFunctions() {
  auto endpoints = runtimes::LambdaEndpoints::Parse(functions_.endpoint, functions_.endpoints);
  if (!endpoints.ok()) {
    const char* const flag = functions_.endpoints.empty() ? "--lambda-endpoint" : "--lambda";
    throw CLI::ValidationError(flag, endpoints.error().text);
  }
  command_.service.functions.endpoints = std::move(endpoints).value();
}

void ServeFlags::AddListeningFlags() {
  server::ServerOptions& server = command_.server;
  port_given_ = AddNumber(app_, "--port", server.port, {0, UINT16_MAX},
                          "TCP port to listen on; 0 takes any free one")
                    ->type_name("PORT")
                    ->default_str(std::to_string(server.port));
  app_.add_option("--bind", server.bind,
                  "IP address to listen on; may be given several times [127.0.0.1 and ::1]")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->check(CLI::Validator(CheckAddress, ""));
  AddCount(app_, "--threads", server.threads, {1, kMaxThreads},
           "threads that serve requests; the default is one for each core");
  app_.add_option("--log-level", server.log_level,
                  "least severe messages that are logged to stderr; trace shows all requests and "
                  "answers")
      ->capture_default_str()
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "critical", "off"}));
  app_.add_flag("--exit-with-stdin", server.exit_with_stdin,
                "end when standard input is at its end, which a pipe is when the process at its "
                "other side has ended");
}

void ServeFlags::AddLikenessFlags() {
  CLI::Option* local = app_.add_flag(
      "--dynamodb-local", command_.service.dynamodb_local,
      "do as DynamoDB Local does where tools depend on it: GET / answers 400, and streams are "
      "simple; its own flags switch this on, too");
  app_.add_flag("--localstack", command_.service.localstack,
                "do as LocalStack does where tools depend on it: port 4566, its health check, "
                "its host name, and simple streams")
      ->excludes(local);
}

ServeFlags::ServeFlags(CLI::App& parent)
    : app_(*parent.add_subcommand("serve", "Serve DynamoDB and DynamoDB Streams (default)")) {
  command_.server.threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMaxThreads);
  AddListeningFlags();
  AddLikenessFlags();
  app_.add_option("--config", command_.config,
                  "file of these flags without their dashes, in TOML; each is also a variable "
                  "(WEIR_PORT), which goes before the file, as a flag goes before either")
      ->type_name("FILE");
  AddBrowserFlags();
  AddDataFlags();
  AddNumber(app_, "--max-memory", command_.max_memory, {kLeastMemory, INT64_MAX},
            "resident memory; shortly before it, writes that store more are refused [what the "
            "container has]")
      ->type_name("BYTES");
  AddConnectionFlags();
  AddStatusFlags();
  AddStreamFlags();
  AddFunctionFlags();
}

void ServeFlags::SettleAddresses() {
  FunctionOptions& functions = command_.service.functions;
  std::string host = command_.server.bind.empty() ? "127.0.0.1" : "";
  for (const std::string& text : command_.server.bind) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text, error);
    functions.on_loopback = functions.on_loopback && address.is_loopback();
    if (address.is_loopback() || address.is_unspecified()) {
      host = address.is_v6() ? "[::1]" : "127.0.0.1";
    } else if (host.empty()) {
      host = address.is_v6() ? "[" + text + "]" : text;
    }
  }
  // Functions of an earlier process may be called before the server listens; they wait for it.
  const auto port = std::make_shared<std::promise<std::uint16_t>>();
  command_.server.listening = [port](std::uint16_t served) { port->set_value(served); };
  functions.endpoint_url = [served = port->get_future().share(), host] {
    const bool known = served.wait_for(kLongestStart) == std::future_status::ready;
    return "http://" + host + ":" + std::to_string(known ? served.get() : 0);
  };
}

ServeCommand ServeFlags::Get(const LocalFlags& local) {
  ServeCommand& command = command_;
  ServiceOptions& service = command.service;
  if (service.dynamodb_local) {
    command.server.banner = [delays_statuses = service.delay_transient_statuses,
                             origins = local.origins,
                             folder = service.data_dir](std::uint16_t port) {
      return LocalBanner(port, delays_statuses, origins, folder);
    };
  }
  if (service.localstack) {
    // Testcontainers wait for this line.
    command.server.banner = [](std::uint16_t /*port*/) { return std::string("Ready.\n"); };
    service.browser_rules.hosts.insert(
        service.browser_rules.hosts.end(),
        {"localhost.localstack.cloud", "*.localhost.localstack.cloud"});
    if (port_given_->count() == 0) {
      command.server.port = kLocalStackPort;
    }
  }
  SettleAddresses();
  SettleStreams();
  service.journal.durability = DurabilityOf(durability_);
  command.notice = local.notice;
  return command;
}

}  // namespace weir::cli
