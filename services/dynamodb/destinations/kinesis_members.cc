// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/kinesis_members.h"

#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {

ApiError InvalidDestination(std::string_view reason) {
  return ValidationError("Table is not in a valid state to enable Kinesis Streaming Destination: " +
                         std::string(reason));
}

}  // namespace weir::dynamodb
