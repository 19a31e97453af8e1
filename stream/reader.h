// SPDX-License-Identifier: Apache-2.0
// Reader: one consumer's way through a stream, over all of its shards.
//
// A reader does what GetRecords leaves to its caller: to begin in every shard, to go on in a
// shard's children once all of the shard is read, and to begin again where an earlier reader left
// off. It stands in several shards at a time, whose hash ranges do not overlap. A shard is read to
// its end before its children, so the records of one key come in order, however often shards split
// and rotate.
//
// Reading and moving on are two steps, so that a consumer that fails can read its records again:
//
// clang-format off
//   for (const ReaderCursor& cursor : reader.cursors()) {
//     pages.push_back(reader.Read(cursor, …));
//   }
//   …                               // deliver the records of a page
//   reader.Advance(page);           // done with them
//   Save(reader.Checkpoint());      // for Resume
//   wait = reader.WakeAfter(…);     // nothing more to read: wait for the next record
// clang-format on
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.h"
#include "storage/change_log.h"
#include "stream/fault.h"
#include "stream/shard.h"
#include "stream/stream_catalogue.h"

namespace weir::stream {

// Where a new reader starts.
struct ReaderStart {
  enum class Type : std::uint8_t { kTrimHorizon, kLatest, kAtTimestamp };
  Type type = Type::kTrimHorizon;
  Micros timestamp{0};  // for kAtTimestamp
};

// Where a reader stands in one shard: it is done with all records before `position`. The cursor has
// the shard's hash range, too, as the shard may be forgotten before the reader comes to its end.
struct ReaderCursor {
  ShardId shard;
  std::uint64_t hash_first = 0;
  std::uint64_t hash_last = UINT64_MAX;
  std::uint64_t position = 0;
};

// Records of one shard, in order.
struct ReaderPage {
  ShardId shard;
  std::uint64_t from = 0;  // the cursor's position
  std::vector<Change> changes;
  // Where the cursor goes on; nullopt if the shard is closed and this is its last page.
  std::optional<std::uint64_t> next;
  // The end of the log when the page was read.
  std::uint64_t seen_to = 0;
  // Whether records from `from` on were dropped before they were read, because their 24 hours were
  // over or the streams took too much memory.
  bool lost = false;
};

// Not thread-safe, unlike its stream.
class Reader {
 public:
  // Makes a reader at `start`. With kLatest it stands in the open and the vacant shards, else in
  // the oldest that are kept. Fails with kTimestampInFuture if the timestamp is after `now`.
  static Outcome<Reader> Subscribe(StreamPtr stream, const ReaderStart& start, Micros now);
  // Makes a reader where another stood when it returned `checkpoint`. Fails with kCheckpointInvalid
  // if the text is not a checkpoint, or is one of another stream.
  static Outcome<Reader> Resume(StreamPtr stream, std::string_view checkpoint);
  // The stream's ARN in a checkpoint, which it borrows; empty if the text is not a checkpoint. Does
  // not check the rest of the text.
  static std::string_view StreamOf(std::string_view checkpoint);

  [[nodiscard]] const StreamPtr& stream() const { return stream_; }
  // One cursor for each shard that can be read now. Empty once the stream is disabled and read to
  // its end.
  [[nodiscard]] const std::vector<ReaderCursor>& cursors() const { return cursors_; }
  [[nodiscard]] bool finished() const { return cursors_.empty(); }

  // Reads up to `limit` records from the cursor on, and does not move it. Like Stream::Read, it may
  // return no records although more follow. If records were trimmed before they were read, it skips
  // them and sets `lost`. Fails with kRecordUnreadable.
  [[nodiscard]] Outcome<ReaderPage> Read(const ReaderCursor& cursor, std::size_t limit,
                                         Micros now) const;
  // Moves past the records of a page. At the end of a shard, its children take its place. Does
  // nothing if no cursor stands where the page begins.
  void Advance(const ReaderPage& page);

  // Where the reader stands, as text that may be kept outside of the process. It has some 100
  // characters per shard:
  //
  // checkpoint := "2|" data-set "|" stream-arn cursor*
  // cursor     := "|" shard-id "," first-hash "," last-hash "," sequence-number
  //
  // Data set and hashes are 16 hex digits.
  [[nodiscard]] std::string Checkpoint() const;

  // Whether there may be more to read now.
  [[nodiscard]] bool behind() const { return SeenTo() < stream_->log_end(); }
  // Calls `wake` once, as soon as there may be more to read or when the stream is disabled. See
  // ChangeLog::WakeAfter.
  [[nodiscard]] storage::LogWait WakeAfter(std::function<void()> wake) const;

 private:
  explicit Reader(StreamPtr stream) : stream_(std::move(stream)) {}
  // The log position up to which all cursors have read.
  [[nodiscard]] std::uint64_t SeenTo() const;
  StreamPtr stream_;
  std::vector<ReaderCursor> cursors_;  // by hash range
};

}  // namespace weir::stream
