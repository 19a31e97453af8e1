// SPDX-License-Identifier: Apache-2.0
#include "operations/read_page.h"

#include <memory>
#include <utility>

#include "core/limits.h"
#include "core/stored_size.h"
#include "operations/database.h"
#include "operations/operation.h"

namespace weir::operations {
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
    // What is before the end of the span; a cursor that found no such end is behind the last key.
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

// Counts what a page reads of each partition, the partitions being equal slices of the hash range.
class UnitMeter {
 public:
  explicit UnitMeter(std::int64_t partitions) : bytes_(static_cast<std::size_t>(partitions)) {}

  void Add(std::string_view key, std::size_t size) { bytes_[PartitionOf(key)] += size; }

  // Units for all partitions of the request's span, or up to the one of `last_key` if the page
  // ended there.
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
  // Of the last key that is less than `key`: a bare hash (a segment's end) has none of its own.
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

}  // namespace

std::string KeyAfter(std::string_view key) {
  std::string after(key);
  after.push_back('\0');
  return after;
}

std::optional<std::string> KeyAfterPrefix(std::string prefix) {
  constexpr auto kLastByte = static_cast<char>(0xFF);
  while (!prefix.empty() && prefix.back() == kLastByte) {
    prefix.pop_back();
  }
  if (prefix.empty()) {
    return std::nullopt;
  }
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

Status ReadPlan::CheckKeyPaths(const KeySchema& schema) const {
  if (filter.has_value()) {
    WEIR_RETURN_IF_ERROR(operations::CheckKeyPaths(schema, filter->attributes()));
  }
  return projection.has_value() ? operations::CheckKeyPaths(schema, projection->attributes())
                                : Status();
}

Result<PageResponse> ReadPage(const storage::TablePtr& table, const PageRequest& request,
                              const ReadPlan& plan) {
  WEIR_ASSIGN_OR_RETURN(const std::unique_ptr<storage::SpaceView> view, table->Snapshot());
  PageResponse page;
  page.table = table;
  if (!plan.count_only) {
    page.items.emplace();
  }
  const KeySchema& schema = table->key_schema();
  UnitMeter meter(PartitionCount(*table->description()));
  std::size_t stored_bytes = 0;
  for (SpanCursor cursor(*view, request); cursor.valid(); cursor.Next()) {
    const Item& item = cursor.item();
    ++page.scanned_count;
    meter.Add(cursor.key(), item.aws_size());
    stored_bytes += StoredSize(schema, item.attributes());
    if (!plan.filter.has_value() || plan.filter->Evaluate(item.attributes())) {
      ++page.count;
      if (page.items.has_value()) {
        page.items->push_back(
            plan.projection.has_value() ? plan.projection->Apply(item.attributes()) : item);
      }
    }
    if (!request.at_most_one &&
        (page.scanned_count == request.limit || stored_bytes >= limits::kPageSize)) {
      page.last_evaluated_key = KeyAttributes{item, &schema};
      page.read_units = meter.Units(request, cursor.key());
      return page;
    }
  }
  page.read_units = meter.Units(request, {});
  return page;
}

Status CheckSelect(std::optional<Select> select, bool has_projection, bool has_index) {
  if (!select.has_value()) {
    return {};
  }
  const auto fault = [](std::string message) {
    return InEnvelope(ValidationError(std::move(message)));
  };
  switch (*select) {
    case Select::kCount:
      if (has_projection) {
        return fault("Cannot specify the ProjectionExpression when choosing to get only the Count");
      }
      return {};
    case Select::kAllAttributes:
      if (has_projection) {
        return fault("Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES");
      }
      return {};
    case Select::kAllProjectedAttributes:
      if (!has_index) {
        return fault("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
      }
      if (has_projection) {
        return fault(
            "Cannot specify the ProjectionExpression when choosing to get "
            "ALL_PROJECTED_ATTRIBUTES");
      }
      return {};
    case Select::kSpecificAttributes:
      if (!has_projection) {
        return fault(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
      }
      return {};
  }
  return {};
}

Result<std::optional<PrimaryKey>> StartKeyOf(const KeySchema& schema, const Item& start_key) {
  if (!start_key) {
    return std::optional<PrimaryKey>();
  }
  Result<PrimaryKey> key = PrimaryKey::OfRequest(schema, start_key.attributes());
  if (!key.ok()) {
    return ValidationError("The provided starting key is invalid");
  }
  return std::optional<PrimaryKey>(std::move(key).value());
}

Status CheckIndexName(const std::optional<std::string>& index_name) {
  if (index_name.has_value()) {
    return ValidationError("The table does not have the specified index: " + *index_name);
  }
  return {};
}

}  // namespace weir::operations
