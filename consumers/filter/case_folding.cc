// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/case_folding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::consumers {
namespace {

enum class Rule : std::uint8_t {
  kShift,  // all are upper case, and the lower case is `shift` further, modulo 2^32
  kEven,   // the even ones are upper case, each followed by its lower case
  kOdd,    // the odd ones are
};

struct LetterRange {
  std::uint32_t first;
  std::uint32_t last;
  Rule rule;
  std::uint32_t shift;
};

// The simple foldings of Unicode's CaseFolding.txt for the letters that the header names, in order.
// What is missing in between has no such folding, or one of another size in UTF-8.
constexpr std::array kRanges{
    LetterRange{0x41, 0x5A, Rule::kShift, 32},
    LetterRange{0xC0, 0xD6, Rule::kShift, 32},
    LetterRange{0xD8, 0xDE, Rule::kShift, 32},
    LetterRange{0x100, 0x12F, Rule::kEven, 0},
    LetterRange{0x132, 0x137, Rule::kEven, 0},
    LetterRange{0x139, 0x148, Rule::kOdd, 0},
    LetterRange{0x14A, 0x177, Rule::kEven, 0},
    LetterRange{0x178, 0x178, Rule::kShift, 0xFFU - 0x178U},
    LetterRange{0x179, 0x17E, Rule::kOdd, 0},
    LetterRange{0x1CD, 0x1DC, Rule::kOdd, 0},
    LetterRange{0x1DE, 0x1EF, Rule::kEven, 0},
    LetterRange{0x1F8, 0x21F, Rule::kEven, 0},
    LetterRange{0x222, 0x233, Rule::kEven, 0},
    LetterRange{0x386, 0x386, Rule::kShift, 38},
    LetterRange{0x388, 0x38A, Rule::kShift, 37},
    LetterRange{0x38C, 0x38C, Rule::kShift, 64},
    LetterRange{0x38E, 0x38F, Rule::kShift, 63},
    LetterRange{0x391, 0x3A1, Rule::kShift, 32},
    LetterRange{0x3A3, 0x3AB, Rule::kShift, 32},
    LetterRange{0x400, 0x40F, Rule::kShift, 80},
    LetterRange{0x410, 0x42F, Rule::kShift, 32},
    LetterRange{0x460, 0x481, Rule::kEven, 0},
    LetterRange{0x48A, 0x4BF, Rule::kEven, 0},
    LetterRange{0x4C1, 0x4CE, Rule::kOdd, 0},
    LetterRange{0x4D0, 0x52F, Rule::kEven, 0},
    LetterRange{0x1E00, 0x1E95, Rule::kEven, 0},
    LetterRange{0x1EA0, 0x1EFF, Rule::kEven, 0},
};

std::uint32_t Fold(std::uint32_t letter) {
  if (letter < 0x80) {
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
  }
  const auto* range =
      std::find_if(kRanges.begin(), kRanges.end(),
                   [letter](const LetterRange& candidate) { return letter <= candidate.last; });
  if (range == kRanges.end() || letter < range->first) {
    return letter;
  }
  const bool odd = letter % 2 == 1;
  switch (range->rule) {
    case Rule::kShift:
      return letter + range->shift;
    case Rule::kEven:
      return odd ? letter : letter + 1;
    case Rule::kOdd:
      return odd ? letter + 1 : letter;
  }
  return letter;
}

// One character in lower case, as UTF-8.
struct Folded {
  std::array<char, 3> bytes;
  std::size_t size;
};

unsigned ByteAt(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool IsContinuation(std::string_view text, std::size_t i) {
  return i < text.size() && (ByteAt(text, i) & 0xC0) == 0x80;
}

// The character that begins at `text[i]`. What is not a character of one to three bytes has no case
// here, and is passed on byte by byte.
Folded FoldAt(std::string_view text, std::size_t i) {
  const unsigned lead = ByteAt(text, i);
  if ((lead & 0xE0) == 0xC0 && IsContinuation(text, i + 1)) {
    const std::uint32_t letter = Fold((lead & 0x1F) << 6 | (ByteAt(text, i + 1) & 0x3F));
    return {{static_cast<char>(0xC0 | letter >> 6), static_cast<char>(0x80 | (letter & 0x3F)), 0},
            2};
  }
  if ((lead & 0xF0) == 0xE0 && IsContinuation(text, i + 1) && IsContinuation(text, i + 2)) {
    const std::uint32_t letter = Fold((lead & 0x0F) << 12 | (ByteAt(text, i + 1) & 0x3F) << 6 |
                                      (ByteAt(text, i + 2) & 0x3F));
    return {{static_cast<char>(0xE0 | letter >> 12), static_cast<char>(0x80 | (letter >> 6 & 0x3F)),
             static_cast<char>(0x80 | (letter & 0x3F))},
            3};
  }
  return {{lead < 0x80 ? static_cast<char>(Fold(lead)) : text[i], 0, 0}, 1};
}

}  // namespace

std::string FoldCase(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (out.size() < text.size()) {
    const Folded folded = FoldAt(text, out.size());
    out.append(folded.bytes.data(), folded.size);
  }
  return out;
}

bool FoldsTo(std::string_view text, std::string_view folded) {
  if (text.size() != folded.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const Folded letter = FoldAt(text, i);
    if (folded.substr(i, letter.size) != std::string_view(letter.bytes.data(), letter.size)) {
      return false;
    }
    i += letter.size;
  }
  return true;
}

}  // namespace weir::consumers
