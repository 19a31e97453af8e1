// SPDX-License-Identifier: Apache-2.0
// LogStore: log groups, their streams and events, in memory.
//
// Nothing of it outlives the process. It holds so many bytes; beyond, the events that came first
// are dropped, and counted. Groups keep events for the days of their retention policy, by the
// service's clock. Streams and groups that functions write to are made as they are needed, and such
// a stream goes with its last event.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "runtimes/function_host.h"
#include "services/logs/errors.h"

namespace weir::logs {

using Tags = std::map<std::string, std::string>;

// Milliseconds since 1970, as CloudWatch Logs counts time.
using Millis = std::int64_t;

// Where an event stands among those of a group: by its time, then by its arrival. Between any two
// events there is a position, and {0, 0} is before all of them.
struct LogPosition {
  Millis time = 0;
  std::uint64_t number = 0;  // of arrival, from 1, counted over all groups
  auto operator<=>(const LogPosition&) const = default;
};

struct LogEvent {
  LogPosition position;
  Millis ingested = 0;
  std::string stream;
  std::string message;
};

// What a group was created with, and what was set later.
struct GroupSettings {
  std::optional<int> retention_days;
  std::string kms_key_id;  // kept, not used
  Tags tags;
};

struct GroupInfo {
  std::string name;
  Millis created = 0;
  std::size_t stored_bytes = 0;
  GroupSettings settings;
};

struct StreamInfo {
  std::string name;
  Millis created = 0;
  // Of the events, if there are any.
  std::optional<Millis> first_event;
  std::optional<Millis> last_event;
  std::optional<Millis> last_ingestion;
};

// Which events of a group a reader wants. Those of one stream, or of some, or of all.
struct EventRange {
  std::string group;
  std::vector<std::string> streams;          // each must exist; empty: all
  std::string stream_prefix;                 // with `streams` empty
  LogPosition after;                         // forward: events beyond it
  LogPosition up_to{INT64_MAX, UINT64_MAX};  // backward: it and events before it
  Millis begin = 0;                          // events of this time or later
  Millis end = INT64_MAX;                    // and before this time
  bool backward = false;                     // the latest first
  std::size_t limit = 0;
};

// Thread-safe. `clock` must outlive it.
class LogStore final : public runtimes::LogSink {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
  // Groups, and streams that are made through the API. AWS's quota of groups is 1,000,000:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  static constexpr std::size_t kMostGroups = 10'000;
  static constexpr std::size_t kMostStreams = 10'000;
  // What an event or a stream is taken to need beside its texts.
  static constexpr std::size_t kOverhead = 320;
  // How many events a reader looks at under the lock in one call, and the bytes of an answer:
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
  static constexpr std::size_t kMostScanned = 10'000;
  static constexpr std::size_t kPageBytes = std::size_t{1} << 20U;

  explicit LogStore(const Clock& clock, std::size_t most_bytes = kMostBytes)
      : clock_(clock), most_bytes_(most_bytes) {}

  // Has `listener` called after each new event, on its writer's thread; null: nobody. The one
  // before is not called any more when this returns. A listener must not write events.
  void Listen(std::function<void()> listener);

  // The event has a newline at its end, as those of functions have on AWS. What there is no room
  // for is dropped and counted.
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
  void Append(std::string_view group, std::string_view stream, Micros time,
              std::string_view message) override;

  // These fail as the operations of the API do.
  LogsStatus CreateGroup(std::string_view name, GroupSettings settings);
  LogsStatus DeleteGroup(std::string_view name);
  // `change` runs under the lock.
  LogsStatus ChangeGroup(std::string_view name,
                         const std::function<LogsStatus(GroupSettings&)>& change);
  [[nodiscard]] LogsResult<GroupInfo> Group(std::string_view name) const;
  LogsStatus CreateStream(std::string_view group, std::string_view name);
  LogsStatus DeleteStream(std::string_view group, std::string_view name);
  struct NewEvent {
    Millis time = 0;
    std::string message;
  };
  // `events` are in the order of their times. Returns the number of the last event of all.
  LogsResult<std::uint64_t> Put(std::string_view group, std::string_view stream,
                                const std::vector<NewEvent>& events);

  // The groups after the one named `after`, by name, `limit` at most, whose names start with
  // `prefix` and contain `part`.
  [[nodiscard]] std::vector<GroupInfo> Groups(std::string_view after, std::string_view prefix,
                                              std::string_view part, std::size_t limit) const;
  // The streams of a group, by name.
  [[nodiscard]] LogsResult<std::vector<StreamInfo>> Streams(std::string_view group,
                                                            std::string_view prefix) const;

  // A page of events, in the order of reading, of kPageBytes at most.
  struct Page {
    std::vector<LogEvent> events;
    // The position of the last event that was looked at; only if there may be more beyond it.
    std::optional<LogPosition> more;
  };
  [[nodiscard]] LogsResult<Page> Read(const EventRange& range) const;

  // The events of a group that came after the `cursor`-th of all, in the order of arrival, `limit`
  // and about kPageBytes at most, without those before `since`. `cursor` moves to the last one that
  // was looked at. None for an unknown group.
  [[nodiscard]] std::vector<LogEvent> ReadArrivals(std::string_view group, Millis since,
                                                   std::uint64_t& cursor, std::size_t limit) const;
  [[nodiscard]] bool HasGroup(std::string_view name) const;
  // Events that were dropped for want of room.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct StreamData {
    Millis created = 0;
    bool lasting = false;  // made through the API, so it stays without events
    std::set<LogPosition> events;
    std::optional<Millis> last_ingestion;
  };
  using StreamMap = std::map<std::string, StreamData, std::less<>>;
  struct StoredEvent {
    Millis ingested = 0;
    StreamMap::iterator stream;
    std::string message;
  };
  using Events = std::map<LogPosition, StoredEvent>;
  struct GroupData {
    Millis created = 0;
    std::size_t message_bytes = 0;
    GroupSettings settings;
    StreamMap streams;
    Events events;
  };
  using GroupMap = std::map<std::string, GroupData, std::less<>>;
  struct Place {
    GroupMap::iterator group;
    Millis time = 0;
  };
  class Collector;

  [[nodiscard]] Millis Now() const;
  void TellListener();
  // The time before which the group's events are no more.
  [[nodiscard]] Millis Cutoff(const GroupData& group) const;
  [[nodiscard]] LogsResult<GroupMap::iterator> Find(std::string_view group) WEIR_REQUIRES(mutex_);
  [[nodiscard]] LogsResult<GroupMap::const_iterator> Find(std::string_view group) const
      WEIR_REQUIRES(mutex_);
  // Adds an event, and drops what is too much then.
  void AddEvent(GroupMap::iterator group, StreamMap::iterator stream, Millis time,
                std::string message) WEIR_REQUIRES(mutex_);
  // The group, made if there is none; end() if there are too many.
  GroupMap::iterator EnsureGroup(std::string_view name) WEIR_REQUIRES(mutex_);
  StreamMap::iterator EnsureStream(GroupData& group, std::string_view name) WEIR_REQUIRES(mutex_);
  void EraseEvent(GroupMap::iterator group, Events::iterator event) WEIR_REQUIRES(mutex_);
  void EraseStream(GroupMap::iterator group, StreamMap::iterator stream) WEIR_REQUIRES(mutex_);
  void EraseExpired(GroupMap::iterator group) WEIR_REQUIRES(mutex_);
  void DropExcess() WEIR_REQUIRES(mutex_);

  const Clock& clock_;
  const std::size_t most_bytes_;

  Mutex listener_mutex_;
  std::function<void()> listener_ WEIR_GUARDED_BY(listener_mutex_);

  mutable Mutex mutex_;
  GroupMap groups_ WEIR_GUARDED_BY(mutex_);
  std::map<std::uint64_t, Place> arrivals_ WEIR_GUARDED_BY(mutex_);  // of all events, by number
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 1;
  std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t lasting_streams_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t dropped_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::logs
