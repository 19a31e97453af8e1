// SPDX-License-Identifier: Apache-2.0
// StreamInfo: what never changes about a stream.
#pragma once

#include <cstdint>
#include <string>

#include "core/clock.h"
#include "core/key.h"
#include "storage/table_metadata.h"

namespace weir::stream {

using storage::StreamViewType;

struct StreamInfo {
  std::string arn;
  std::string label;
  std::string table_name;
  KeySchema key_schema;
  StreamViewType view_type = StreamViewType::kNewAndOldImages;
  Micros creation_time{0};
  Micros settled_at{0};        // ENABLING until then
  std::uint64_t data_set = 0;  // StreamCatalogue::data_set of its catalogue
};

}  // namespace weir::stream
