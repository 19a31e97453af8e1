// SPDX-License-Identifier: Apache-2.0
// Tables for people, in a terminal.
#pragma once

#include <string>
#include <vector>

namespace weir::cli {

using TextRow = std::vector<std::string>;

// The rows, one a line, with their columns below each other and two spaces between them. All rows
// have as many texts as the first one. A text is on one line.
std::string FormatTable(const std::vector<TextRow>& rows);

}  // namespace weir::cli
