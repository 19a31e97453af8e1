// SPDX-License-Identifier: Apache-2.0
// Random identifiers.
#pragma once

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <string>

namespace weir::lambda {

// A random UUID, from the system's generator: also good as a secret.
inline std::string NewUuid() {
  return boost::uuids::to_string(boost::uuids::random_generator_pure()());
}

}  // namespace weir::lambda
