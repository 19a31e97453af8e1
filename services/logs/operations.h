// SPDX-License-Identifier: Apache-2.0
// The operations of CloudWatch Logs.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/logs/errors.h"
#include "services/logs/log_store.h"
#include "services/logs/request_members.h"

namespace weir::logs {

struct LogsCall {
  const nlohmann::json& body;  // an object
  std::string_view region;
  Millis now = 0;
  LogStore& store;
};

// The answer's members; null: it has no body.
using LogsAnswer = LogsResult<nlohmann::ordered_json>;

struct LogsOperation {
  std::string_view name;
  LogsAnswer (*run)(const LogsCall& call);
};

// Groups, their retention and tags.
std::span<const LogsOperation> GroupOperations();
// Streams and events.
std::span<const LogsOperation> EventOperations();

// arn:aws:logs:<region>:<account>:log-group:<name>
std::string GroupArn(std::string_view region, std::string_view name);
// The group's name in such an ARN; nullopt for another text.
std::optional<std::string> NameInGroupArn(std::string_view arn);
// The group that a request names by logGroupName or logGroupIdentifier. Notes what is wrong with
// these; fails if there is not one of them.
LogsResult<std::string> NamedGroup(RequestMembers& members);
// Fails if the request has the member.
LogsStatus RefuseMember(const RequestMembers& members, const char* name);

}  // namespace weir::logs
