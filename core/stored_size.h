// SPDX-License-Identifier: Apache-2.0
// What an item takes of the 1 MB that a page of Query and Scan holds.
#pragma once

#include <cstddef>

#include "core/key.h"
#include "core/value.h"

namespace weir {

// AWS measures pages by the size of items in its storage, which differs a little from the size that
// it charges. The rule is not documented; this one meets every boundary that public tests have
// found on AWS to the byte. In bytes:
//  - A string, number, binary or set takes the size that is charged, and its lengths: a string 1
//    below 128 bytes, 2 below 16,384, else 3; a number or binary 1; a set 1, and 1 per element.
//  - A NULL takes 0, a BOOL 1. A list or map takes 3, and per member 1, its name and its value.
//  - An attribute takes 1 and its value, however long its name is.
//  - An item takes 2 and its attributes without the sort key. For each started 3,072 of that sum it
//    also takes 18 and the sort key's value.
std::size_t StoredSize(const KeySchema& schema, MapView item);

}  // namespace weir
