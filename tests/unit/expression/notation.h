// SPDX-License-Identifier: Apache-2.0
// A short notation for attribute values in tests:
//
//   'text'  12.5  b'bytes'  true  null  ['a' 1]  {x=1 y={z='b'}}  <'a' 'b'>  <1 2>  <b'a'>
#pragma once

#include <string>
#include <string_view>

#include "core/item.h"
#include "core/value.h"

namespace weir::expression {

// The item that `notation` describes, which must be a map. Aborts the test if it has a mistake.
Item Parse(std::string_view notation);

// Writes an item in this notation; "none" for no item.
std::string Text(const Item& item);

}  // namespace weir::expression
