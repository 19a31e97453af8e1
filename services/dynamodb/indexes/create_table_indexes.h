// SPDX-License-Identifier: Apache-2.0
// The secondary indexes of a CreateTable request.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/tables/create_table.h"
#include "services/dynamodb/tables/table_keys.h"

namespace weir::dynamodb {

std::span<const GlobalSecondaryIndex> GlobalIndexes(const CreateTableRequest& request);

// The faults of the indexes' capacity, which AWS finds together with those of the table's.
Status CheckIndexBilling(std::span<const GlobalSecondaryIndex> indexes,
                         storage::BillingMode billing_mode);
// The same for figures that are out of range.
Status CheckIndexThroughput(std::span<const GlobalSecondaryIndex> indexes,
                            storage::BillingMode billing_mode);

// Notes the capacity that a global index is given.
void AddCapacity(const GlobalSecondaryIndex& index, Micros now, Micros due,
                 storage::TableMetadata& table);

// ValidationException if a key attribute of an index is not defined, or a definition is in no key.
Status CheckIndexDefinitions(const CreateTableRequest& request);

// An index whose key attributes are defined, without what depends on where the table is (its ARN).
Result<storage::IndexDefinition> DefineGlobalIndex(const GlobalSecondaryIndex& index,
                                                   AttributeDefinitions definitions,
                                                   const KeySchema& table_keys);
// ValidationException if a table may not have as many global indexes, or as many non-key attributes
// that all its indexes name.
Status CheckIndexCounts(std::size_t global, std::size_t projected);

// All indexes, global ones first, without what depends on where the table is (its ARN).
// ValidationException in AWS's order: local ones, global ones, names.
Result<std::vector<storage::IndexDefinition>> IndexesOf(const CreateTableRequest& request,
                                                        const KeySchema& table_keys);

}  // namespace weir::dynamodb
