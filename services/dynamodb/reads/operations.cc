// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/reads/query.h"
#include "services/dynamodb/reads/scan.h"
#include "services/dynamodb/reads/search_vectors.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList ReadOperations() {
  return ListOf<Query, Scan, SearchVectors>();
}

}  // namespace weir::dynamodb
