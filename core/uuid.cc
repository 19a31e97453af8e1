// SPDX-License-Identifier: Apache-2.0
#include "core/uuid.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace weir {

std::string NewUuid() {
  return boost::uuids::to_string(boost::uuids::random_generator_pure()());
}

}  // namespace weir
