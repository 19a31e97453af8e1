// SPDX-License-Identifier: Apache-2.0
// Writes JSON text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace weir::protocol {

// Appends `text` (UTF-8) in quotes, with the escapes that JSON requires and no others.
void AppendJsonString(std::string_view text, std::string& out);

// Whether AppendJsonString would escape anything in the text.
bool HasEscape(std::string_view text);

// Appends the start of a member: `before` (`{` or `,`), the name as a JSON string, and a colon.
void AppendJsonName(char before, std::string_view name, std::string& out);

void AppendJsonInteger(std::int64_t number, std::string& out);

// With at least one decimal: capacity units are written 1.0, as the service does.
void AppendJsonDouble(double number, std::string& out);

// As seconds since the epoch with three decimals, as the service gives dates.
void AppendJsonTime(Micros time, std::string& out);

}  // namespace weir::protocol
