// SPDX-License-Identifier: Apache-2.0
// UTF-8 text as a Java service measures it, and ASCII words as HTTP compares them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

// The length of valid UTF-8 in UTF-16 code units, which is what Java's String.length() gives.
std::size_t Utf16Size(std::string_view text);
// The length of valid UTF-8 in code points.
std::size_t CodePoints(std::string_view text);

// `text` cut to at most `limit` bytes, not in the middle of a character.
std::string_view TruncateUtf8(std::string_view text, std::size_t limit);

// `text` as it may go to a terminal or into a log, on one line. Control characters (C0, DEL, C1),
// line separators, characters that change the direction of text, and bytes that are not UTF-8
// become escapes, such as `\u001b` or `\x9b`. The first form is also JSON's, so one line of JSON in
// UTF-8 stays JSON.
std::string Printable(std::string_view text);

// The first `most` bytes of `text` as an error message may hold them: what is not printable ASCII
// becomes `?`.
std::string Excerpt(std::string_view text, std::size_t most);

// Whether `text` contains `part`. The time is linear in both sizes, whatever the texts are; with
// std::string_view's search it is their product for texts made to be slow.
bool ContainsText(std::string_view text, std::string_view part);

// Whether both are equal, except for the case of ASCII letters.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace weir
