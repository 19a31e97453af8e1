// SPDX-License-Identifier: Apache-2.0
// Data sets: what a reset begins, and what iterators and files of another one are told apart by.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

namespace weir::storage {

// A random number that is not 0.
inline std::uint64_t NewDataSet() {
  std::random_device device;
  const std::uint64_t number = (static_cast<std::uint64_t>(device()) << 32U) | device();
  return std::max<std::uint64_t>(number, 1);
}

}  // namespace weir::storage
