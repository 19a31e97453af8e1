// SPDX-License-Identifier: Apache-2.0
// A pattern in which `*` stands for any text, also none; `\*` and `\\` are the characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/filter/fault.h"
#include "core/result.h"

namespace weir::consumers {

// Immutable after Parse, so threads may match with it together.
class Wildcard {
 public:
  // Refuses `**` and other escapes, as AWS does.
  static Result<Wildcard, FilterFault> Parse(std::string_view pattern);

  // Whether all of `text` matches. The time is linear in its size, whatever the pattern is: between
  // two stars the first place that a piece is found at is as good as any later one, so nothing is
  // tried again, and the search for a piece (Knuth, Morris and Pratt) never steps back.
  [[nodiscard]] bool Matches(std::string_view text) const;

 private:
  struct Piece {
    std::string text;
    // For each start of the text, how long the longest of its starts is that also ends it.
    std::vector<std::uint16_t> borders;
  };

  static Piece MakePiece(std::string text);
  // The position after the first occurrence; npos if there is none.
  static std::size_t FindEnd(std::string_view text, const Piece& piece);

  std::vector<Piece> pieces_;  // what is before, between and after the stars
};

}  // namespace weir::consumers
