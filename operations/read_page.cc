// SPDX-License-Identifier: Apache-2.0
#include "operations/read_page.h"

#include <memory>
#include <utility>

#include "core/limits.h"
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
  [[nodiscard]] const Item& item() const { return cursor_->item(); }
  void Next() { forward_ ? cursor_->Next() : cursor_->Previous(); }

 private:
  const std::unique_ptr<storage::Cursor> cursor_;
  const KeySpan& span_;
  const bool forward_;
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
  for (SpanCursor cursor(*view, request); cursor.valid(); cursor.Next()) {
    const Item& item = cursor.item();
    ++page.scanned_count;
    page.scanned_bytes += item.aws_size();
    if (!plan.filter.has_value() || plan.filter->Evaluate(item.attributes())) {
      ++page.count;
      if (page.items.has_value()) {
        page.items->push_back(
            plan.projection.has_value() ? plan.projection->Apply(item.attributes()) : item);
      }
    }
    if (page.scanned_count == request.limit || page.scanned_bytes > limits::kPageSize) {
      page.last_evaluated_key = KeyAttributes{item, &table->key_schema()};
      break;
    }
  }
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
