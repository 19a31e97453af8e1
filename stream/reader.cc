// SPDX-License-Identifier: Apache-2.0
#include "stream/reader.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "core/digits.h"
#include "core/limits.h"
#include "stream/sequence_number.h"

namespace weir::stream {
namespace {

constexpr std::string_view kVersion = "2|";
constexpr int kHexadecimal = 16;
constexpr std::size_t kHashDigits = 16;

Fault NoCheckpoint() {
  return Fault(Fault::Kind::kCheckpointInvalid);
}

const Shard* Find(const std::vector<Shard>& shards, const ShardId& id) {
  const auto found = std::lower_bound(shards.begin(), shards.end(), id,
                                      [](const Shard& a, const ShardId& b) { return a.id < b; });
  return found == shards.end() || found->id != id ? nullptr : &*found;
}

bool IsRoot(const std::vector<Shard>& shards, const Shard& shard) {
  return !shard.parent.has_value() || Find(shards, *shard.parent) == nullptr;
}

// Whether a reader at the end of the cursor's shard goes on in `shard`: a child of the cursor's
// shard or, if that is forgotten, one of the oldest shards kept within its hash range.
bool Follows(const std::vector<Shard>& shards, const Shard& shard, const ReaderCursor& cursor) {
  if (Find(shards, cursor.shard) != nullptr) {
    return shard.parent == cursor.shard;
  }
  return cursor.hash_first <= shard.hash_first && shard.hash_last <= cursor.hash_last &&
         IsRoot(shards, shard);
}

std::vector<ReaderCursor> Followers(const std::vector<Shard>& shards, const ReaderCursor& cursor) {
  std::vector<ReaderCursor> followers;
  for (const Shard& shard : shards) {
    if (Follows(shards, shard, cursor)) {
      // A reader that starts at a timestamp may stand beyond the end of a shard; it then starts
      // there in the shard's children, too.
      followers.push_back(
          {shard.id, shard.hash_first, shard.hash_last, std::max(shard.begin, cursor.position)});
    }
  }
  return followers;
}

void SortByHash(std::vector<ReaderCursor>& cursors) {
  std::sort(cursors.begin(), cursors.end(), [](const ReaderCursor& a, const ReaderCursor& b) {
    return a.hash_first < b.hash_first;
  });
}

// Removes the text up to the next `separator`, or all of it, and returns what it removed without
// the separator.
std::string_view Cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

void AppendHash(std::uint64_t hash, std::string& text) {
  text.append(1 + kHashDigits, ',');
  WriteHex(hash, std::span(text).last<kHashDigits>());
}

std::optional<std::uint64_t> ParseHash(std::string_view text) {
  std::uint64_t hash = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, hash, kHexadecimal);
  const bool good = text.size() == kHashDigits && parsed.ec == std::errc() && parsed.ptr == end;
  return good ? std::optional(hash) : std::nullopt;
}

std::optional<ReaderCursor> ParseCursor(std::string_view text, Micros creation) {
  const std::optional<ShardId> shard = ShardId::Parse(Cut(text, ','));
  const std::optional<std::uint64_t> first = ParseHash(Cut(text, ','));
  const std::optional<std::uint64_t> last = ParseHash(Cut(text, ','));
  const std::optional<std::uint64_t> number = ParseSequenceNumber(creation, text);
  if (!shard.has_value() || !first.has_value() || !last.has_value() || !number.has_value() ||
      *first > *last || *number % kNumbersPerPosition != 0) {
    return std::nullopt;
  }
  return ReaderCursor{*shard, *first, *last, *number / kNumbersPerPosition};
}

// Whether the cursors' hash ranges ascend and do not overlap, and the cursors agree with the
// stream's shards, as far as those are not forgotten, and with the end of its log.
bool AreOf(const std::vector<ReaderCursor>& cursors, const std::vector<Shard>& shards,
           std::uint64_t log_end) {
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    const ReaderCursor& cursor = cursors[i];
    const Shard* shard = Find(shards, cursor.shard);
    const bool same_range = shard == nullptr || (shard->hash_first == cursor.hash_first &&
                                                 shard->hash_last == cursor.hash_last);
    if (!same_range || cursor.position > log_end ||
        (i > 0 && cursor.hash_first <= cursors[i - 1].hash_last)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Outcome<Reader> Reader::Subscribe(StreamPtr stream, const ReaderStart& start, Micros now) {
  using Type = ReaderStart::Type;
  const IteratorStart where{start.type == Type::kLatest        ? IteratorType::kLatest
                            : start.type == Type::kAtTimestamp ? IteratorType::kAtTimestamp
                                                               : IteratorType::kTrimHorizon,
                            {},
                            start.timestamp};
  Reader reader(std::move(stream));
  const std::vector<Shard> shards = reader.stream_->Shards();
  for (const Shard& shard : shards) {
    if (start.type == Type::kLatest ? !shard.open() && !shard.vacant : !IsRoot(shards, shard)) {
      continue;
    }
    const Outcome<std::uint64_t> position = reader.stream_->PositionOf(shard.id, where, now);
    if (!position.ok() && position.error().kind != Fault::Kind::kShardMissing) {
      return position.error();
    }
    // If the shard was forgotten meanwhile, Read and Advance find its followers.
    reader.cursors_.push_back({shard.id, shard.hash_first, shard.hash_last,
                               position.ok() ? position.value() : shard.begin});
  }
  SortByHash(reader.cursors_);
  return reader;
}

std::string_view Reader::StreamOf(std::string_view checkpoint) {
  if (!checkpoint.starts_with(kVersion)) {
    return {};
  }
  checkpoint.remove_prefix(kVersion.size());
  Cut(checkpoint, '|');  // the data set
  return Cut(checkpoint, '|');
}

Outcome<Reader> Reader::Resume(StreamPtr stream, std::string_view checkpoint) {
  if (!checkpoint.starts_with(kVersion)) {
    return NoCheckpoint();
  }
  checkpoint.remove_prefix(kVersion.size());
  if (ParseHash(Cut(checkpoint, '|')) != stream->info().data_set ||
      Cut(checkpoint, '|') != stream->info().arn) {
    return NoCheckpoint();
  }
  Reader reader(std::move(stream));
  while (!checkpoint.empty()) {
    const std::optional<ReaderCursor> cursor =
        ParseCursor(Cut(checkpoint, '|'), reader.stream_->info().creation_time);
    if (!cursor.has_value() || reader.cursors_.size() == limits::kMaxStreamShards) {
      return NoCheckpoint();
    }
    reader.cursors_.push_back(*cursor);
  }
  if (!AreOf(reader.cursors_, reader.stream_->Shards(), reader.stream_->log_end())) {
    return NoCheckpoint();
  }
  return reader;
}

Outcome<ReaderPage> Reader::Read(const ReaderCursor& cursor, std::size_t limit, Micros now) const {
  ReaderPage page;
  page.shard = cursor.shard;
  page.from = cursor.position;
  page.seen_to = stream_->log_end();
  Outcome<ShardPage> read = stream_->Read(cursor.shard, cursor.position, limit, now);
  if (!read.ok() && read.error().kind == Fault::Kind::kTrimmed) {
    page.lost = true;
    const Outcome<std::uint64_t> horizon = stream_->PositionOf(cursor.shard, {}, now);
    if (horizon.ok()) {
      page.next = horizon.value();  // stays if those records, too, are trimmed before they are read
      read = stream_->Read(cursor.shard, horizon.value(), limit, now);
    }
  }
  if (!read.ok() && read.error().kind == Fault::Kind::kRecordUnreadable) {
    return std::move(read).error();
  }
  if (read.ok()) {
    page.changes = std::move(read.value().changes);
    page.next = read.value().next;
  } else if (read.error().kind == Fault::Kind::kShardMissing) {
    // The shard is forgotten, so all its records were trimmed. The reader missed some of them if it
    // stands before the begin of a follower.
    const std::vector<ReaderCursor> followers = Followers(stream_->Shards(), cursor);
    page.next = std::nullopt;
    page.lost = page.lost || std::any_of(followers.begin(), followers.end(), [&](const auto& next) {
                  return next.position > cursor.position;
                });
  }
  return page;
}

void Reader::Advance(const ReaderPage& page) {
  const auto cursor =
      std::find_if(cursors_.begin(), cursors_.end(), [&](const ReaderCursor& candidate) {
        return candidate.shard == page.shard && candidate.position == page.from;
      });
  if (cursor == cursors_.end()) {
    return;
  }
  if (page.next.has_value()) {
    cursor->position = *page.next;
    return;
  }
  const std::vector<Shard> shards = stream_->Shards();
  std::vector<ReaderCursor> followers = Followers(shards, *cursor);
  const Shard* shard = Find(shards, page.shard);
  if (followers.empty() && shard != nullptr && shard->vacant) {
    // The shard's child opens with the next record of its range, which is at `seen_to` or later.
    cursor->position = std::max(cursor->position, page.seen_to);
    return;
  }
  cursors_.erase(cursor);
  cursors_.insert(cursors_.end(), followers.begin(), followers.end());
  SortByHash(cursors_);
}

std::string Reader::Checkpoint() const {
  std::string text(kVersion);
  text.append(kHashDigits, '0');
  WriteHex(stream_->info().data_set, std::span(text).last<kHashDigits>());
  text.append(1, '|').append(stream_->info().arn);
  for (const ReaderCursor& cursor : cursors_) {
    text += '|';
    text += cursor.shard.ToString();
    AppendHash(cursor.hash_first, text);
    AppendHash(cursor.hash_last, text);
    text += ',';
    text += stream_->SequenceNumberOf(cursor.position);
  }
  return text;
}

std::uint64_t Reader::SeenTo() const {
  std::uint64_t seen_to = stream_->log_end();
  for (const ReaderCursor& cursor : cursors_) {
    seen_to = std::min(seen_to, cursor.position);
  }
  return seen_to;
}

storage::LogWait Reader::WakeAfter(std::function<void()> wake) const {
  return stream_->WakeAfter(SeenTo(), std::move(wake));
}

}  // namespace weir::stream
