// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "core/digits.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/operations.h"

namespace weir::logs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostDescribed = 50;
constexpr std::int64_t kMostReturned = 10'000;
constexpr std::size_t kMostStreamNames = 100;
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
constexpr std::size_t kMostPut = 10'000;
constexpr std::size_t kBatchBytes = std::size_t{1} << 20U;
constexpr std::size_t kEventOverhead = 26;
constexpr Millis kHour = 3'600'000;
constexpr Millis kDay = 24 * kHour;
constexpr Millis kNewest = 2 * kHour;  // ahead of the clock
constexpr Millis kOldest = 14 * kDay;  // behind it
constexpr Millis kLongestBatch = kDay;
// How many pages of events FilterLogEvents looks through for one answer; AWS, too, answers with
// what it has found by then.
constexpr int kMostPages = 4;

// Half of a position in a token or an id, and of an event's id.
constexpr std::size_t kHalf = 28;

std::string Padded(std::uint64_t number) {
  return PaddedDecimal(number, kHalf);
}

// 56 digits, as AWS's ids and tokens have.
std::string TextOf(const LogPosition& position) {
  return Padded(static_cast<std::uint64_t>(position.time)) + Padded(position.number);
}

std::optional<LogPosition> ReadPosition(std::string_view text) {
  if (text.size() != 2 * kHalf) {
    return std::nullopt;
  }
  const std::optional<std::uint64_t> time = ReadDecimal(text.substr(0, kHalf));
  const std::optional<std::uint64_t> number = ReadDecimal(text.substr(kHalf));
  if (!time.has_value() || !number.has_value() || *time > std::uint64_t{INT64_MAX}) {
    return std::nullopt;
  }
  return LogPosition{static_cast<Millis>(*time), *number};
}

LogsError BadToken() {
  return InvalidParameter("The specified nextToken is invalid.");
}

LogsAnswer CreateLogStream(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string group = members.RequiredText("logGroupName", kGroupName);
  const std::string stream = members.RequiredText("logStreamName", kStreamName);
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(call.store.CreateStream(group, stream));
  return Json();
}

LogsAnswer DeleteLogStream(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string group = members.RequiredText("logGroupName", kGroupName);
  const std::string stream = members.RequiredText("logStreamName", kStreamName);
  WEIR_RETURN_IF_ERROR(members.Check());
  WEIR_RETURN_IF_ERROR(call.store.DeleteStream(group, stream));
  return Json();
}

Json Describe(const StreamInfo& stream, const std::string& group_arn) {
  Json members{{"logStreamName", stream.name}, {"creationTime", stream.created}};
  if (stream.first_event.has_value()) {
    members["firstEventTimestamp"] = *stream.first_event;
    members["lastEventTimestamp"] = *stream.last_event;
    members["lastIngestionTime"] = stream.last_ingestion.value_or(stream.created);
  }
  members["arn"] = group_arn + ":log-stream:" + stream.name;
  members["storedBytes"] = 0;  // AWS does not count those of streams any more
  return members;
}

LogsAnswer DescribeLogStreams(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::optional<std::string> prefix = members.Text("logStreamNamePrefix", kStreamName);
  const std::string order = members.Text("orderBy", TextRule{}).value_or("LogStreamName");
  if (order != "LogStreamName" && order != "LastEventTime") {
    members.Note(order, "orderBy",
                 "Member must satisfy enum value set: [LogStreamName, LastEventTime]");
  }
  const bool descending = members.Boolean("descending");
  const std::optional<std::string> after = members.Text("nextToken", kToken);
  const auto limit = static_cast<std::size_t>(
      members.Number("limit", {1, kMostDescribed}).value_or(kMostDescribed));
  WEIR_ASSIGN_OR_RETURN(const std::string group, NamedGroup(members));
  const bool by_time = order == "LastEventTime";
  if (by_time && prefix.has_value()) {
    return InvalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  WEIR_ASSIGN_OR_RETURN(std::vector<StreamInfo> streams,
                        call.store.Streams(group, prefix.value_or("")));
  // By what they are ordered; the token is that of the last stream returned.
  const auto key = [by_time](const StreamInfo& stream) {
    return by_time ? Padded(static_cast<std::uint64_t>(stream.last_event.value_or(0))) + stream.name
                   : stream.name;
  };
  std::sort(streams.begin(), streams.end(), [&](const StreamInfo& a, const StreamInfo& b) {
    return descending ? key(b) < key(a) : key(a) < key(b);
  });
  Json found = Json::array();
  Json answer;
  const std::string arn = GroupArn(call.region, group);
  const StreamInfo* last = nullptr;
  for (const StreamInfo& stream : streams) {
    const bool is_before =
        after.has_value() && (descending ? key(stream) >= *after : key(stream) <= *after);
    if (is_before) {
      continue;
    }
    if (found.size() == limit) {
      answer["nextToken"] = key(*last);
      break;
    }
    found.push_back(Describe(stream, arn));
    last = &stream;
  }
  answer["logStreams"] = std::move(found);
  return answer;
}

// The events of a batch, or why there is none of it.
LogsResult<std::vector<LogStore::NewEvent>> ReadBatch(RequestMembers& members) {
  std::vector<LogStore::NewEvent> events;
  const nlohmann::json* const list = members.Find("logEvents");
  if (list == nullptr) {
    members.NoteMissing("logEvents");
  } else if (!list->is_array()) {
    members.NoteType("a list");
  } else if (list->empty() || list->size() > kMostPut) {
    members.Note("[…]", "logEvents",
                 list->empty()
                     ? std::string("Member must have length greater than or equal to 1")
                     : "Member must have length less than or equal to " + std::to_string(kMostPut));
  } else {
    for (const nlohmann::json& one : *list) {
      if (!one.is_object()) {
        members.NoteType("an object");
        break;
      }
      RequestMembers event(one);
      const std::optional<std::int64_t> time = event.Number("timestamp");
      if (event.Find("timestamp") == nullptr) {
        event.NoteMissing("logEvents." + std::to_string(events.size() + 1) + ".member.timestamp");
      }
      std::string message = event.RequiredText("message", TextRule{1});
      WEIR_RETURN_IF_ERROR(event.Check());
      events.push_back({time.value_or(0), std::move(message)});
    }
  }
  WEIR_RETURN_IF_ERROR(members.Check());
  return events;
}

LogsStatus CheckBatch(const std::vector<LogStore::NewEvent>& events) {
  std::size_t bytes = 0;
  for (const LogStore::NewEvent& event : events) {
    bytes += event.message.size() + kEventOverhead;
  }
  if (bytes > kBatchBytes) {
    return InvalidParameter("Upload too large: " + std::to_string(bytes) +
                            " bytes exceeds limit of " + std::to_string(kBatchBytes));
  }
  const auto is_earlier = [](const LogStore::NewEvent& a, const LogStore::NewEvent& b) {
    return a.time < b.time;
  };
  if (!std::is_sorted(events.begin(), events.end(), is_earlier)) {
    return InvalidParameter(
        "Log events in a single PutLogEvents request must be in chronological order.");
  }
  return {};
}

// Leaves only the events that AWS takes; says in `rejected` which others there are.
LogsStatus DropRejected(const LogsCall& call, std::optional<int> retention_days,
                        std::vector<LogStore::NewEvent>& events, Json& rejected) {
  const auto index_of_first = [&](Millis time) {
    return std::find_if(events.begin(), events.end(),
                        [time](const LogStore::NewEvent& event) { return event.time >= time; }) -
           events.begin();
  };
  const auto too_old = index_of_first(call.now - kOldest);
  std::ptrdiff_t expired = 0;
  if (retention_days.has_value()) {
    expired = index_of_first(call.now - *retention_days * kDay);
  }
  const auto too_new = index_of_first(call.now + kNewest + 1);
  if (too_new < static_cast<std::ptrdiff_t>(events.size())) {
    rejected["tooNewLogEventStartIndex"] = too_new;
  }
  if (too_old > 0) {
    rejected["tooOldLogEventEndIndex"] = too_old;
  }
  if (expired > too_old) {
    rejected["expiredLogEventEndIndex"] = expired;
  }
  const auto first = std::min(std::max(too_old, expired), too_new);
  events.erase(events.begin() + too_new, events.end());
  events.erase(events.begin(), events.begin() + first);
  if (!events.empty() && events.back().time - events.front().time > kLongestBatch) {
    return InvalidParameter(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return {};
}

LogsAnswer PutLogEvents(const LogsCall& call) {
  RequestMembers members(call.body);
  const std::string group = members.RequiredText("logGroupName", kGroupName);
  const std::string stream = members.RequiredText("logStreamName", kStreamName);
  (void)members.Text("sequenceToken", kToken);  // AWS does not look at it any more
  WEIR_ASSIGN_OR_RETURN(std::vector<LogStore::NewEvent> events, ReadBatch(members));
  WEIR_RETURN_IF_ERROR(RefuseMember(members, "entity"));
  WEIR_RETURN_IF_ERROR(CheckBatch(events));
  WEIR_ASSIGN_OR_RETURN(const GroupInfo info, call.store.Group(group));
  Json rejected;
  WEIR_RETURN_IF_ERROR(DropRejected(call, info.settings.retention_days, events, rejected));
  WEIR_ASSIGN_OR_RETURN(const std::uint64_t last, call.store.Put(group, stream, events));
  Json answer{{"nextSequenceToken", Padded(0) + Padded(last)}};
  if (!rejected.is_null()) {
    answer["rejectedLogEventsInfo"] = std::move(rejected);
  }
  return answer;
}

// A page of GetLogEvents is between two positions: the forward token reads on after the later one,
// the backward token up to the earlier one.
LogsAnswer GetLogEvents(const LogsCall& call) {
  RequestMembers members(call.body);
  EventRange range;
  range.streams = {members.RequiredText("logStreamName", kStreamName)};
  range.begin = members.Number("startTime").value_or(0);
  range.end = members.Number("endTime").value_or(INT64_MAX);
  range.limit =
      static_cast<std::size_t>(members.Number("limit", {1, kMostReturned}).value_or(kMostReturned));
  range.backward = !members.Boolean("startFromHead");
  (void)members.Boolean("unmask");  // nothing is masked
  const std::optional<std::string> token = members.Text("nextToken", kToken);
  WEIR_ASSIGN_OR_RETURN(range.group, NamedGroup(members));
  LogPosition at;
  if (token.has_value()) {
    const std::string_view text = *token;
    const std::optional<LogPosition> position = text.starts_with("f/") || text.starts_with("b/")
                                                    ? ReadPosition(text.substr(2))
                                                    : std::nullopt;
    if (!position.has_value()) {
      return BadToken();
    }
    at = *position;
    range.backward = text.starts_with('b');
    (range.backward ? range.up_to : range.after) = at;
  }
  WEIR_ASSIGN_OR_RETURN(LogStore::Page page, call.store.Read(range));
  if (range.backward) {
    std::reverse(page.events.begin(), page.events.end());
  }
  Json events = Json::array();
  for (LogEvent& event : page.events) {
    events.push_back({{"timestamp", event.position.time},
                      {"message", std::move(event.message)},
                      {"ingestionTime", event.ingested}});
  }
  LogPosition before = at;
  LogPosition after = at;
  if (!page.events.empty()) {
    before = page.events.front().position;
    --before.number;  // numbers begin at 1
    after = page.events.back().position;
  }
  return Json{{"events", std::move(events)},
              {"nextForwardToken", "f/" + TextOf(after)},
              {"nextBackwardToken", "b/" + TextOf(before)}};
}

struct FilterRequest {
  EventRange range;
  FilterPattern pattern;
};

LogsResult<FilterRequest> ReadFilterRequest(const LogsCall& call) {
  FilterRequest request;
  EventRange& range = request.range;
  RequestMembers members(call.body);
  const auto names = members.TextList("logStreamNames", kStreamName, kMostStreamNames);
  const std::optional<std::string> prefix = members.Text("logStreamNamePrefix", kStreamName);
  range.begin = members.Number("startTime").value_or(0);
  // Other than that of GetLogEvents, this end is part of the range.
  const std::int64_t end = members.Number("endTime").value_or(INT64_MAX);
  range.end = end == INT64_MAX ? end : end + 1;
  range.limit =
      static_cast<std::size_t>(members.Number("limit", {1, kMostReturned}).value_or(kMostReturned));
  range.backward = !members.Boolean("startFromHead", true);
  (void)members.Boolean("interleaved");  // AWS takes it as true always
  (void)members.Boolean("unmask");       // nothing is masked
  const std::string pattern = members.Text("filterPattern", kFilterText).value_or("");
  const std::optional<std::string> token = members.Text("nextToken", kToken);
  WEIR_ASSIGN_OR_RETURN(range.group, NamedGroup(members));
  if (names.has_value() && prefix.has_value()) {
    return InvalidParameter("logStreamNamePrefix and logStreamNames are mutually exclusive.");
  }
  if (range.begin > end) {
    return InvalidParameter("startTime must be less than or equal to endTime.");
  }
  range.streams = names.value_or(std::vector<std::string>());
  range.stream_prefix = prefix.value_or("");
  WEIR_ASSIGN_OR_RETURN(request.pattern, FilterPattern::Parse(pattern));
  if (token.has_value()) {
    const std::optional<LogPosition> position = ReadPosition(
        token->starts_with("f/") || token->starts_with("b/") ? token->substr(2) : std::string());
    if (!position.has_value()) {
      return BadToken();
    }
    range.backward = token->starts_with('b');
    (range.backward ? range.up_to : range.after) = *position;
  }
  return request;
}

// Where the reading goes on after an event that has been looked at.
LogPosition Beyond(LogPosition position, bool backward) {
  if (backward) {
    --position.number;  // numbers begin at 1
  }
  return position;
}

LogsAnswer FilterLogEvents(const LogsCall& call) {
  WEIR_ASSIGN_OR_RETURN(FilterRequest request, ReadFilterRequest(call));
  EventRange& range = request.range;
  const std::size_t limit = range.limit;
  Json events = Json::array();
  std::size_t bytes = 0;
  std::optional<LogPosition> next;
  for (int pages = 0; pages < kMostPages; ++pages) {
    range.limit = request.pattern.matches_all() ? limit - events.size() : kMostReturned;
    WEIR_ASSIGN_OR_RETURN(const LogStore::Page page, call.store.Read(range));
    next = page.more.has_value() ? std::optional(Beyond(*page.more, range.backward)) : std::nullopt;
    for (const LogEvent& event : page.events) {
      if (!request.pattern.Matches(event.message)) {
        continue;
      }
      const std::size_t size = event.message.size() + kEventOverhead;
      if (events.size() == limit || (!events.empty() && bytes + size > LogStore::kPageBytes)) {
        // The page goes on with this event.
        LogPosition at = event.position;
        at.number -= range.backward ? 0 : 1;
        next = at;
        pages = kMostPages;
        break;
      }
      bytes += size;
      events.push_back({{"logStreamName", event.stream},
                        {"timestamp", event.position.time},
                        {"message", event.message},
                        {"ingestionTime", event.ingested},
                        {"eventId", TextOf(event.position)}});
    }
    if (!next.has_value() || events.size() == limit) {
      break;
    }
    (range.backward ? range.up_to : range.after) = *next;
  }
  Json answer{{"events", std::move(events)}, {"searchedLogStreams", Json::array()}};
  if (next.has_value()) {
    answer["nextToken"] = (range.backward ? "b/" : "f/") + TextOf(*next);
  }
  return answer;
}

constexpr LogsOperation kOperations[] = {
    {"CreateLogStream", CreateLogStream},
    {"DeleteLogStream", DeleteLogStream},
    {"DescribeLogStreams", DescribeLogStreams},
    {"PutLogEvents", PutLogEvents},
    {"GetLogEvents", GetLogEvents},
    {"FilterLogEvents", FilterLogEvents},
};

}  // namespace

std::span<const LogsOperation> EventOperations() {
  return kOperations;
}

}  // namespace weir::logs
