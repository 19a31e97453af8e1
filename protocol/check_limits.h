// SPDX-License-Identifier: Apache-2.0
// The limits of a request's values, worded as the older layer of the service does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/check_fault.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// The limits that the value itself breaks, as "have length greater than or equal to 3", in the
// order the service names them. The value's type must be right (CheckTypes), as for all below.
[[nodiscard]] std::vector<std::string> BrokenLimits(const JsonNode& node, const Shape& shape);

// "Map keys must satisfy constraint: [...]" for a map with a key outside its limits.
[[nodiscard]] std::optional<std::string> BrokenKeyLimits(const JsonNode& map, const Shape& shape);

// "satisfy enum value set: [A, B]".
[[nodiscard]] std::string EnumRule(const Shape& shape);

// Adds a fault for a required member that is missing.
void CheckPresence(const ShapeMember& member, const MemberPath& path, FaultList& faults);

// Adds a fault for each limit that the value itself breaks.
void CheckSelf(const JsonNode& node, const Shape& shape, const MemberPath& path, FaultList& faults);

// Adds a fault for each limit that something below the value breaks.
void CheckBelow(const JsonNode& node, const Shape& shape, const MemberPath& path,
                FaultList& faults);

// Looks a member up in a structure and adds all faults of it and below it.
void CheckMember(const JsonNode& structure, const ShapeMember& member, const MemberPath* parent,
                 FaultList& faults);

}  // namespace weir::protocol
