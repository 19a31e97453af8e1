// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_token.h"

#include <algorithm>
#include <cstdint>

#include "core/base64.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::dynamodb {
namespace {

constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kShortSize = sizeof(std::uint16_t);
constexpr std::size_t kLongSize = sizeof(std::uint64_t);
constexpr std::size_t kHeaderSize = 2 * kShortSize + kLongSize;
// A seed that no other use of the hash is likely to have.
constexpr std::uint64_t kCheckSeed = 0x5745495250515431;

template <class Integer>
void Append(Integer number, std::string& out) {
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> (shift - 8)) & 0xFFU));
  }
}

std::uint64_t TakeNumber(std::string_view& bytes, std::size_t size) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(0, size)) {
    number = (number << 8U) | static_cast<unsigned char>(byte);
  }
  bytes.remove_prefix(size);
  return number;
}

std::uint64_t FingerprintOf(const StatementText& text) {
  std::uint64_t hash = XXH3_64bits(text.statement.data(), text.statement.size());
  for (const std::string_view part : {text.values().contents(), text.scales()}) {
    hash = XXH3_64bits_withSeed(part.data(), part.size(), hash);
  }
  return hash;
}

std::uint64_t CheckOf(std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), kCheckSeed);
}

}  // namespace

std::string EncodeNextToken(const StatementPosition& position, const StatementText& text) {
  std::string bytes;
  Append(kVersion, bytes);
  Append(FingerprintOf(text), bytes);
  Append(static_cast<std::uint16_t>(position.read), bytes);
  bytes += position.key;
  Append(CheckOf(bytes), bytes);
  std::string token;
  EncodeBase64(bytes, token);
  return token;
}

Result<StatementPosition> DecodeNextToken(std::string_view token, const StatementText& text) {
  std::string decoded;
  const bool valid = DecodeBase64(token, decoded) == Base64Fault::kNone &&
                     decoded.size() >= kHeaderSize + kLongSize;
  std::string_view bytes = decoded;
  std::string_view check = valid ? bytes.substr(bytes.size() - kLongSize) : std::string_view();
  if (valid) {
    bytes.remove_suffix(kLongSize);
  }
  if (!valid || TakeNumber(check, kLongSize) != CheckOf(bytes) ||
      TakeNumber(bytes, kShortSize) != kVersion) {
    return ValidationError("Invalid NextToken");
  }
  const ListView parameters = text.values();
  const bool documents = std::any_of(parameters.begin(), parameters.end(), [](Value value) {
    return value.type() == ValueType::kList || value.type() == ValueType::kMap;
  });
  if (TakeNumber(bytes, kLongSize) != FingerprintOf(text) || documents) {
    return ValidationError("NextToken does not match request");
  }
  StatementPosition position;
  position.read = static_cast<std::size_t>(TakeNumber(bytes, kShortSize));
  position.key = bytes;
  return position;
}

}  // namespace weir::dynamodb
