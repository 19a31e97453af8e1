// SPDX-License-Identifier: Apache-2.0
// Points in time and spans of time as text.
//
//   time := date ["T" clock zone]      date  := YYYY-MM-DD
//                                      clock := HH:MM:SS [. 1 to 6 digits]
//                                      zone  := "Z" | ("+" | "-") HH:MM
//   span := (digits [. digits] unit)+  unit  := d | h | m | s | ms | us
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace weir {

// `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone; fractions are dropped.
std::string UtcSeconds(Micros time);
// `YYYY-MM-DDTHH:MM:SS.ffffffZ` in UTC.
std::string UtcMicros(Micros time);

// Reads a `time`; nullopt for text of another form and for times before 1970. A date alone is its
// midnight in UTC.
std::optional<Micros> ParseTime(std::string_view text);

// Reads a `span`; nullopt for text of another form and for more than 10,000 years.
std::optional<Micros> ParseSpan(std::string_view text);

}  // namespace weir
