// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/read_page.h"

#include <memory>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {
namespace {

// A cursor that walks a span in one direction.
class SpanCursor {
 public:
  SpanCursor(const storage::SpaceView& view, const PageRequest& request)
      : cursor_(view.NewCursor()), span_(request.span), forward_(request.forward) {
    if (forward_) {
      cursor_->Seek(span_.low);
      return;
    }
    if (span_.high.has_value()) {
      cursor_->Seek(*span_.high);
    }
    // Goes to the last key before the end of the span. If no key is at that end or after it, Seek
    // has left the cursor invalid, and the last key of all is the one.
    if (span_.high.has_value() && cursor_->valid()) {
      cursor_->Previous();
    } else {
      cursor_->SeekToLast();
    }
  }

  [[nodiscard]] bool valid() const { return cursor_->valid() && span_.Contains(cursor_->key()); }
  [[nodiscard]] std::string_view key() const { return cursor_->key(); }
  [[nodiscard]] const Item& item() const { return cursor_->item(); }
  void Next() { forward_ ? cursor_->Next() : cursor_->Previous(); }

 private:
  const std::unique_ptr<storage::Cursor> cursor_;
  const KeySpan& span_;
  const bool forward_;
};

// Counts the bytes that a page reads from each partition. Partitions are equal slices of the range
// of hashes.
class UnitMeter {
 public:
  explicit UnitMeter(std::int64_t partitions) : bytes_(static_cast<std::size_t>(partitions)) {}

  void Add(std::string_view key, std::size_t size) { bytes_[PartitionOf(key)] += size; }

  // Units for all partitions of the request's span, or only up to the partition of `last_key` if
  // the page ended there. `last_key` is empty if the page reached the end of the span.
  [[nodiscard]] double Units(const PageRequest& request, std::string_view last_key) const {
    std::size_t first = PartitionOf(request.span.low);
    std::size_t last = bytes_.size() - 1;
    if (request.span.high.has_value()) {
      last = PartitionBefore(*request.span.high);
    }
    if (!last_key.empty()) {
      (request.forward ? last : first) = PartitionOf(last_key);
    }
    double units = 0;
    for (std::size_t i = first; i <= last; ++i) {
      units += ReadUnits(bytes_[i], request.consistent);
    }
    return units;
  }

 private:
  static constexpr std::size_t kHashSize = sizeof(std::uint64_t);

  [[nodiscard]] std::size_t PartitionOf(std::string_view key) const {
    return PartitionOfHash(key.size() < kHashSize ? 0 : PrimaryKey::HashOf(key));
  }
  // The partition of the last key that is less than `key`. If `key` is a bare hash (the end of a
  // segment), all keys with that hash are greater, so the last key has a lesser hash.
  [[nodiscard]] std::size_t PartitionBefore(std::string_view key) const {
    const std::uint64_t hash = PrimaryKey::HashOf(key);
    return PartitionOfHash(key.size() == kHashSize && hash > 0 ? hash - 1 : hash);
  }
  [[nodiscard]] std::size_t PartitionOfHash(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<Wide>(hash) * bytes_.size()) >> 64U);
  }

  std::vector<std::size_t> bytes_;
};

// How much of the 1 MB of a page the items read take.
class PageSize {
 public:
  PageSize(const ReadTarget& target, const PageRequest& request)
      : target_(target), fetches_(request.fetches) {}

  // `entry` is what the table or index holds, `shown` what the request sees: the entry, or the
  // whole item if that is fetched.
  void Add(const Item& entry, const Item& shown) {
    read_bytes_ += target_.StoredSizeOf(entry);
    if (fetches_) {
      fetched_bytes_ += WholeUnits(shown.aws_size());
    }
  }

  // With fetches, sizes are rounded up to units of 4 KB: each fetched item by itself, the entries
  // of the index as a whole.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
  [[nodiscard]] std::size_t bytes() const {
    return (fetches_ ? WholeUnits(read_bytes_) : read_bytes_) + fetched_bytes_;
  }
  [[nodiscard]] bool full() const { return bytes() >= limits::kPageSize; }

 private:
  static std::size_t WholeUnits(std::size_t bytes) {
    return (bytes + limits::kReadUnitSize - 1) / limits::kReadUnitSize * limits::kReadUnitSize;
  }

  const ReadTarget& target_;
  const bool fetches_;
  std::size_t read_bytes_ = 0;
  std::size_t fetched_bytes_ = 0;
};

// The capacity that a page takes from the table and the index that it reads.
class PageCharge {
 public:
  PageCharge(const ReadTarget& target, const PageRequest& request)
      : target_(target), request_(request), meter_(target.partitions()) {}

  // `entry` is what the table or index holds under `key`; `shown` as for PageSize.
  void Add(std::string_view key, const Item& entry, const Item& shown) {
    meter_.Add(key, entry.aws_size());
    if (request_.fetches) {
      fetched_units_ += ReadUnits(shown.aws_size(), request_.consistent);
    }
  }

  // `last_key` is where the page ends; empty if that is the end of the span.
  [[nodiscard]] CapacityCharge Total(std::string_view last_key) const {
    const double units = meter_.Units(request_, last_key);
    if (target_.index() == nullptr) {
      return CapacityCharge(units);
    }
    CapacityCharge charge(fetched_units_);
    charge.AddIndex(*target_.index(), units);
    return charge;
  }

 private:
  const ReadTarget& target_;
  const PageRequest& request_;
  UnitMeter meter_;
  double fetched_units_ = 0;
};

}  // namespace

Status ReadPlan::CheckKeyPaths(const storage::TableMetadata& table) const {
  if (filter.has_value()) {
    WEIR_RETURN_IF_ERROR(dynamodb::CheckKeyPaths(table, filter->attributes()));
  }
  return projection.has_value() ? dynamodb::CheckKeyPaths(table, projection->attributes())
                                : Status();
}

Result<PageResponse> ReadPage(const ReadTarget& target, const PageRequest& request,
                              const ReadPlan& plan) {
  WEIR_ASSIGN_OR_RETURN(const std::unique_ptr<storage::SpaceView> view, target.Snapshot());
  PageResponse page;
  if (!plan.count_only) {
    page.items.emplace();
  }
  PageCharge charge(target, request);
  PageSize size(target, request);
  for (SpanCursor cursor(*view, request); cursor.valid(); cursor.Next()) {
    Item projected;
    if (target.index() != nullptr) {
      projected = target.index()->projected.Of(cursor.item());
    }
    const Item& entry = target.index() == nullptr ? cursor.item() : projected;
    const Item& shown = request.fetches ? cursor.item() : entry;
    ++page.scanned_count;
    charge.Add(cursor.key(), entry, shown);
    size.Add(entry, shown);
    if (!plan.filter.has_value() || plan.filter->Evaluate(shown.attributes())) {
      ++page.count;
      if (page.items.has_value()) {
        page.items->push_back(expression::Projected(shown, plan.projection));
      }
    }
    if (!request.at_most_one && (page.scanned_count == request.limit || size.full())) {
      page.last_evaluated_key = target.PositionAttributes(cursor.item());
      page.charge = charge.Total(cursor.key());
      page.size = size.bytes();
      return page;
    }
  }
  page.charge = charge.Total({});
  page.size = size.bytes();
  return page;
}

void LegacyRead::MoveInto(ReadPlan& plan) && {
  if (filter.has_value()) {
    plan.filter = std::move(filter);
    plan.filter_name = "QueryFilter";  // no message names ScanFilter
  }
  if (projection.has_value()) {
    plan.projection = std::move(projection);
  }
}

Status CheckSelect(std::optional<Select> select, std::string_view projection, bool has_index) {
  if (!select.has_value()) {
    return {};
  }
  const auto fault = [](std::string message) {
    return InEnvelope(ValidationError(std::move(message)));
  };
  const auto refuse_projection = [&](std::string_view choice) {
    return projection.empty() ? Status()
                              : Status(fault("Cannot specify the " + std::string(projection) +
                                             " when choosing to get " + std::string(choice)));
  };
  switch (*select) {
    case Select::kCount:
      return refuse_projection("only the Count");
    case Select::kAllAttributes:
      return refuse_projection("ALL_ATTRIBUTES");
    case Select::kAllProjectedAttributes:
      WEIR_RETURN_IF_ERROR(refuse_projection("ALL_PROJECTED_ATTRIBUTES"));
      if (!has_index) {
        return fault("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
      }
      return {};
    case Select::kSpecificAttributes:
      if (projection.empty()) {
        return fault(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
      }
      return {};
  }
  return {};
}

Result<std::optional<KeyPosition>> StartOf(const ReadTarget& target, const StartKey& start_key) {
  if (!start_key.key) {
    return std::optional<KeyPosition>();
  }
  WEIR_ASSIGN_OR_RETURN(KeyPosition position, target.PositionOf(start_key.key.attributes()));
  return std::optional<KeyPosition>(std::move(position));
}

}  // namespace weir::dynamodb
