// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/shard_delivery.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocol/json_tree.h"

namespace weir::lambda {
namespace {

// How many records are read in one go, and in one call of Collect, before the other shards have
// their turn.
constexpr std::size_t kPageRecords = 1000;
constexpr int kPages = 12;
constexpr std::size_t kEnvelopeBytes = std::string_view(R"({"Records":[]})").size();

bool Passes(const consumers::FilterCriteria& filter, std::string_view record) {
  if (filter.empty()) {
    return true;
  }
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(record);
  return tree.has_value() && filter.Passes(tree->root());
}

}  // namespace

void ShardDelivery::MoveTo(const stream::ReaderCursor& cursor) {
  cursor_ = cursor;
  if (waiting.empty() && records_.empty()) {
    ahead_ = cursor;
    ended_ = false;
  }
}

stream::Outcome<ShardDelivery::Found> ShardDelivery::Collect(const stream::Reader& reader,
                                                             const DeliverySettings& settings,
                                                             const RecordFormat& format,
                                                             Micros now) {
  Found found;
  const auto batch_size = static_cast<std::size_t>(settings.batch_size);
  for (int i = 0; i < kPages; ++i) {
    if (ended_ || full_ || records_.size() >= batch_size) {
      return found;
    }
    const bool was_empty = records_.empty();
    const std::size_t limit = settings.filter.empty()
                                  ? std::min(batch_size - records_.size(), kPageRecords)
                                  : kPageRecords;
    WEIR_ASSIGN_OR_RETURN(const stream::ReaderPage page, reader.Read(ahead_, limit, now));
    found.lost = found.lost || page.lost;
    const Reading reading = Add(page, *reader.stream(), settings, format, found);
    opened_ = was_empty ? now : opened_;
    if (reading != Reading::kGoesOn) {
      return found;
    }
  }
  found.more = true;
  return found;
}

ShardDelivery::Reading ShardDelivery::Add(const stream::ReaderPage& page,
                                          const stream::Stream& stream,
                                          const DeliverySettings& settings,
                                          const RecordFormat& format, Found& found) {
  seen_to_ = page.seen_to;
  for (const Change& change : page.changes) {
    const std::size_t before = text_.size();
    const std::size_t begin = before + (records_.empty() ? 0 : 1);
    text_.append(begin - before, ',');
    format(stream, change, text_);
    if (!Passes(settings.filter, std::string_view(text_).substr(begin))) {
      text_.resize(before);
      ++found.filtered;
      continue;
    }
    const bool fits = text_.size() + kEnvelopeBytes <= kMaxPayloadBytes &&
                      records_.size() < static_cast<std::size_t>(settings.batch_size);
    if (!fits && !records_.empty()) {
      text_.resize(before);
      ahead_.position = change.sequence;
      full_ = true;
      return Reading::kFull;
    }
    records_.push_back({begin, text_.size(), change.sequence, change.time});
  }
  if (!page.next.has_value()) {
    ended_ = true;
    return Reading::kNoMore;
  }
  const bool moved = *page.next != ahead_.position;
  ahead_.position = *page.next;
  return moved && ahead_.position < page.seen_to ? Reading::kGoesOn : Reading::kNoMore;
}

std::optional<stream::ReaderPage> ShardDelivery::PassedOver() const {
  if (!ended_ && ahead_.position == cursor_.position) {
    return std::nullopt;
  }
  stream::ReaderPage page;
  page.shard = cursor_.shard;
  page.from = cursor_.position;
  page.next = ended_ ? std::nullopt : std::optional(ahead_.position);
  page.seen_to = seen_to_;
  return page;
}

Micros ShardDelivery::DueAt(const DeliverySettings& settings) const {
  const bool complete = full_ || ended_ ||
                        records_.size() >= static_cast<std::size_t>(settings.batch_size) ||
                        text_.size() + kEnvelopeBytes >= kMaxPayloadBytes;
  return complete ? opened_ : opened_ + settings.batching_window;
}

Batch ShardDelivery::Take() {
  Batch batch(
      std::exchange(text_, {}), std::exchange(records_, {}),
      {.next = ended_ ? std::nullopt : std::optional(ahead_.position), .seen_to = seen_to_});
  full_ = false;
  return batch;
}

void ShardDelivery::Recollect() {
  text_.clear();
  records_.clear();
  full_ = false;
  ended_ = false;
  ahead_ = cursor_;
  // What waits comes before it.
  if (!waiting.empty()) {
    const Batch::End& end = waiting.back().end();
    ended_ = !end.next.has_value();
    ahead_.position = end.next.value_or(ahead_.position);
  }
}

}  // namespace weir::lambda
