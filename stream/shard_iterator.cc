// SPDX-License-Identifier: Apache-2.0
#include "stream/shard_iterator.h"

#include <ctime>

#include "core/base64.h"
#include "core/limits.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::stream {
namespace {

constexpr std::string_view kSeparator = "|1|";
constexpr std::uint64_t kVersion = 2;

template <class Integer>
void Append(Integer number, std::string& out) {
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> (shift - 8)) & 0xFFU));
  }
}

// Reads integers one after the other; zeros once the bytes are used up.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class Integer>
  Integer Take() {
    Integer number = 0;
    for (std::size_t i = 0; i < sizeof(Integer) && !bytes_.empty(); ++i) {
      number = static_cast<Integer>((number << 8) | static_cast<unsigned char>(bytes_.front()));
      bytes_.remove_prefix(1);
    }
    return number;
  }

 private:
  std::string_view bytes_;
};

std::string TokenOf(const ShardIterator& iterator, std::uint64_t data_set) {
  std::string token;
  Append(kVersion, token);
  Append(data_set, token);
  Append(iterator.shard.created_ms, token);
  Append(iterator.shard.suffix, token);
  Append(iterator.position, token);
  Append(static_cast<std::uint64_t>(iterator.issued.count()), token);
  Append(iterator.reader, token);
  const std::uint64_t seed = XXH3_64bits(iterator.stream_arn.data(), iterator.stream_arn.size());
  Append(static_cast<std::uint64_t>(XXH3_64bits_withSeed(token.data(), token.size(), seed)), token);
  return token;
}

}  // namespace

std::string EncodeShardIterator(const ShardIterator& iterator, std::uint64_t data_set) {
  std::string text = iterator.stream_arn;
  text.append(kSeparator);
  EncodeBase64(TokenOf(iterator, data_set), text);
  return text;
}

Outcome<ShardIterator> DecodeShardIterator(std::string_view text, std::uint64_t data_set,
                                           std::optional<Micros> now) {
  const Fault invalid(Fault::Kind::kIteratorInvalid);
  const std::size_t separator = text.rfind(kSeparator);
  std::string token;
  if (separator == std::string_view::npos ||
      DecodeBase64(text.substr(separator + kSeparator.size()), token) != Base64Fault::kNone) {
    return invalid;
  }
  Reader reader(token);
  reader.Take<std::uint64_t>();  // comparing the tokens below checks the version and the data set
  reader.Take<std::uint64_t>();
  ShardIterator iterator;
  iterator.stream_arn = text.substr(0, separator);
  iterator.shard.created_ms = reader.Take<std::uint64_t>();
  iterator.shard.suffix = reader.Take<std::uint32_t>();
  iterator.position = reader.Take<std::uint64_t>();
  iterator.issued = Micros(static_cast<std::int64_t>(reader.Take<std::uint64_t>()));
  iterator.reader = reader.Take<std::uint32_t>();
  if (token != TokenOf(iterator, data_set)) {
    return invalid;
  }
  // `issued` may be forged and extreme, so nothing is subtracted from it, which could overflow.
  if (now.has_value() && iterator.issued < *now - limits::kShardIteratorLifetime) {
    Fault expired(Fault::Kind::kIteratorExpired);
    expired.issued = iterator.issued;
    expired.now = *now;
    return expired;
  }
  return iterator;
}

}  // namespace weir::stream
