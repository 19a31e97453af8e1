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

// ValidationException if an index has provisioned units although the table is on demand, or lacks
// them although it is provisioned. AWS checks this together with the table's own capacity.
Status CheckIndexBilling(std::span<const GlobalSecondaryIndex> indexes,
                         storage::BillingMode billing_mode);
// ValidationException if a figure of an index's capacity is out of range.
Status CheckIndexThroughput(std::span<const GlobalSecondaryIndex> indexes,
                            storage::BillingMode billing_mode);

// Adds the capacity of a new global index to the metadata; `due` is when the index is ACTIVE.
void AddCapacity(const GlobalSecondaryIndex& index, Micros now, Micros due,
                 storage::TableMetadata& table);

// ValidationException if a key attribute of an index is not defined, or a definition is in no key.
Status CheckIndexDefinitions(const CreateTableRequest& request);

// The definition of a global index whose key attributes are defined, without its ARN.
Result<storage::IndexDefinition> DefineGlobalIndex(const GlobalSecondaryIndex& index,
                                                   AttributeDefinitions definitions,
                                                   const KeySchema& table_keys);
// ValidationException if a table may not have that many global indexes, or that many non-key
// attributes (`projected`) in all its indexes together.
Status CheckIndexCounts(std::size_t global, std::size_t projected);

// The definitions of all indexes, global ones first, without their ARNs. ValidationException for
// the first fault in AWS's order: those of local indexes, those of global ones, those of names.
Result<std::vector<storage::IndexDefinition>> IndexesOf(const CreateTableRequest& request,
                                                        const KeySchema& table_keys);

}  // namespace weir::dynamodb
