// SPDX-License-Identifier: Apache-2.0
// KeptRecords: small records of the services, by kind and key, which outlive the process if there
// is a data folder.
//
// A record is kept in the journal, in one order with the changes of items. So a checkpoint that a
// consumer keeps here after it has read a change is never there after a crash without that change.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"
#include "storage/engine.h"

namespace weir::storage {

// Thread-safe. All records are in memory, too, so their owners bound their number and size.
class KeptRecords {
 public:
  // `engine` must outlive it.
  explicit KeptRecords(Engine& engine) : engine_(engine) {}

  // `kind` says whose record it is, as "lambda.function"; kinds and keys are any bytes.
  void Put(std::string_view kind, std::string_view key, std::string value);
  void Remove(std::string_view kind, std::string_view key);
  [[nodiscard]] std::optional<std::string> Get(std::string_view kind, std::string_view key) const;
  // All records of a kind, in the order of their keys.
  struct Record {
    std::string key;
    std::string value;
  };
  [[nodiscard]] std::vector<Record> All(std::string_view kind) const;

  // Takes up the payload of a row (RowKind::kRecord) of an earlier process. False if it makes no
  // sense.
  bool Adopt(std::string_view row);
  // Whether the payload of such a row makes sense.
  [[nodiscard]] static bool IsRow(std::string_view row);
  // The records as they are now, whose rows may be written later. Takes no copy of their values.
  using Key = std::pair<std::string, std::string>;  // kind and key
  using Value = std::shared_ptr<const std::string>;
  [[nodiscard]] std::map<Key, Value> Snapshot() const;
  [[nodiscard]] static std::string RowOf(const Key& key, const Value& value);

 private:
  Engine& engine_;
  mutable Mutex mutex_;
  std::map<Key, Value> records_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::storage
