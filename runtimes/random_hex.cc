// SPDX-License-Identifier: Apache-2.0
#include "runtimes/random_hex.h"

#include <boost/uuid/random_generator.hpp>
#include <span>

#include "core/digits.h"

namespace weir::runtimes {

std::string RandomHex() {
  // 122 of the 128 bits of a random UUID are random.
  const boost::uuids::uuid id = boost::uuids::random_generator_pure()();
  constexpr std::size_t kDigitsPerByte = 2;
  std::string text(id.size() * kDigitsPerByte, '0');
  for (std::size_t i = 0; i < id.size(); ++i) {
    WriteHex(id.data[i], std::span(text).subspan(i * kDigitsPerByte, kDigitsPerByte));
  }
  return text;
}

}  // namespace weir::runtimes
