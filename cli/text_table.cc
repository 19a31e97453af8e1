// SPDX-License-Identifier: Apache-2.0
#include "cli/text_table.h"

#include <algorithm>
#include <cstddef>

namespace weir::cli {
namespace {

// How many columns of a terminal a text in UTF-8 takes, where each character takes one.
std::size_t WidthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string FormatTable(const std::vector<TextRow>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
  for (const TextRow& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], WidthOf(row[column]));
    }
  }
  std::string table;
  for (const TextRow& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      table += row[column];
      const bool is_last = column + 1 == row.size();
      table += is_last ? "\n" : std::string(widths[column] - WidthOf(row[column]) + 2, ' ');
    }
  }
  return table;
}

}  // namespace weir::cli
