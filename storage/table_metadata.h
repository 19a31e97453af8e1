// SPDX-License-Identifier: Apache-2.0
// What is known about a table besides its items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/key.h"
#include "storage/capacity.h"
#include "storage/index_definition.h"
#include "storage/indexed_item.h"
#include "storage/table_settings.h"

namespace weir::storage {

enum class BillingMode : std::uint8_t { kProvisioned, kPayPerRequest };
enum class TableClass : std::uint8_t { kStandard, kStandardInfrequentAccess };
enum class StreamViewType : std::uint8_t { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };

// What a table is busy with. The table's status follows from it: CREATING, UPDATING or DELETING,
// and ACTIVE for kNone.
enum class TableChange : std::uint8_t {
  kNone,
  kCreation,
  kThroughput,
  kBillingMode,
  kStream,
  kTableClass,
  kIndex,
  kDeletion,
};

// An item expires, and is deleted, once the time in its attribute `attribute`, in seconds since
// 1970, has passed.
struct TimeToLive {
  std::optional<std::string> attribute;  // nullopt while it is off
  std::optional<Micros> changed;         // when it was switched on or off last
};

// Where a table was restored from.
struct Restore {
  std::string source_backup_arn;
  std::string source_table_arn;
  Micros time{0};
  bool in_progress = false;  // item operations must not find the table yet
};

// A global index that was added to a table or removed from it, and how long that takes.
struct OnlineIndex {
  std::string name;
  // For an index that was added: until this time the service allocates its resources, and from then
  // on it fills it.
  Micros placed{0};
  // When an added index can be read, if it is built by then, or when a removed one is deleted.
  Micros due{0};
  // For an index that was removed: the table's metadata while it still had it; else null.
  std::shared_ptr<const struct TableMetadata> before;
};

// One version of a table's metadata. Immutable once it belongs to a table: a change makes a new
// one (Table::Alter).
struct TableMetadata {
  std::string name;
  std::string id;  // a UUID, the same for the table's whole life
  std::string arn;
  Micros creation_time{0};
  KeySchema key_schema;
  std::vector<KeyAttribute> attribute_definitions;  // in the order of CreateTable
  std::vector<IndexDefinitionPtr> indexes;          // global ones first, then as they were created

  // The last change that takes a while, and when it is done. Except for `Settling` members, the
  // metadata already has what the change leads to. So the table's state can be computed from the
  // time, and nothing has to happen when the change is done.
  TableChange change = TableChange::kNone;
  Micros change_due{0};

  BillingMode billing_mode = BillingMode::kProvisioned;
  // When the table last became an on-demand one; nullopt if it never was.
  std::optional<Micros> on_demand_since;
  Capacity capacity;
  std::map<std::string, Capacity, std::less<>> index_capacity;  // of the global ones, by name
  // nullopt until a request names a class; that means STANDARD.
  Settling<std::optional<TableClass>> table_class;
  // The ARN of a KMS key; nullopt: a key that AWS owns.
  Settling<std::optional<std::string>> encryption_key;
  bool deletion_protection = false;
  TableSettings settings;
  TimeToLive time_to_live;
  std::optional<Restore> restore;
  // The indexes that cannot be read yet, because they are being built. The table keeps this itself.
  std::set<std::string, std::less<>> building;
  // The global index that was added or removed last, if that takes time.
  std::optional<OnlineIndex> online_index;

  // The enabled stream's view; nullopt while the stream is off.
  std::optional<StreamViewType> stream_view;
  // These are of the newest stream, also after it was disabled; empty if there never was one.
  std::string latest_stream_arn;
  std::string latest_stream_label;
};

// What the table is busy with at `now`.
TableChange ChangeAt(const TableMetadata& table, Micros now);
// Whether the table is being restored, and so still being created.
inline bool IsRestoring(const TableMetadata& table) {
  return table.restore.has_value() && table.restore->in_progress;
}

// Whether an index that the table has is still being created.
bool IsBeingAdded(const TableMetadata& table, std::string_view index, Micros now);
// Whether any index of the table is being created or deleted.
bool ChangesIndexes(const TableMetadata& table, Micros now);

// Null if the table has no such index.
IndexDefinitionPtr FindIndex(const TableMetadata& table, std::string_view name);
// Whether the table has local secondary indexes, and so item collections.
bool HasLocalIndex(const TableMetadata& table);

// Bytes that count for the size limit of an item, and in its item collection: those of the item and
// of its entries in local secondary indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
std::size_t SizeWithLocalEntries(const TableMetadata& table, const Item& item);
std::size_t SizeWithLocalEntries(const TableMetadata& table, const IndexedItem& item);

using TableMetadataPtr = std::shared_ptr<const TableMetadata>;

}  // namespace weir::storage
