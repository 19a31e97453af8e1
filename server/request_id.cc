// SPDX-License-Identifier: Apache-2.0
#include "server/request_id.h"

#include <cstdint>
#include <string_view>

namespace weir::server {
namespace {

constexpr std::string_view kSuffix = "VV4KQNSO5AEMVJF66Q9ASUAAJG";
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr std::size_t kRandomLength = kRequestIdLength - kSuffix.size();
constexpr unsigned kBitsPerCharacter = 5;

std::mt19937_64 SeededEngine() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace

RequestIdSource::RequestIdSource() : random_(SeededEngine()) {}

void RequestIdSource::Append(std::string& out) {
  // 13 characters take 65 bits and a draw has 64, so the last character is one of the first 16.
  constexpr std::size_t kPerDraw = kRandomLength / 2;
  for (std::size_t draw = 0; draw < 2; ++draw) {
    std::uint64_t bits = random_();
    for (std::size_t i = 0; i < kPerDraw; ++i) {
      out += kAlphabet[bits % kAlphabet.size()];
      bits >>= kBitsPerCharacter;
    }
  }
  out += kSuffix;
}

}  // namespace weir::server
