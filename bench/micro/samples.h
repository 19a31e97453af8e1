// SPDX-License-Identifier: Apache-2.0
// The items and keys that the small benchmarks work on. The items are those of bench/compare's
// loads.
#pragma once

#include <string>

#include "core/item.h"
#include "core/key.h"

namespace weir::bench {

// The attributes of an item of about 250 bytes as JSON, with the partition key `pk`.
std::string SampleJson(std::uint64_t number);
// The item of SampleJson, packed.
Item SampleItem(std::uint64_t number);

// A table key of one string, "pk".
KeySchema SampleSchema();
PrimaryKey SampleKey(std::uint64_t number);

}  // namespace weir::bench
