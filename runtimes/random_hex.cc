// SPDX-License-Identifier: Apache-2.0
#include "runtimes/random_hex.h"

#include "core/uuid.h"

namespace weir::runtimes {

std::string RandomHex() {
  // 122 of its 128 bits are random.
  std::string text = NewUuid();
  std::erase(text, '-');
  return text;
}

}  // namespace weir::runtimes
