// SPDX-License-Identifier: Apache-2.0
#include "storage/table.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace weir::storage {

Table::Table(TableDescription description, Engine& engine, const Clock& clock)
    : engine_(engine),
      clock_(clock),
      key_schema_(description.key_schema),
      description_(std::make_shared<const TableDescription>(std::move(description))),
      items_(engine.NewSpace()) {}

TableDescriptionPtr Table::description() const {
  const ReaderLock lock(mutex_);
  return description_;
}

Table::Statistics Table::statistics() const {
  const ReaderLock lock(mutex_);
  return statistics_;
}

Status Table::CheckPresent() const {
  if (dropped_) {
    return TableNotFound();
  }
  return {};
}

Result<Item> Table::Get(const PrimaryKey& key) const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  return items_->Get(key.bytes());
}

Result<std::unique_ptr<SpaceView>> Table::Snapshot() const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  return items_->Snapshot();
}

Result<WriteResult> Table::Write(const PrimaryKey& key, const Mutation& mutation, Origin origin) {
  WriteResult result;
  CommitTicket ticket = 0;
  {
    const WriterLock lock(mutex_);
    WEIR_RETURN_IF_ERROR(CheckPresent());
    result.before = items_->Get(key.bytes());
    WEIR_ASSIGN_OR_RETURN(result.after, mutation.Apply(result.before));
    if (result.after.SameContent(result.before)) {
      return result;
    }
    latest_write_ = std::max(latest_write_, clock_.Now());
    if (result.after) {
      result.after.Stamp(latest_write_, origin);
    }
    const std::array<RecordWrite, 1> writes{{{items_.get(), key.bytes(), result.after}}};
    ticket = engine_.Commit(writes);
    Account(result.before, result.after);
    log_->Append({.sequence = 0,
                  .key_hash = key.hash(),
                  .before = result.before,
                  .after = result.after,
                  .time = latest_write_,
                  .origin = origin});
  }
  engine_.WaitDurable(ticket);
  return result;
}

void Table::Account(const Item& before, const Item& after) {
  statistics_.item_count += (after ? 1U : 0U);
  statistics_.item_count -= (before ? 1U : 0U);
  statistics_.size_bytes += after.aws_size();
  statistics_.size_bytes -= before.aws_size();
}

Result<TableDescriptionPtr> Table::Alter(const DescriptionChange& change) {
  const WriterLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  auto next = std::make_shared<TableDescription>(*description_);
  WEIR_RETURN_IF_ERROR(change(*next));
  description_ = std::move(next);
  return description_;
}

Result<TableDescriptionPtr> Table::Drop(const DropCheck& check) {
  const WriterLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  WEIR_RETURN_IF_ERROR(check(*description_));
  dropped_ = true;
  return description_;
}

ApiError TableNotFound() {
  return MakeError(ErrorCode::kResourceNotFound, "Requested resource not found");
}

ApiError TableNotFound(std::string_view name) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: Table: " + std::string(name) + " not found");
}

}  // namespace weir::storage
