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

// "[a, b]"
std::string NameList(std::span<const KeySchemaElement> elements);
std::string NameList(AttributeDefinitions definitions);
// The names, each once, in the order of the service's hash set of them (recorded on AWS).
std::string HashOrderedNameList(std::span<const KeySchemaElement> elements);

// ValidationException if an attribute is defined twice.
Status CheckDistinct(AttributeDefinitions definitions);
// ValidationException if a key attribute is not defined.
Status CheckDefined(std::span<const KeySchemaElement> elements, AttributeDefinitions definitions);

// The key of a table; its attributes are defined. ValidationException unless that is one HASH
// attribute and at most one RANGE attribute, in this order.
Result<KeySchema> TableKeys(std::span<const KeySchemaElement> elements,
                            AttributeDefinitions definitions);

// The same for a local secondary index of a table with that key.
Result<IndexKeySchema> LocalIndexKeys(const LocalSecondaryIndex& index, const KeySchema& table,
                                      AttributeDefinitions definitions);
// The same for a global one: up to four HASH attributes, then up to four RANGE attributes.
Result<IndexKeySchema> GlobalIndexKeys(std::span<const KeySchemaElement> elements,
                                       AttributeDefinitions definitions);

}  // namespace weir::dynamodb
