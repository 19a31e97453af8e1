// SPDX-License-Identifier: Apache-2.0
// Comparison of UTF-8 text that ignores case: simple case folding of the Latin (with all of
// Vietnamese), Greek and Cyrillic letters of today's languages. Other letters are compared as they
// are, and so are those whose other case is more than one letter (ß) or depends on the language
// (dotted and dotless i). A folded letter has as many bytes as the letter, which is what makes
// prefixes and suffixes easy to cut.
#pragma once

#include <string>
#include <string_view>

namespace weir::consumers {

// `text` in lower case. Bytes that are not UTF-8 stay as they are.
std::string FoldCase(std::string_view text);

// Whether FoldCase(text) is `folded`. Allocates nothing.
bool FoldsTo(std::string_view text, std::string_view folded);

}  // namespace weir::consumers
