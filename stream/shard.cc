// SPDX-License-Identifier: Apache-2.0
#include "stream/shard.h"

#include <charconv>
#include <cstdio>

namespace weir::stream {
namespace {

constexpr std::string_view kPrefix = "shardId-";
constexpr std::size_t kTimeDigits = 20;
constexpr std::size_t kSuffixDigits = 8;

template <class Integer>
bool ParseAll(std::string_view text, int base, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string ShardId::ToString() const {
  char text[48];
  const int size = std::snprintf(text, sizeof text, "shardId-%020llu-%08x",
                                 static_cast<unsigned long long>(created_ms), suffix);
  return {text, static_cast<std::size_t>(size)};
}

std::optional<ShardId> ShardId::Parse(std::string_view text) {
  ShardId id;
  if (text.size() != kPrefix.size() + kTimeDigits + 1 + kSuffixDigits ||
      !text.starts_with(kPrefix) || text[kPrefix.size() + kTimeDigits] != '-' ||
      !ParseAll(text.substr(kPrefix.size(), kTimeDigits), 10, id.created_ms) ||
      !ParseAll(text.substr(kPrefix.size() + kTimeDigits + 1), 16, id.suffix) ||
      id.ToString() != text) {
    return std::nullopt;
  }
  return id;
}

}  // namespace weir::stream
