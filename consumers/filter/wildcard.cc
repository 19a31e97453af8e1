// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/wildcard.h"

#include <cstddef>
#include <utility>

namespace weir::consumers {

Wildcard::Piece Wildcard::MakePiece(std::string text) {
  Piece piece{std::move(text), {}};
  piece.borders.resize(piece.text.size());
  std::uint16_t border = 0;
  for (std::size_t i = 1; i < piece.text.size(); ++i) {
    while (border > 0 && piece.text[border] != piece.text[i]) {
      border = piece.borders[border - 1U];
    }
    border = static_cast<std::uint16_t>(border + (piece.text[border] == piece.text[i] ? 1 : 0));
    piece.borders[i] = border;
  }
  return piece;
}

Result<Wildcard, FilterFault> Wildcard::Parse(std::string_view pattern) {
  // AWS counts positions from the quotation mark before the text.
  const auto fault = [](std::string_view what, std::size_t i) {
    return FilterFault{std::string(what) + " at pos " + std::to_string(i + 1)};
  };
  Wildcard wildcard;
  std::string piece;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] == '*') {
      if (next == '*') {
        return fault("Consecutive wildcard characters", i);
      }
      wildcard.pieces_.push_back(MakePiece(std::exchange(piece, {})));
    } else if (pattern[i] != '\\') {
      piece += pattern[i];
    } else if (next == '*' || next == '\\') {
      piece += next;
      ++i;
    } else {
      return fault("Invalid escape character", i);
    }
  }
  wildcard.pieces_.push_back(MakePiece(std::move(piece)));
  return wildcard;
}

bool Wildcard::Matches(std::string_view text) const {
  const std::string& first = pieces_.front().text;
  if (pieces_.size() == 1) {
    return text == first;
  }
  const std::string& last = pieces_.back().text;
  if (text.size() < first.size() + last.size() || !text.starts_with(first) ||
      !text.ends_with(last)) {
    return false;
  }
  text.remove_prefix(first.size());
  text.remove_suffix(last.size());
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const std::size_t end = FindEnd(text, pieces_[i]);
    if (end == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(end);
  }
  return true;
}

std::size_t Wildcard::FindEnd(std::string_view text, const Piece& piece) {
  std::size_t matched = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (matched > 0 && piece.text[matched] != text[i]) {
      matched = piece.borders[matched - 1];
    }
    matched += piece.text[matched] == text[i] ? 1 : 0;
    if (matched == piece.text.size()) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace weir::consumers
