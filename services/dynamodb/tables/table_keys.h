// SPDX-License-Identifier: Apache-2.0
// Key schemas of tables and indexes, from requests that define them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/indexes/index_members.h"
#include "services/dynamodb/tables/key_members.h"

namespace weir::dynamodb {

using AttributeDefinitions = std::span<const AttributeDefinition>;

// The attributes' names, as the texts of errors list them: "[a, b]".
std::string NameList(std::span<const KeySchemaElement> elements);
std::string NameList(AttributeDefinitions definitions);
// The list of names in the order in which the service's hash set holds them (recorded on AWS). Each
// name may be in `elements` only once.
std::string HashOrderedNameList(std::span<const KeySchemaElement> elements);

// ValidationException if an attribute is defined twice.
Status CheckDistinct(AttributeDefinitions definitions);
// ValidationException if a key attribute is not defined.
Status CheckDefined(std::span<const KeySchemaElement> elements, AttributeDefinitions definitions);

// The key of a table. ValidationException unless it is one HASH attribute and at most one RANGE
// attribute, in this order. All attributes must be defined (CheckDefined).
Result<KeySchema> TableKeys(std::span<const KeySchemaElement> elements,
                            AttributeDefinitions definitions);

// The key of a local secondary index of a table with the key `table`. ValidationException unless
// both have a RANGE attribute and share their HASH attribute. All attributes must be defined.
Result<IndexKeySchema> LocalIndexKeys(const LocalSecondaryIndex& index, const KeySchema& table,
                                      AttributeDefinitions definitions);
// The key of a global secondary index. ValidationException unless it is up to four HASH attributes,
// then up to four RANGE attributes. All attributes must be defined.
Result<IndexKeySchema> GlobalIndexKeys(std::span<const KeySchemaElement> elements,
                                       AttributeDefinitions definitions);

}  // namespace weir::dynamodb
