// SPDX-License-Identifier: Apache-2.0
// Flags that take a number.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::cli {

// A whole number in the usual notation: digits, without a sign or leading zeros. nullopt for any
// other text, including what CLI11 would take as a surprising number: 010 as 8, -1 as 65535, '' as
// 0.
inline std::optional<std::uint64_t> ParseWholeNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc() && end == text.data() + text.size() &&
                    (text.size() == 1 || text.front() != '0');
  return good ? std::optional(number) : std::nullopt;
}

// The whole numbers from `least` to `most`, both included.
struct NumberRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;

  // Why the text is not such a number; empty if it is one.
  [[nodiscard]] std::string Check(const std::string& text) const {
    const std::optional<std::uint64_t> number = ParseWholeNumber(text);
    return number.has_value() && least <= *number && *number <= most
               ? std::string()
               : "'" + text + "' is not a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most);
  }
};

// Adds the flag `name`, which sets `value` to a whole number of the range.
template <class Number>
CLI::Option* AddNumber(CLI::App& app, const std::string& name, Number& value, NumberRange range,
                       const std::string& help) {
  const auto set = [&value](const std::string& text) {
    value = static_cast<Number>(ParseWholeNumber(text).value_or(0));
  };
  return app.add_option_function<std::string>(name, set, help)
      ->type_name("NUMBER")
      ->check(CLI::Validator([range](const std::string& text) { return range.Check(text); }, ""));
}

}  // namespace weir::cli
