// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "protocol/request_context.h"
#include "services/logs/operations.h"

namespace weir::logs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kGroupInArn = ":log-group:";
constexpr std::string_view kAllStreams = ":*";
constexpr std::size_t kMostTags = 50;
constexpr std::int64_t kMostDescribed = 50;
constexpr std::array kStandardClasses =
    std::to_array<std::string_view>({"STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"});
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
constexpr std::array<int, 22> kRetentionDays = {1,    3,    5,    7,    14,   30,  60,  90,
                                                120,  150,  180,  365,  400,  545, 731, 1096,
                                                1827, 2192, 2557, 2922, 3288, 3653};

LogsError NoResource() {
  return {LogsErrorCode::kResourceNotFound, "The specified log group does not exist."};
}

// Reads an enum's value; notes one that is none of it.
template <std::size_t kSize>
std::optional<std::string> Enum(RequestMembers& members, const char* name,
                                const std::array<std::string_view, kSize>& values) {
  std::optional<std::string> value = members.Text(name, TextRule{});
  if (value.has_value() && std::find(values.begin(), values.end(), *value) == values.end()) {
    std::string set;
    for (const std::string_view known : values) {
      set.append(set.empty() ? "" : ", ").append(known);
    }
    members.Note(*value, name, "Member must satisfy enum value set: [" + set + "]");
  }
  return value;
}

LogsAnswer CreateLogGroup(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string name = members.RequiredText("logGroupName", kGroupName);
  GroupSettings settings;
  settings.kms_key_id = members.Text("kmsKeyId", kKmsKeyId).value_or("");
  settings.tags = members.TextMap("tags", kMostTags).value_or(Tags());
  const std::optional<std::string> log_class = Enum(members, "logGroupClass", kStandardClasses);
  const bool is_protected = members.Boolean("deletionProtectionEnabled");
  WEIR_RETURN_IF_ERROR(members.Check());
  if (log_class.value_or("STANDARD") != "STANDARD") {
    return InvalidParameter("logGroupClass " + *log_class + " is not supported by Weir yet");
  }
  if (is_protected) {
    return InvalidParameter("deletionProtectionEnabled is not supported by Weir yet");
  }
  WEIR_RETURN_IF_ERROR(call.store.CreateGroup(name, std::move(settings)));
  return Json();
}

LogsAnswer DeleteLogGroup(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string name = members.RequiredText("logGroupName", kGroupName);
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(call.store.DeleteGroup(name));
  return Json();
}

Json Describe(const GroupInfo& group, std::string_view region) {
  const std::string arn = GroupArn(region, group.name);
  Json members{{"logGroupName", group.name}, {"creationTime", group.created}};
  if (group.settings.retention_days.has_value()) {
    members["retentionInDays"] = *group.settings.retention_days;
  }
  members["metricFilterCount"] = 0;
  members["arn"] = arn + std::string(kAllStreams);
  members["storedBytes"] = group.stored_bytes;
  if (!group.settings.kms_key_id.empty()) {
    members["kmsKeyId"] = group.settings.kms_key_id;
  }
  members["logGroupClass"] = "STANDARD";
  members["logGroupArn"] = arn;
  members["deletionProtectionEnabled"] = false;
  return members;
}

LogsAnswer DescribeLogGroups(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::optional<std::string> prefix = members.Text("logGroupNamePrefix", kGroupName);
  const std::optional<std::string> part = members.Text("logGroupNamePattern", kGroupPart);
  const std::string after = members.Text("nextToken", kToken).value_or("");
  const std::int64_t limit = members.Number("limit", {1, kMostDescribed}).value_or(kMostDescribed);
  const std::optional<std::string> log_class = Enum(members, "logGroupClass", kStandardClasses);
  const bool linked = members.Boolean("includeLinkedAccounts");
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(RefuseMember(members, "accountIdentifiers"));
  WEIR_RETURN_IF_ERROR(RefuseMember(members, "logGroupIdentifiers"));
  if (linked) {
    return InvalidParameter("includeLinkedAccounts is not supported by Weir yet");
  }
  if (prefix.has_value() && part.has_value()) {
    return InvalidParameter(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  Json groups = Json::array();
  Json answer;
  if (log_class.value_or("STANDARD") == "STANDARD") {
    const auto most = static_cast<std::size_t>(limit);
    const std::vector<GroupInfo> found =
        call.store.Groups(after, prefix.value_or(""), part.value_or(""), most + 1);
    for (std::size_t i = 0; i < std::min(found.size(), most); ++i) {
      groups.push_back(Describe(found[i], call.region));
    }
    if (found.size() > most) {
      answer["nextToken"] = found[most - 1].name;
    }
  }
  answer["logGroups"] = std::move(groups);
  return answer;
}

LogsAnswer PutRetentionPolicy(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string name = members.RequiredText("logGroupName", kGroupName);
  const std::optional<std::int64_t> days = members.Number("retentionInDays", {INT64_MIN});
  if (members.Find("retentionInDays") == nullptr) {
    members.NoteMissing("retentionInDays");
  } else if (days.has_value() && std::find(kRetentionDays.begin(), kRetentionDays.end(), *days) ==
                                     kRetentionDays.end()) {
    std::string set;
    for (const int known : kRetentionDays) {
      set.append(set.empty() ? "" : ", ").append(std::to_string(known));
    }
    members.Note(std::to_string(*days), "retentionInDays",
                 "Member must satisfy enum value set: [" + set + "]");
  }
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(call.store.ChangeGroup(name, [&](GroupSettings& settings) -> LogsStatus {
    settings.retention_days = static_cast<int>(*days);
    return {};
  }));
  return Json();
}

LogsAnswer DeleteRetentionPolicy(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string name = members.RequiredText("logGroupName", kGroupName);
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(call.store.ChangeGroup(name, [](GroupSettings& settings) -> LogsStatus {
    settings.retention_days.reset();
    return {};
  }));
  return Json();
}

// The group whose tags a request is about: by its ARN, or, for the older operations, its name.
LogsResult<std::string> TaggedGroup(const std::string& arn) {
  std::optional<std::string> name = NameInGroupArn(arn);
  if (!name.has_value()) {
    return NoResource();
  }
  return *std::move(name);
}

LogsStatus AddTags(LogStore& store, std::string_view group, const Tags& tags) {
  return store.ChangeGroup(group, [&](GroupSettings& settings) -> LogsStatus {
    Tags merged = settings.tags;
    for (const auto& [key, value] : tags) {
      merged.insert_or_assign(key, value);
    }
    if (merged.size() > kMostTags) {
      return LogsError{LogsErrorCode::kTooManyTags,
                       "A resource can have " + std::to_string(kMostTags) + " tags at most."};
    }
    settings.tags.swap(merged);
    return {};
  });
}

LogsStatus RemoveTags(LogStore& store, std::string_view group,
                      const std::vector<std::string>& keys) {
  return store.ChangeGroup(group, [&](GroupSettings& settings) -> LogsStatus {
    for (const std::string& key : keys) {
      settings.tags.erase(key);
    }
    return {};
  });
}

LogsAnswer TagsOf(const LogStore& store, std::string_view group) {
  WEIR_ASSIGN_OR_RETURN(const GroupInfo info, store.Group(group));
  Json tags = Json::object();
  for (const auto& [key, value] : info.settings.tags) {
    tags[key] = value;
  }
  return Json{{"tags", std::move(tags)}};
}

// What TagResource and TagLogGroup have in common, and so on: `by_arn` says which one it is.
LogsResult<std::string> GroupToTag(RequestMembers& members, bool by_arn) {
  const std::string named = by_arn ? members.RequiredText("resourceArn", kResourceArn)
                                   : members.RequiredText("logGroupName", kGroupName);
  WEIR_RETURN_IF_ERROR(members.Check());
  if (by_arn) {
    return TaggedGroup(named);
  }
  return named;
}

template <bool kByArn>
LogsAnswer ListTags(const LogsCall& call) {
  RequestMembers members(call.body);
  WEIR_ASSIGN_OR_RETURN(const std::string group, GroupToTag(members, kByArn));
  return TagsOf(call.store, group);
}

template <bool kByArn>
LogsAnswer Tag(const LogsCall& call) {
  RequestMembers members(call.body);
  if (members.Find("tags") == nullptr) {
    members.NoteMissing("tags");
  }
  const Tags tags = members.TextMap("tags", kMostTags).value_or(Tags());
  WEIR_ASSIGN_OR_RETURN(const std::string group, GroupToTag(members, kByArn));
  WEIR_RETURN_IF_ERROR(AddTags(call.store, group, tags));
  return Json();
}

template <bool kByArn>
LogsAnswer Untag(const LogsCall& call) {
  constexpr const char* kKeys = kByArn ? "tagKeys" : "tags";
  RequestMembers members(call.body);
  if (members.Find(kKeys) == nullptr) {
    members.NoteMissing(kKeys);
  }
  const auto keys = members.TextList(kKeys, kTagKey, kMostTags);
  WEIR_ASSIGN_OR_RETURN(const std::string group, GroupToTag(members, kByArn));
  WEIR_RETURN_IF_ERROR(RemoveTags(call.store, group, *keys));
  return Json();
}

constexpr LogsOperation kOperations[] = {
    {"CreateLogGroup", CreateLogGroup},
    {"DeleteLogGroup", DeleteLogGroup},
    {"DescribeLogGroups", DescribeLogGroups},
    {"PutRetentionPolicy", PutRetentionPolicy},
    {"DeleteRetentionPolicy", DeleteRetentionPolicy},
    {"ListTagsForResource", ListTags<true>},
    {"ListTagsLogGroup", ListTags<false>},
    {"TagResource", Tag<true>},
    {"TagLogGroup", Tag<false>},
    {"UntagResource", Untag<true>},
    {"UntagLogGroup", Untag<false>},
};

}  // namespace

std::span<const LogsOperation> GroupOperations() {
  return kOperations;
}

std::string GroupArn(std::string_view region, std::string_view name) {
  std::string arn = "arn:aws:logs:";
  arn.append(region).append(":").append(protocol::kAccount);
  arn.append(kGroupInArn).append(name);
  return arn;
}

std::optional<std::string> NameInGroupArn(std::string_view arn) {
  const std::size_t at = arn.find(kGroupInArn);
  if (!arn.starts_with("arn:aws") || at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view name = arn.substr(at + kGroupInArn.size());
  if (name.empty() || name.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(name);
}

LogsResult<std::string> NamedGroup(RequestMembers& members) {
  const std::optional<std::string> name = members.Text("logGroupName", kGroupName);
  const std::optional<std::string> identifier =
      members.Text("logGroupIdentifier", kGroupIdentifier);
  WEIR_RETURN_IF_ERROR(members.Check());
  if (name.has_value() == identifier.has_value()) {
    return InvalidParameter(
        name.has_value() ? "LogGroup name and LogGroup ARN are mutually exclusive parameters."
                         : "Either LogGroup name or LogGroup ARN must be specified.");
  }
  if (name.has_value()) {
    return *name;
  }
  return NameInGroupArn(*identifier).value_or(*identifier);
}

LogsStatus RefuseMember(const RequestMembers& members, const char* name) {
  if (members.Find(name) != nullptr) {
    return InvalidParameter(std::string(name) + " is not supported by Weir yet");
  }
  return {};
}

}  // namespace weir::logs
