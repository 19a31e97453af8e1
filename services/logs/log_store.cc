// SPDX-License-Identifier: Apache-2.0
#include "services/logs/log_store.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "core/memory_reserve.h"
#include "core/text.h"

namespace weir::logs {
namespace {

constexpr Millis kMillisPerDay = 86'400'000;
// What AWS adds to each event of a page:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
constexpr std::size_t kEventOverhead = 26;

Millis MillisOf(Micros time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).count();
}

LogsError NoGroup() {
  return {LogsErrorCode::kResourceNotFound, "The specified log group does not exist."};
}
LogsError NoStream() {
  return {LogsErrorCode::kResourceNotFound, "The specified log stream does not exist."};
}
LogsError Exists(std::string_view what) {
  return {LogsErrorCode::kResourceAlreadyExists,
          "The specified log " + std::string(what) + " already exists"};
}
LogsError TooMany() {
  return {LogsErrorCode::kLimitExceeded, "Resource limit exceeded."};
}

}  // namespace

// Takes the events of a range, one after the other, until the page is full.
class LogStore::Collector {
 public:
  explicit Collector(const EventRange& range) : range_(range) {}

  // Whether the event was looked at; if not, the page is full.
  bool Offer(const LogPosition& position, const StoredEvent& event) {
    const std::size_t size = event.message.size() + kEventOverhead;
    const bool full = page_.events.size() == range_.limit || looked_at_ == kMostScanned ||
                      (!page_.events.empty() && bytes_ + size > kPageBytes);
    if (full) {
      page_.more = last_;
      return false;
    }
    ++looked_at_;
    last_ = position;
    if (IsWanted(event)) {
      bytes_ += size;
      page_.events.push_back({position, event.ingested, event.stream->first, event.message});
    }
    return true;
  }
  Page Take() { return std::move(page_); }

 private:
  bool IsWanted(const StoredEvent& event) const {
    const std::string& stream = event.stream->first;
    const bool is_named =
        range_.streams.empty() ||
        std::find(range_.streams.begin(), range_.streams.end(), stream) != range_.streams.end();
    return is_named && stream.starts_with(range_.stream_prefix);
  }

  const EventRange& range_;
  Page page_;
  LogPosition last_;
  std::size_t looked_at_ = 0;
  std::size_t bytes_ = 0;
};

void LogStore::Listen(std::function<void()> listener) {
  const MutexLock lock(listener_mutex_);
  listener_ = std::move(listener);
}

void LogStore::TellListener() {
  const MutexLock lock(listener_mutex_);
  if (listener_ != nullptr) {
    listener_();
  }
}

Millis LogStore::Now() const {
  return MillisOf(clock_.Now());
}

Millis LogStore::Cutoff(const GroupData& group) const {
  const std::optional<int>& days = group.settings.retention_days;
  return days.has_value() ? Now() - *days * kMillisPerDay : 0;
}

LogsResult<LogStore::GroupMap::iterator> LogStore::Find(std::string_view group) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) {
    return NoGroup();
  }
  return found;
}

LogsResult<LogStore::GroupMap::const_iterator> LogStore::Find(std::string_view group) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) {
    return NoGroup();
  }
  return found;
}

void LogStore::Append(std::string_view group, std::string_view stream, Micros time,
                      std::string_view message) {
  try {
    const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
    const MutexLock lock(mutex_);
    const auto into = EnsureGroup(group);
    if (into == groups_.end()) {
      ++dropped_;
      return;
    }
    AddEvent(into, EnsureStream(into->second, stream), MillisOf(time),
             std::string(message).append("\n"));
    EraseExpired(into);
    DropExcess();
  } catch (const std::bad_alloc&) {
    const MutexLock lock(mutex_);
    ++dropped_;
    return;
  }
  TellListener();
}

LogStore::GroupMap::iterator LogStore::EnsureGroup(std::string_view name) {
  const auto found = groups_.find(name);
  if (found != groups_.end() || groups_.size() >= kMostGroups) {
    return found;
  }
  const auto made = groups_.emplace(name, GroupData()).first;
  made->second.created = Now();
  return made;
}

LogStore::StreamMap::iterator LogStore::EnsureStream(GroupData& group, std::string_view name) {
  const auto found = group.streams.find(name);
  if (found != group.streams.end()) {
    return found;
  }
  const auto made = group.streams.emplace(name, StreamData()).first;
  made->second.created = Now();
  bytes_ += name.size() + kOverhead;
  return made;
}

void LogStore::AddEvent(GroupMap::iterator group, StreamMap::iterator stream, Millis time,
                        std::string message) {
  const LogPosition position{time, next_number_++};
  const Millis now = Now();
  const std::size_t size = message.size();
  group->second.events.emplace(position, StoredEvent{now, stream, std::move(message)});
  group->second.message_bytes += size;
  stream->second.events.insert(position);
  stream->second.last_ingestion = now;
  arrivals_.emplace(position.number, Place{group, time});
  bytes_ += size + kOverhead;
}

void LogStore::EraseEvent(GroupMap::iterator group, Events::iterator event) {
  const auto stream = event->second.stream;
  const std::size_t size = event->second.message.size();
  bytes_ -= size + kOverhead;
  group->second.message_bytes -= size;
  arrivals_.erase(event->first.number);
  stream->second.events.erase(event->first);
  group->second.events.erase(event);
  if (stream->second.events.empty() && !stream->second.lasting) {
    EraseStream(group, stream);
  }
}

void LogStore::EraseStream(GroupMap::iterator group, StreamMap::iterator stream) {
  StreamData& data = stream->second;
  const bool was_lasting = std::exchange(data.lasting, true);  // so EraseEvent leaves it alone
  while (!data.events.empty()) {
    EraseEvent(group, group->second.events.find(*data.events.begin()));
  }
  bytes_ -= stream->first.size() + kOverhead;
  lasting_streams_ -= was_lasting ? 1 : 0;
  group->second.streams.erase(stream);
}

void LogStore::EraseExpired(GroupMap::iterator group) {
  const Millis cutoff = Cutoff(group->second);
  Events& events = group->second.events;
  while (!events.empty() && events.begin()->first.time < cutoff) {
    EraseEvent(group, events.begin());
  }
}

void LogStore::DropExcess() {
  while (bytes_ > most_bytes_ && !arrivals_.empty()) {
    const auto& [number, place] = *arrivals_.begin();
    EraseEvent(place.group, place.group->second.events.find({place.time, number}));
    ++dropped_;
  }
}

LogsStatus LogStore::CreateGroup(std::string_view name, GroupSettings settings) {
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  const MutexLock lock(mutex_);
  if (groups_.find(name) != groups_.end()) {
    return Exists("group");
  }
  const auto made = EnsureGroup(name);
  if (made == groups_.end()) {
    return TooMany();
  }
  made->second.settings = std::move(settings);
  return {};
}

LogsStatus LogStore::DeleteGroup(std::string_view name) {
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto group, Find(name));
  StreamMap& streams = group->second.streams;
  while (!streams.empty()) {
    EraseStream(group, streams.begin());
  }
  groups_.erase(group);
  return {};
}

LogsStatus LogStore::ChangeGroup(std::string_view name,
                                 const std::function<LogsStatus(GroupSettings&)>& change) {
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto group, Find(name));
  return change(group->second.settings);
}

LogsResult<GroupInfo> LogStore::Group(std::string_view name) const {
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto group, Find(name));
  const GroupData& data = group->second;
  return GroupInfo{group->first, data.created, data.message_bytes, data.settings};
}

LogsStatus LogStore::CreateStream(std::string_view group, std::string_view name) {
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto into, Find(group));
  GroupData& data = into->second;
  if (data.streams.find(name) != data.streams.end()) {
    return Exists("stream");
  }
  if (lasting_streams_ >= kMostStreams) {
    return TooMany();
  }
  EnsureStream(data, name)->second.lasting = true;
  ++lasting_streams_;
  return {};
}

LogsStatus LogStore::DeleteStream(std::string_view group, std::string_view name) {
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto from, Find(group));
  const auto stream = from->second.streams.find(name);
  if (stream == from->second.streams.end()) {
    return NoStream();
  }
  EraseStream(from, stream);
  return {};
}

LogsResult<std::uint64_t> LogStore::Put(std::string_view group, std::string_view stream,
                                        const std::vector<NewEvent>& events) {
  std::uint64_t last = 0;
  {
    const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
    const MutexLock lock(mutex_);
    WEIR_ASSIGN_OR_RETURN(const auto into, Find(group));
    const auto to = into->second.streams.find(stream);
    if (to == into->second.streams.end()) {
      return NoStream();
    }
    for (const NewEvent& event : events) {
      AddEvent(into, to, event.time, event.message);
    }
    last = next_number_ - 1;
    EraseExpired(into);
    DropExcess();
  }
  TellListener();
  return last;
}

std::vector<GroupInfo> LogStore::Groups(std::string_view after, std::string_view prefix,
                                        std::string_view part, std::size_t limit) const {
  std::vector<GroupInfo> found;
  const MutexLock lock(mutex_);
  for (auto group = groups_.upper_bound(after); group != groups_.end(); ++group) {
    if (found.size() == limit) {
      break;
    }
    const auto& [name, data] = *group;
    if (name.starts_with(prefix) && ContainsText(name, part)) {
      found.push_back({name, data.created, data.message_bytes, data.settings});
    }
  }
  return found;
}

LogsResult<std::vector<StreamInfo>> LogStore::Streams(std::string_view group,
                                                      std::string_view prefix) const {
  std::vector<StreamInfo> found;
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto of, Find(group));
  const GroupData& data = of->second;
  const LogPosition cutoff{Cutoff(data), 0};
  for (auto stream = data.streams.lower_bound(prefix);
       stream != data.streams.end() && stream->first.starts_with(prefix); ++stream) {
    StreamInfo info;
    info.name = stream->first;
    info.created = stream->second.created;
    const std::set<LogPosition>& events = stream->second.events;
    if (const auto first = events.lower_bound(cutoff); first != events.end()) {
      info.first_event = first->time;
      info.last_event = events.rbegin()->time;
      info.last_ingestion = stream->second.last_ingestion;
    }
    found.push_back(std::move(info));
  }
  return found;
}

LogsResult<LogStore::Page> LogStore::Read(const EventRange& range) const {
  const MutexLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(const auto group, Find(range.group));
  const GroupData& data = group->second;
  for (const std::string& stream : range.streams) {
    if (data.streams.find(stream) == data.streams.end()) {
      return NoStream();
    }
  }
  Collector collector(range);
  const LogPosition begin{std::max(range.begin, Cutoff(data)), 0};
  const auto walk = [&](const auto& events, const auto& position, const auto& event) {
    if (!range.backward) {
      auto at = std::max(begin, range.after) == begin ? events.lower_bound(begin)
                                                      : events.upper_bound(range.after);
      while (at != events.end() && position(at).time < range.end &&
             collector.Offer(position(at), event(at))) {
        ++at;
      }
      return;
    }
    const LogPosition last = std::min(range.up_to, LogPosition{range.end - 1, UINT64_MAX});
    auto at = events.upper_bound(last);
    while (at != events.begin()) {
      --at;
      if (position(at) < begin || !collector.Offer(position(at), event(at))) {
        break;
      }
    }
  };
  if (range.streams.size() == 1) {  // those of others need not be looked at
    walk(
        data.streams.find(range.streams.front())->second.events,
        [](auto at) -> const LogPosition& { return *at; },
        [&](auto at) -> const StoredEvent& { return data.events.find(*at)->second; });
  } else {
    walk(
        data.events, [](auto at) -> const LogPosition& { return at->first; },
        [](auto at) -> const StoredEvent& { return at->second; });
  }
  return collector.Take();
}

std::vector<LogEvent> LogStore::ReadArrivals(std::string_view group, Millis since,
                                             std::uint64_t& cursor, std::size_t limit) const {
  std::vector<LogEvent> found;
  const MutexLock lock(mutex_);
  std::size_t looked_at = 0;
  std::size_t bytes = 0;
  const auto wanted = groups_.find(group);
  for (auto at = arrivals_.upper_bound(cursor); at != arrivals_.end() && found.size() < limit &&
                                                bytes < kPageBytes && looked_at < kMostScanned;
       ++at, ++looked_at) {
    cursor = at->first;
    const auto& [number, place] = *at;
    if (GroupMap::const_iterator(place.group) != wanted || place.time < since) {
      continue;
    }
    const LogPosition position{place.time, number};
    const StoredEvent& event = wanted->second.events.find(position)->second;
    bytes += event.message.size();
    found.push_back({position, event.ingested, event.stream->first, event.message});
  }
  return found;
}

bool LogStore::HasGroup(std::string_view name) const {
  const MutexLock lock(mutex_);
  return groups_.find(name) != groups_.end();
}

std::uint64_t LogStore::dropped() const {
  const MutexLock lock(mutex_);
  return dropped_;
}

}  // namespace weir::logs
