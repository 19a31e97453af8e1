// SPDX-License-Identifier: Apache-2.0
// What an operation gets besides the members of its request.
#pragma once

#include "protocol/request_context.h"

namespace weir::dynamodb {

class Database;

struct Context {
  Database& database;
  const protocol::RequestContext& request;
};

}  // namespace weir::dynamodb
