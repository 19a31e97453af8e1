// SPDX-License-Identifier: Apache-2.0
// Reader: one consumer's way through a stream, over all of its shards.
//
// What GetRecords leaves to its caller is done here: to begin in every shard, to go on in the
// children of a shard once all of it is read, and to begin again where one left off. A reader
// stands in several shards at a time, whose hash ranges do not overlap; as a shard's children come
// after it, the records of one key come in order however often their shard splits and rotates.
//
// Reading and moving on are two steps, so that a consumer that fails reads the same records again:
//
// clang-format off
//   for (const ReaderCursor& cursor : reader.cursors()) {
//     pages.push_back(reader.Read(cursor, …));
//   }
//   …                               // deliver the records of a page
//   reader.Advance(page);           // done with them
//   Save(reader.Checkpoint());      // and Resume from there
//   wait = reader.WakeAfter(…);     // nothing more to read: woken by the next record
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
  Micros timestamp{0};  // of kAtTimestamp
};

// Where a reader stands in one shard: everything before `position` is done with. The hash range is
// that of the shard, which may be forgotten before the reader comes to its end.
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
  // Where the cursor goes on; none when the shard is closed and this is its end.
  std::optional<std::uint64_t> next;
  // Up to where the log was looked at.
  std::uint64_t seen_to = 0;
  // Records from `from` on went, after their 24 hours or for want of memory, before they were read.
  bool lost = false;
};

// Not thread-safe; the stream it reads is.
class Reader {
 public:
  // Starts in all shards that the stream has at that point. kTimestampInFuture for a timestamp
  // to come.
  static Outcome<Reader> Subscribe(StreamPtr stream, const ReaderStart& start, Micros now);
  // Goes on where the reader stood whose Checkpoint this is. kCheckpointInvalid if it is not
  // a checkpoint, or one of another stream.
  static Outcome<Reader> Resume(StreamPtr stream, std::string_view checkpoint);
  // The ARN of the stream that a checkpoint is of; empty if it is none.
  static std::string_view StreamOf(std::string_view checkpoint);

  [[nodiscard]] const StreamPtr& stream() const { return stream_; }
  // One for each shard that can be read now. None when the stream is disabled and all is read.
  [[nodiscard]] const std::vector<ReaderCursor>& cursors() const { return cursors_; }
  [[nodiscard]] bool finished() const { return cursors_.empty(); }

  // Up to `limit` records from the cursor on; moves nothing. Like Stream::Read it may return none
  // although more follow. Records that are gone are passed over, and it says so.
  [[nodiscard]] ReaderPage Read(const ReaderCursor& cursor, std::size_t limit, Micros now) const;
  // The page's records are done with. At the end of a shard its children take its place. Does
  // nothing for a page that does not begin where the reader stands.
  void Advance(const ReaderPage& page);

  // checkpoint := "2|" data-set "|" stream-arn cursor*
  // cursor     := "|" shard-id "," first-hash "," last-hash "," sequence-number
  //
  // Data set and hashes are 16 hex digits. Text to be kept outside of the process, some 100
  // characters a shard.
  [[nodiscard]] std::string Checkpoint() const;

  // Whether there may be more to read at once.
  [[nodiscard]] bool behind() const { return SeenTo() < stream_->log_end(); }
  // Calls `wake` once when there may be more to read, or the stream was disabled; see
  // ChangeLog::WakeAfter.
  [[nodiscard]] storage::LogWait WakeAfter(std::function<void()> wake) const;

 private:
  explicit Reader(StreamPtr stream) : stream_(std::move(stream)) {}
  // Up to where the log is known in all shards.
  [[nodiscard]] std::uint64_t SeenTo() const;
  StreamPtr stream_;
  std::vector<ReaderCursor> cursors_;  // by hash range
};

}  // namespace weir::stream
