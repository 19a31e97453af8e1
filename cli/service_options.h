// SPDX-License-Identifier: Apache-2.0
// How the services behave; server/options.h is about connections.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/limits.h"
#include "server/browser_rules.h"
#include "storage/disk/journal.h"
#include "stream/shard_policy.h"

namespace weir::cli {

struct ServiceOptions {
  std::optional<int> stream_shards;  // of each new stream; nullopt: as many as DynamoDB would make
  stream::ShardPolicy shard_policy;
  bool enforce_stream_limits = false;
  bool iterators_expire = true;
  std::uint64_t stream_max_bytes = limits::kDefaultStreamBytes;
  std::string data_dir;  // empty: everything is kept in memory alone
  storage::JournalOptions journal;
  server::BrowserRuleOptions browser_rules;
  bool dynamodb_local = false;  // GET / answers as DynamoDB Local does
  bool localstack = false;      // LocalStack's health check and its reset are answered
  // How long tables stay CREATING, UPDATING or DELETING: no time, unless one of these is set.
  bool delay_transient_statuses = false;         // as long as on AWS
  std::optional<Micros> transient_status_delay;  // this long, whatever the change
};

}  // namespace weir::cli
