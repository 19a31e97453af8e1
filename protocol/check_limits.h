// SPDX-License-Identifier: Apache-2.0
// Checks the limits of a request's values. Words faults as the older layer of the service does.
//
// For all functions the types of the values must be right (CheckTypes).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/check_fault.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// The limits that the value itself breaks, as "have length greater than or equal to 3", in the
// order in which the service names them.
[[nodiscard]] std::vector<std::string> BrokenLimits(const JsonNode& node, const Shape& shape);

// "Map keys must satisfy constraint: [...]" for a map with a key outside its limits; else nullopt.
[[nodiscard]] std::optional<std::string> BrokenKeyLimits(const JsonNode& map, const Shape& shape);

// "satisfy enum value set: [A, B]".
[[nodiscard]] std::string EnumRule(const Shape& shape);

// Adds a fault if `member`, which is missing, is required.
void CheckPresence(const ShapeMember& member, const MemberPath& path, FaultList& faults);

// Adds a fault for each limit that the value itself breaks.
void CheckSelf(const JsonNode& node, const Shape& shape, const MemberPath& path, FaultList& faults);

// Adds a fault for each limit that something below the value breaks.
void CheckBelow(const JsonNode& node, const Shape& shape, const MemberPath& path,
                FaultList& faults);

// Looks up a member of a structure. Adds a fault if it is required but missing, and for each limit
// that its value or something below it breaks.
void CheckMember(const JsonNode& structure, const ShapeMember& member, const MemberPath* parent,
                 FaultList& faults);

}  // namespace weir::protocol
