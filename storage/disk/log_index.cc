// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/log_index.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/record.h"
#include "storage/disk/journal.h"
#include "storage/disk/table_rows.h"

namespace weir::storage {

// Reads changes of one table, in order.
class LogIndex::StretchReader {
 public:
  StretchReader(const LogIndex& index, std::uint64_t table, std::uint64_t from, const Visit& visit)
      : index_(index), table_(table), next_(from), visit_(visit) {}

  // The sequence of the next change to visit.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  // Whether `visit` wants more.
  [[nodiscard]] bool more() const { return more_; }

  // Visits the changes of a stretch before `to`. False if its file is gone.
  Outcome<bool> Read(const Stretch& stretch, std::uint64_t to) {
    if (file_ == nullptr || segment_ != stretch.place.segment) {
      segment_ = stretch.place.segment;
      Io<std::unique_ptr<File>> file = index_.files_->Open(JournalName(segment_));
      if (!file.ok() && !index_.Has(segment_)) {
        return false;
      }
      if (!file.ok()) {
        return Fault(Fault::Kind::kChangeUnreadable, file.error().ToString());
      }
      file_ = std::move(file).value();
    }
    RowReader reader(*file_, SegmentIndex::kPointDistance);
    reader.StartAt(stretch.place.point.offset, stretch.place.point.row, index_.data_set_);
    const std::uint64_t end = std::min(to, stretch.end);
    while (more_ && next_ < end) {
      const std::uint64_t offset = reader.offset();
      const Io<std::optional<Row>> row = reader.Next();
      if (!row.ok()) {
        return Fault(Fault::Kind::kChangeUnreadable, row.error().ToString());
      }
      if (!row.value().has_value() || !Visit(*row.value(), end)) {
        return Fault(Fault::Kind::kChangeUnreadable, index_.files_->PathOf(JournalName(segment_)) +
                                                         " is damaged at byte " +
                                                         std::to_string(offset));
      }
    }
    return true;
  }

 private:
  // Visits the changes of a row; false if it is not what it should be.
  bool Visit(const Row& row, std::uint64_t end) {
    bool sensible = true;
    const bool whole = ForEachRow(row, [&](const Row& part) {
      if (part.kind == RowKind::kChanges) {
        sensible = VisitChanges(part.payload, end) && sensible;
      }
    });
    return sensible && whole;
  }

  bool VisitChanges(std::string_view payload, std::uint64_t end) {
    RecordReader reader(payload);
    while (more_ && next_ < end && !reader.failed() && !reader.finished()) {
      RecordReader here = reader;
      const ChangeHead head = SkimChange(reader);
      if (head.table != table_ || head.sequence < next_) {
        continue;
      }
      if (head.sequence > next_) {
        return false;  // one is missing
      }
      const ChangeRow row = ReadChange(here, Images::kBoth);
      if (here.failed()) {
        return false;
      }
      ++next_;
      more_ = visit_(row.change);
    }
    return !reader.failed();
  }

  const LogIndex& index_;
  const std::uint64_t table_;
  std::uint64_t next_;
  const LogArchive::Visit& visit_;
  bool more_ = true;
  std::uint64_t segment_ = 0;
  std::unique_ptr<File> file_;
};

void LogIndex::Add(std::uint64_t segment, const SegmentIndex& index) {
  const MutexLock lock(mutex_);
  Summary& summary = segments_[segment];
  summary = {
      .last = index.last, .size = index.size, .latest = std::max(summary.latest, index.latest)};
  // With many tables each has fewer places, so that those of all take a small share of the
  // journal's size.
  constexpr std::size_t kTablesAtFullDensity = 16;
  const std::uint64_t distance =
      SegmentIndex::kPointDistance * (1 + logs_.size() / kTablesAtFullDensity);
  for (const auto& [table, part] : index.parts) {
    Log& log = logs_[table];
    log.next = std::max(log.next, part.next);
    for (const LogPoint& point : part.points) {
      // Rows that are added a few at a time begin with a point each.
      const bool near = !log.places.empty() && log.places.back().segment == segment &&
                        point.offset < log.places.back().point.offset + distance;
      if (!near) {
        log.places.push_back({segment, point});
      }
    }
  }
}

void LogIndex::AddRows(std::uint64_t segment, std::uint64_t offset, std::string_view rows) {
  SegmentIndex index;
  std::string_view rest = rows;
  while (const std::optional<Row> row = TakeRow(rest)) {
    const std::uint64_t end = offset + (rows.size() - rest.size());
    index.Add(*row, end - kRowHeaderBytes - row->payload.size(), end);
  }
  Add(segment, index);
}

SegmentIndex LogIndex::IndexOf(std::uint64_t segment) const {
  const MutexLock lock(mutex_);
  SegmentIndex index;
  if (const auto summary = segments_.find(segment); summary != segments_.end()) {
    index.last = summary->second.last;
    index.size = summary->second.size;
    index.latest = summary->second.latest;
  }
  for (const auto& [table, log] : logs_) {
    auto place = std::partition_point(log.places.begin(), log.places.end(),
                                      [&](const Place& at) { return at.segment < segment; });
    LogPart part;
    for (; place != log.places.end() && place->segment == segment; ++place) {
      part.points.push_back(place->point);
    }
    if (!part.points.empty()) {
      part.next = place == log.places.end() ? log.next : place->point.sequence;
      index.parts.emplace(table, std::move(part));
    }
  }
  return index;
}

LogIndex::Extent LogIndex::extent() const {
  const MutexLock lock(mutex_);
  Extent extent{.files = segments_.size()};
  for (const auto& [first, summary] : segments_) {
    extent.bytes += summary.size;
  }
  return extent;
}

void LogIndex::Drop(std::uint64_t segment) {
  const MutexLock lock(mutex_);
  segments_.erase(segments_.begin(), segments_.upper_bound(segment));
  for (auto log = logs_.begin(); log != logs_.end();) {
    std::deque<Place>& places = log->second.places;
    while (!places.empty() && places.front().segment <= segment) {
      places.pop_front();
    }
    log = places.empty() ? logs_.erase(log) : std::next(log);
  }
}

std::uint64_t LogIndex::FirstOf(std::uint64_t table) const {
  const MutexLock lock(mutex_);
  const auto log = logs_.find(table);
  return log == logs_.end() ? 0 : log->second.places.front().point.sequence;
}

bool LogIndex::Has(std::uint64_t segment) const {
  const MutexLock lock(mutex_);
  return segments_.contains(segment);
}

std::uint64_t LogIndex::ReadableTo(std::uint64_t table) const {
  const MutexLock lock(mutex_);
  const auto log = logs_.find(table);
  return log == logs_.end() ? 0 : log->second.next;
}

std::optional<LogIndex::Stretch> LogIndex::Find(std::uint64_t table, std::uint64_t sequence) const {
  const MutexLock lock(mutex_);
  const auto log = logs_.find(table);
  if (log == logs_.end() || sequence >= log->second.next) {
    return std::nullopt;
  }
  const std::deque<Place>& places = log->second.places;
  const auto after = std::upper_bound(
      places.begin(), places.end(), sequence,
      [](std::uint64_t wanted, const Place& place) { return wanted < place.point.sequence; });
  if (after == places.begin()) {
    return std::nullopt;
  }
  return Stretch{*std::prev(after),
                 after == places.end() ? log->second.next : after->point.sequence};
}

Outcome<std::uint64_t> LogIndex::Read(std::uint64_t table, std::uint64_t from, std::uint64_t to,
                                      const Visit& visit) const {
  StretchReader reader(*this, table, from, visit);
  while (reader.more() && reader.next() < to) {
    const std::optional<Stretch> stretch = Find(table, reader.next());
    if (!stretch.has_value()) {
      break;
    }
    WEIR_ASSIGN_OR_RETURN(const bool there, reader.Read(*stretch, to));
    if (!there) {
      break;
    }
  }
  return reader.next();
}

LogArchive::Range LogIndex::Since(std::uint64_t table, Micros time) const {
  const MutexLock lock(mutex_);
  const auto log = logs_.find(table);
  if (log == logs_.end()) {
    return {};
  }
  const std::deque<Place>& places = log->second.places;
  const auto since = std::partition_point(
      places.begin(), places.end(), [time](const Place& place) { return place.point.time < time; });
  const std::uint64_t end = since == places.end() ? log->second.next : since->point.sequence;
  return {since == places.begin() ? end : std::prev(since)->point.sequence, end};
}

}  // namespace weir::storage
