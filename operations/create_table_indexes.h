// SPDX-License-Identifier: Apache-2.0
// The secondary indexes of a CreateTable request.
#pragma once

#include <string_view>
#include <vector>

#include "core/result.h"
#include "operations/create_table.h"

namespace weir::operations {

// The faults of the indexes' capacity, which AWS finds together with those of the table's.
Status CheckIndexBilling(const CreateTableRequest& request);
// The same for figures that are out of range.
Status CheckIndexThroughput(const CreateTableRequest& request);

// ValidationException if a key attribute of an index is not defined, or a definition is in no key.
Status CheckIndexDefinitions(const CreateTableRequest& request);

// All indexes, global ones first, without what depends on where the table is (its ARN).
// ValidationException in AWS's order: local ones, global ones, names.
Result<std::vector<storage::IndexDefinition>> IndexesOf(const CreateTableRequest& request,
                                                        const KeySchema& table_keys);

}  // namespace weir::operations
