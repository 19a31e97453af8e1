// SPDX-License-Identifier: Apache-2.0
#include "stream/stream_catalogue.h"

#include <algorithm>
#include <cstdio>
#include <new>
#include <utility>

#include "core/memory.h"
#include "core/memory_reserve.h"
#include "core/system.h"
#include "core/time_text.h"
#include "storage/data_set.h"
#include "stream/log_trim.h"

namespace weir::stream {
namespace {

constexpr Micros kMillisecond = std::chrono::milliseconds(1);

// `YYYY-MM-DDTHH:MM:SS.mmm`, UTC, without a zone.
std::string LabelOf(Micros time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03d", static_cast<int>(milliseconds % 1000));
  return UtcSeconds(time) + fraction;
}

}  // namespace

StreamCatalogue::StreamCatalogue(const Clock& clock, const ShardPolicy& policy,
                                 std::function<void()> wake)
    : clock_(clock),
      policy_(policy),
      wake_(std::move(wake)),
      engine_(nullptr),
      data_set_(storage::NewDataSet()) {}

StreamCatalogue::StreamCatalogue(const Clock& clock, const ShardPolicy& policy,
                                 std::function<void()> wake, storage::Engine& engine,
                                 std::uint64_t data_set)
    : clock_(clock),
      policy_(policy),
      wake_(std::move(wake)),
      engine_(engine.durable() ? &engine : nullptr),
      data_set_(data_set != 0 ? data_set : storage::NewDataSet()) {}

StreamPtr StreamCatalogue::Open(const storage::TableMetadata& table, StreamViewType view_type,
                                std::shared_ptr<storage::ChangeLog> log, int shard_count) {
  StreamInfo info;
  info.table_name = table.name;
  info.key_schema = table.key_schema;
  info.view_type = view_type;
  info.creation_time = clock_.Now();
  info.settled_at = table.change_due;
  info.data_set = data_set_;
  const MutexLock lock(mutex_);
  while (true) {
    info.label = LabelOf(info.creation_time);
    info.arn = table.arn + "/stream/" + info.label;
    if (!streams_.contains(info.arn)) {
      break;
    }
    info.creation_time += kMillisecond;
  }
  return AddLocked([&](std::function<void()> wake) {
    return std::make_shared<Stream>(std::move(info), std::move(log), shard_count, policy_,
                                    std::move(wake));
  });
}

void StreamCatalogue::Adopt(StreamState state, std::shared_ptr<storage::ChangeLog> log) {
  const MutexLock lock(mutex_);
  AddLocked([&](std::function<void()> wake) {
    return std::make_shared<Stream>(std::move(state), std::move(log), policy_, std::move(wake));
  });
}

std::vector<StreamPtr> StreamCatalogue::All() const {
  const MutexLock lock(mutex_);
  std::vector<StreamPtr> all;
  all.reserve(streams_.size());
  for (const auto& [arn, stream] : streams_) {
    all.push_back(stream);
  }
  return all;
}

StreamPtr StreamCatalogue::AddLocked(const Make& make) {
  // `wake` is made before the stream, so it gets to know the stream by `self`, later.
  const auto self = std::make_shared<std::weak_ptr<Stream>>();
  const auto wake = [agenda = agenda_, self, &clock = clock_, wake = wake_] {
    agenda->Add(clock.Now() + kPeriod, *self);
    if (wake) {
      wake();
    }
  };
  StreamPtr stream = make(wake);
  if (engine_ != nullptr) {
    stream->KeepBy([engine = engine_](const StreamState& state) {
      engine->Keep(storage::RowKind::kStream, WriteStreamState(state));
    });
  }
  *self = stream;
  streams_.emplace(stream->info().arn, stream);
  wake();
  return stream;
}

StreamPtr StreamCatalogue::Find(std::string_view arn) const {
  const Micros now = clock_.Now();
  const MutexLock lock(mutex_);
  const auto found = streams_.find(arn);
  // An expired stream counts as missing, though Work may not have removed it yet.
  return found == streams_.end() || found->second->Expired(now) ? nullptr : found->second;
}

StreamCatalogue::Listing StreamCatalogue::List(std::string_view table_name,
                                               std::string_view exclusive_start,
                                               std::size_t limit) const {
  const Micros now = clock_.Now();
  const MutexLock lock(mutex_);
  Listing listing;
  for (auto entry = streams_.upper_bound(exclusive_start); entry != streams_.end(); ++entry) {
    const bool wanted = table_name.empty() || entry->second->info().table_name == table_name;
    if (!wanted || entry->second->Expired(now)) {
      continue;
    }
    if (listing.streams.size() == limit) {
      listing.more = true;
      break;
    }
    listing.streams.push_back(entry->second);
  }
  return listing;
}

void StreamCatalogue::Agenda::Add(Micros time, const std::weak_ptr<Stream>& stream) {
  const MutexLock lock(mutex_);
  const auto known = places_.find(stream);
  if (known != places_.end() && known->second->first <= time) {
    return;
  }
  const auto place = due_.emplace(time, stream);
  if (known != places_.end()) {
    due_.erase(std::exchange(known->second, place));
  } else {
    places_.emplace(stream, place);
  }
}

std::vector<StreamPtr> StreamCatalogue::Agenda::Take(Micros now) {
  std::vector<StreamPtr> taken;
  const MutexLock lock(mutex_);
  while (!due_.empty() && due_.begin()->first <= now) {
    if (StreamPtr stream = due_.begin()->second.lock()) {
      taken.push_back(std::move(stream));
    }
    places_.erase(due_.begin()->second);
    due_.erase(due_.begin());
  }
  return taken;
}

std::optional<Micros> StreamCatalogue::Agenda::Next() {
  const MutexLock lock(mutex_);
  return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

std::optional<Micros> StreamCatalogue::Work() {
  const MemoryReserve::Scope whole;  // a stream taken and not worked on would not be taken again
  const Micros now = clock_.Now();
  std::vector<StreamPtr> due = agenda_->Take(now);
  std::uint64_t freed = 0;
  for (const StreamPtr& stream : due) {
    try {
      freed += WorkOn(stream, now);
    } catch (const std::bad_alloc&) {  // for what it reads from the disk
      agenda_->Add(now + kPeriod, stream);
    }
  }
  due.clear();
  if (freed > kWorthReturning) {
    system::ReturnFreeMemory();
  }
  return agenda_->Next();
}

std::uint64_t StreamCatalogue::WorkOn(const StreamPtr& stream, Micros now) {
  const std::uint64_t before = stream->log_bytes();
  if (stream->Expired(now)) {
    const MutexLock lock(mutex_);
    streams_.erase(stream->info().arn);
    return before;
  }
  if (const std::optional<Micros> next = stream->Work(now)) {
    agenda_->Add(*next, stream);
  }
  return before - std::min(before, stream->log_bytes());
}

std::uint64_t StreamCatalogue::TrimTo(storage::LogBudget& budget) {
  budget.BeginTrim();
  const std::uint64_t before = budget.used();
  if (before <= budget.limit()) {
    return 0;
  }
  const Micros now = clock_.Now();
  LogTrim trim;
  {
    const MutexLock lock(mutex_);
    for (const auto& [arn, stream] : streams_) {
      trim.Add(stream);
    }
  }
  // Trims a little more than is needed, so that not every further record calls for a trim.
  constexpr std::uint64_t kSlack = 32;
  trim.Free(before - budget.limit() + budget.limit() / kSlack);
  trim.Apply(now);
  return before - std::min(before, budget.used());
}

}  // namespace weir::stream
