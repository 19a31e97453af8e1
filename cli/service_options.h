// SPDX-License-Identifier: Apache-2.0
// How the services behave; server/options.h is about connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/limits.h"
#include "runtimes/endpoint/lambda_endpoints.h"
#include "server/browser_rules.h"
#include "storage/disk/journal.h"
#include "stream/shard_policy.h"

namespace weir::cli {

// Where functions run.
struct FunctionOptions {
  bool off = false;  // there is no Lambda API, nor is there anything that runs functions
  // Functions run also while the server listens beyond this machine, where anybody who reaches it
  // could have any program run.
  bool allowed_anywhere = false;
  runtimes::LambdaEndpoints endpoints;  // of those that run elsewhere
  std::size_t max_processes = 64;       // of all functions
  bool on_loopback = true;              // the server listens on this machine's own addresses only
  // The URL at which functions reach the server, once that listens.
  std::function<std::string()> endpoint_url;
};

struct ServiceOptions {
  std::optional<int> stream_shards;  // of each new stream; nullopt: as many as DynamoDB would make
  stream::ShardPolicy shard_policy;
  bool enforce_stream_limits = false;
  bool iterators_expire = true;
  std::uint64_t stream_max_bytes = limits::kDefaultStreamBytes;
  std::string data_dir;  // empty: everything is kept in memory alone
  storage::JournalOptions journal;
  server::BrowserRuleOptions browser_rules;
  FunctionOptions functions;
  bool dynamodb_local = false;  // GET / answers as DynamoDB Local does
  bool localstack = false;      // LocalStack's health check and its reset are answered
  // How long tables stay CREATING, UPDATING or DELETING: no time, unless one of these is set.
  bool delay_transient_statuses = false;         // as long as on AWS
  std::optional<Micros> transient_status_delay;  // this long, whatever the change
};

}  // namespace weir::cli
