// SPDX-License-Identifier: Apache-2.0
// One request's surroundings.
#pragma once

#include "protocol/request_context.h"

namespace weir::dynamodb {

class Database;

struct Context {
  Database& database;
  const protocol::RequestContext& request;
};

}  // namespace weir::dynamodb
