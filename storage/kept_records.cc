// SPDX-License-Identifier: Apache-2.0
#include "storage/kept_records.h"

#include <utility>

#include "core/record.h"

namespace weir::storage {
namespace {

struct KeptRecord {
  std::string kind;
  std::string key;
  std::optional<std::string> value;  // nullopt: the record is removed
};

std::string MakeRow(std::string_view kind, std::string_view key,
                    const std::optional<std::string>& value) {
  std::string row;
  RecordWriter(row).Write(std::string(kind), std::string(key), value);
  return row;
}

std::optional<KeptRecord> ReadRow(std::string_view row) {
  RecordReader reader(row);
  KeptRecord record;
  reader.Read(record.kind, record.key, record.value);
  return reader.finished() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace

void KeptRecords::Put(std::string_view kind, std::string_view key, std::string value) {
  const std::string row = engine_.durable() ? MakeRow(kind, key, value) : std::string();
  Key place(kind, key);
  Value kept = std::make_shared<const std::string>(std::move(value));
  const MutexLock lock(mutex_);
  if (engine_.durable()) {
    engine_.Keep(RowKind::kRecord, row);
  }
  records_.insert_or_assign(std::move(place), std::move(kept));
}

void KeptRecords::Remove(std::string_view kind, std::string_view key) {
  const MutexLock lock(mutex_);
  if (records_.erase(Key(kind, key)) != 0 && engine_.durable()) {
    engine_.Keep(RowKind::kRecord, MakeRow(kind, key, std::nullopt));
  }
}

std::optional<std::string> KeptRecords::Get(std::string_view kind, std::string_view key) const {
  const MutexLock lock(mutex_);
  const auto found = records_.find(Key(kind, key));
  return found == records_.end() ? std::nullopt : std::optional(*found->second);
}

std::vector<KeptRecords::Record> KeptRecords::All(std::string_view kind) const {
  std::vector<Record> all;
  const MutexLock lock(mutex_);
  for (auto at = records_.lower_bound(Key(kind, ""));
       at != records_.end() && at->first.first == kind; ++at) {
    all.push_back({at->first.second, *at->second});
  }
  return all;
}

bool KeptRecords::Adopt(std::string_view row) {
  std::optional<KeptRecord> record = ReadRow(row);
  if (!record.has_value()) {
    return false;
  }
  const MutexLock lock(mutex_);
  Key key(std::move(record->kind), std::move(record->key));
  if (record->value.has_value()) {
    records_.insert_or_assign(std::move(key),
                              std::make_shared<const std::string>(*std::move(record->value)));
  } else {
    records_.erase(key);
  }
  return true;
}

bool KeptRecords::IsRow(std::string_view row) {
  return ReadRow(row).has_value();
}

std::map<KeptRecords::Key, KeptRecords::Value> KeptRecords::Snapshot() const {
  const MutexLock lock(mutex_);
  return records_;
}

std::string KeptRecords::RowOf(const Key& key, const Value& value) {
  return MakeRow(key.first, key.second, *value);
}

}  // namespace weir::storage
