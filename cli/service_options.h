// SPDX-License-Identifier: Apache-2.0
// What is served, and how; server/options.h is about its connections.
#pragma once

#include <cstdint>
#include <optional>

#include "core/clock.h"
#include "core/limits.h"
#include "server/browser_rules.h"
#include "stream/shard_policy.h"

namespace weir::cli {

struct ServiceOptions {
  std::optional<int> stream_shards;  // of each new table; empty: as DynamoDB would
  stream::ShardPolicy shard_policy;
  bool enforce_stream_limits = false;
  bool iterators_expire = true;
  std::uint64_t stream_max_bytes = limits::kDefaultStreamBytes;
  server::BrowserRuleOptions browser_rules;
  bool dynamodb_local = false;  // GET / answers as there
  // How long tables stay CREATING, UPDATING or DELETING.
  bool delay_transient_statuses = false;         // as long as on AWS
  std::optional<Micros> transient_status_delay;  // so long, whatever the change
};

}  // namespace weir::cli
