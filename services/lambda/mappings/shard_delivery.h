// SPDX-License-Identifier: Apache-2.0
// ShardDelivery: how far a mapping has come in one shard, and the batches that it makes there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/change.h"
#include "core/clock.h"
#include "services/lambda/mappings/batch.h"
#include "services/lambda/mappings/mapping.h"
#include "stream/reader.h"

namespace weir::lambda {

// Appends a record as functions get it: a JSON object.
using RecordFormat =
    std::function<void(const stream::Stream& stream, const Change& change, std::string& out)>;

// The most bytes of an invocation's payload.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{6} << 20U;

// A shard's records are either done (before the reader's cursor), in `waiting` batches, or
// collected for the next batch, in this order. Not thread-safe.
class ShardDelivery {
 public:
  explicit ShardDelivery(const stream::ReaderCursor& cursor) : cursor_(cursor), ahead_(cursor) {}

  // The reader's cursor in the shard.
  [[nodiscard]] const stream::ReaderCursor& cursor() const { return cursor_; }
  // To be called when that has moved, because a batch or what was passed over is done.
  void MoveTo(const stream::ReaderCursor& cursor);

  // What Collect found.
  struct Found {
    std::uint64_t filtered = 0;  // records that the filter has dropped
    bool lost = false;           // records were trimmed before they were read
    bool more = false;           // it ended although there may be more records
  };
  // Reads records, after those collected, until there are enough for a batch or no more, but not
  // for long.
  stream::Outcome<Found> Collect(const stream::Reader& reader, const DeliverySettings& settings,
                                 const RecordFormat& format, Micros now);
  // Whether nothing was collected; `passed` is then the page of what was passed over, if there is
  // something.
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::optional<stream::ReaderPage> PassedOver() const;
  // When the collected records, of which there are some, are to be sent.
  [[nodiscard]] Micros DueAt(const DeliverySettings& settings) const;
  // Makes a batch of what was collected, which is not empty.
  [[nodiscard]] Batch Take();
  [[nodiscard]] std::size_t bytes() const { return text_.size(); }
  // Forgets what was collected; it is read again.
  void Recollect();

  std::deque<Batch> waiting;  // the first is sent at `due`, or is under way
  Micros due{0};
  bool under_way = false;
  int failures = 0;   // in a row
  std::string error;  // what the function answered last; cut

 private:
  enum class Reading : std::uint8_t { kGoesOn, kNoMore, kFull };
  // Adds the records of a page.
  Reading Add(const stream::ReaderPage& page, const stream::Stream& stream,
              const DeliverySettings& settings, const RecordFormat& format, Found& found);

  stream::ReaderCursor cursor_;
  stream::ReaderCursor ahead_;  // after the records that were read
  bool ended_ = false;          // the shard has no more records after `ahead_`
  std::uint64_t seen_to_ = 0;
  std::string text_;
  std::vector<BatchRecord> records_;
  Micros opened_{0};   // when the first of `records_` was read
  bool full_ = false;  // no more records fit into the batch
};

}  // namespace weir::lambda
