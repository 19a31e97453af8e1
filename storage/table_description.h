// SPDX-License-Identifier: Apache-2.0
// What is known of a table besides its items.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/key.h"

namespace weir::storage {

enum class BillingMode : std::uint8_t { kProvisioned, kPayPerRequest };
enum class TableClass : std::uint8_t { kStandard, kStandardInfrequentAccess };
enum class StreamViewType : std::uint8_t { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };

// Capacity units per second; both 0 on an on-demand table.
struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
};

// One version of a table's description. Immutable once it belongs to a table: a change makes a new
// one (Table::Alter).
struct TableDescription {
  std::string name;
  std::string id;  // a UUID, the same for the table's whole life
  std::string arn;
  Micros creation_time{0};
  KeySchema key_schema;
  std::vector<KeyAttribute> attribute_definitions;  // in the order of CreateTable
  BillingMode billing_mode = BillingMode::kProvisioned;
  Throughput throughput;
  TableClass table_class = TableClass::kStandard;
  bool table_class_given = false;  // shown only when it was asked for
  bool deletion_protection = false;

  // The enabled stream's view; none while the stream is off.
  std::optional<StreamViewType> stream_view;
  // Of the newest stream, also after it was disabled; empty when there never was one.
  std::string latest_stream_arn;
  std::string latest_stream_label;
};

using TableDescriptionPtr = std::shared_ptr<const TableDescription>;

}  // namespace weir::storage
