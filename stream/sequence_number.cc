// SPDX-License-Identifier: Apache-2.0
#include "stream/sequence_number.h"

#include <array>
#include <charconv>
#include <span>

#include "core/digits.h"

namespace weir::stream {
namespace {

constexpr std::size_t kEpochDigits = 10;
constexpr std::size_t kNumberDigits = 18;

std::uint64_t EpochOf(Micros stream_creation) {
  constexpr std::uint64_t kLongest = 10'000'000'000;  // drops the 11th digit, from the year 2286 on
  return static_cast<std::uint64_t>(
             std::chrono::duration_cast<std::chrono::seconds>(stream_creation).count()) %
         kLongest;
}

// nullopt for text that is not a number of nothing but digits.
std::optional<std::uint64_t> ParseDigits(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::string FormatSequenceNumber(Micros stream_creation, std::uint64_t number) {
  std::array<char, kEpochDigits + kNumberDigits> text{};
  WriteDecimal(EpochOf(stream_creation), std::span(text).first<kEpochDigits>());
  WriteDecimal(number, std::span(text).last<kNumberDigits>());
  return {text.data(), text.size()};
}

std::optional<std::uint64_t> ParseSequenceNumber(Micros stream_creation, std::string_view text) {
  if (text.starts_with('+')) {  // the service takes any form of the number (recorded)
    text.remove_prefix(1);
  }
  if (text.size() != kEpochDigits + kNumberDigits ||
      ParseDigits(text.substr(0, kEpochDigits)) != EpochOf(stream_creation)) {
    return std::nullopt;
  }
  return ParseDigits(text.substr(kEpochDigits));
}

}  // namespace weir::stream
