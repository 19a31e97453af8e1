// SPDX-License-Identifier: Apache-2.0
// What an item takes of the 1 MB that a page of Query and Scan holds.
#pragma once

#include <cstddef>

#include "core/key.h"
#include "core/value.h"

namespace weir {

// AWS measures pages by the size of items in its storage, which differs a little from the size that
// it charges. The rule is not documented; this one meets every boundary that public tests have
// found on AWS to the byte: a value takes its size and the bytes of its length (a string 1 below
// 128 bytes, 2 below 16,384, else 3; a number or binary 1; a set 1 and 1 for each element); an
// attribute takes its value and 1 byte, however long its name is; an item takes 2 bytes, its
// attributes without the sort key, and for each 3,072 bytes of these, begun, 18 bytes and the sort
// key once more.
std::size_t StoredSize(const KeySchema& schema, MapView item);

}  // namespace weir
