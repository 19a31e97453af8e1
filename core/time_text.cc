// SPDX-License-Identifier: Apache-2.0
#include "core/time_text.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "core/digits.h"

namespace weir {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr Micros kLongestSpan = std::chrono::hours(24) * 3'652'500;  // 10,000 years

// Takes exactly `count` digits from the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (!IsDigit(c)) {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

// Takes one to six digits, which follow a decimal point; returns them in millionths. Fails if there
// are more.
std::optional<std::int64_t> TakeMillionths(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    if (digits == 6) {
      return std::nullopt;
    }
    value = value * 10 + (text[digits] - '0');
  }
  if (digits == 0) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  for (; digits < 6; ++digits) {
    value *= 10;
  }
  return value;
}

std::optional<Micros> TakeDate(std::string_view& text) {
  const std::optional<int> year = TakeDigits(text, 4);
  const std::optional<int> month = Take(text, "-") ? TakeDigits(text, 2) : std::nullopt;
  const std::optional<int> day = Take(text, "-") ? TakeDigits(text, 2) : std::nullopt;
  if (!year.has_value() || !month.has_value() || !day.has_value()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return Micros(std::chrono::sys_days(date).time_since_epoch());
}

// Takes HH:MM, both in their ranges.
std::optional<Micros> TakeHourAndMinute(std::string_view& text) {
  const std::optional<int> hour = TakeDigits(text, 2);
  const std::optional<int> minute = Take(text, ":") ? TakeDigits(text, 2) : std::nullopt;
  if (!hour.has_value() || !minute.has_value() || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

std::optional<Micros> TakeClock(std::string_view& text) {
  std::optional<Micros> time = TakeHourAndMinute(text);
  const std::optional<int> second = Take(text, ":") ? TakeDigits(text, 2) : std::nullopt;
  if (!time.has_value() || !second.has_value() || *second > 59) {
    return std::nullopt;
  }
  *time += std::chrono::seconds(*second);
  if (Take(text, ".")) {
    const std::optional<std::int64_t> fraction = TakeMillionths(text);
    if (!fraction.has_value()) {
      return std::nullopt;
    }
    *time += Micros(*fraction);
  }
  return time;
}

// Takes a zone; returns how far it is ahead of UTC.
std::optional<Micros> TakeZone(std::string_view& text) {
  if (Take(text, "Z")) {
    return Micros(0);
  }
  const bool ahead = Take(text, "+");
  if (!ahead && !Take(text, "-")) {
    return std::nullopt;
  }
  const std::optional<Micros> offset = TakeHourAndMinute(text);
  return offset.has_value() ? std::optional(ahead ? *offset : -*offset) : std::nullopt;
}

std::optional<Micros> TakeUnit(std::string_view& text) {
  struct Unit {
    std::string_view name;
    Micros size;
  };
  // "ms" before "m".
  static constexpr std::array<Unit, 6> kUnits{{{"ms", std::chrono::milliseconds(1)},
                                               {"us", Micros(1)},
                                               {"d", std::chrono::hours(24)},
                                               {"h", std::chrono::hours(1)},
                                               {"m", std::chrono::minutes(1)},
                                               {"s", std::chrono::seconds(1)}}};
  for (const Unit& unit : kUnits) {
    if (Take(text, unit.name)) {
      return unit.size;
    }
  }
  return std::nullopt;
}

// Takes digits, perhaps with a fraction, and a unit.
std::optional<Micros> TakeSpanPart(std::string_view& text) {
  std::int64_t whole = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    whole = whole * 10 + (text[digits] - '0');
    if (whole > kLongestSpan.count()) {
      return std::nullopt;
    }
  }
  text.remove_prefix(digits);
  std::int64_t millionths = 0;
  if (digits > 0 && Take(text, ".")) {
    const std::optional<std::int64_t> fraction = TakeMillionths(text);
    if (!fraction.has_value()) {
      return std::nullopt;
    }
    millionths = *fraction;
  }
  const std::optional<Micros> unit = TakeUnit(text);
  if (digits == 0 || !unit.has_value() || whole > kLongestSpan / *unit) {
    return std::nullopt;
  }
  return *unit * whole + Micros(unit->count() / kMicrosPerSecond * millionths +
                                unit->count() % kMicrosPerSecond * millionths / kMicrosPerSecond);
}

}  // namespace

std::string UtcSeconds(Micros time) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts)};
}

std::string UtcMicros(Micros time) {
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%06dZ",
                static_cast<int>(time.count() % kMicrosPerSecond));
  return UtcSeconds(time) + fraction.data();
}

std::optional<Micros> ParseTime(std::string_view text) {
  std::optional<Micros> time = TakeDate(text);
  if (time.has_value() && !text.empty()) {
    const std::optional<Micros> clock = Take(text, "T") ? TakeClock(text) : std::nullopt;
    const std::optional<Micros> zone = clock.has_value() ? TakeZone(text) : std::nullopt;
    if (!zone.has_value() || !text.empty()) {
      return std::nullopt;
    }
    *time += *clock - *zone;
  }
  return time.has_value() && *time < Micros(0) ? std::nullopt : time;
}

std::optional<Micros> ParseSpan(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  Micros span{0};
  while (!text.empty()) {
    const std::optional<Micros> part = TakeSpanPart(text);
    if (!part.has_value() || span + *part > kLongestSpan) {
      return std::nullopt;
    }
    span += *part;
  }
  return span;
}

}  // namespace weir
