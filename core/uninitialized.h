// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

namespace weir {

// Bytes for a buffer that is written before it is read: what std::make_unique_for_overwrite<char[]>
// returns, which clang's library lacks before version 16.
inline std::unique_ptr<char[]> UninitializedBytes(std::size_t size) {
  return std::unique_ptr<char[]>(new char[size]);  // NOLINT: std::make_unique would fill them
}

}  // namespace weir
