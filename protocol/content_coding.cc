// SPDX-License-Identifier: Apache-2.0
#include "protocol/content_coding.h"

#define ZLIB_CONST  // input is const
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

#include "core/text.h"

namespace weir::protocol {
namespace {

constexpr int kWindowBits = 15;       // the greatest window, in which every stream fits
constexpr int kGzipFormat = 16;       // added to kWindowBits, selects gzip
constexpr int kMemoryLevel = 8;       // zlib's default
constexpr std::size_t kRatio = 1032;  // at best, deflate turns this many bytes into one
constexpr std::size_t kPiece = std::size_t{16} * 1024;
constexpr std::size_t kMaxInput = std::numeric_limits<uInt>::max();

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// Takes the first entry and the separator after it from `list`. Returns the entry, trimmed.
std::string_view TakeEntry(std::string_view& list, char separator) {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view entry = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return Trim(entry);
}

// The weight (`q=0.5`) among the parameters of one entry of Accept-Encoding; the first `q` counts.
// A name with a blank after it is another name (observed on AWS).
double Weight(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = TakeEntry(parameters, ';');
    const std::size_t equals = std::min(value.find('='), value.size());
    if (!EqualsIgnoreCase(value.substr(0, equals), "q")) {
      continue;
    }
    value = Trim(value.substr(std::min(equals + 1, value.size())));
    double weight = 1;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), weight);
    const bool is_number = error == std::errc() && end == value.data() + value.size();
    return is_number ? std::min(weight, 1.0) : 1.0;
  }
  return 1;
}

int FormatBits(ContentCoding coding) {
  return coding == ContentCoding::kGzip ? kWindowBits + kGzipFormat : kWindowBits;
}

const Bytef* Bytes(std::string_view text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

// Whether the bytes that follow begin another member of a gzip file.
bool AtGzipMember(const z_stream& stream) {
  constexpr std::string_view kMagic = "\x1f\x8b\x08";
  return stream.avail_in >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), reinterpret_cast<const char*>(stream.next_in));
}

DecodeFault Inflate(z_stream& stream, bool members, std::size_t max_bytes, std::string& decoded) {
  std::array<char, kPiece> piece;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    const std::size_t size = piece.size() - stream.avail_out;
    if (size > max_bytes - decoded.size()) {
      return DecodeFault::kTooLong;
    }
    decoded.append(piece.data(), size);
    if (result == Z_STREAM_END) {
      if (!members || !AtGzipMember(stream)) {
        return DecodeFault::kNone;
      }
      inflateReset(&stream);
    } else if (result != Z_OK) {  // also Z_BUF_ERROR, at the end of the input
      return DecodeFault::kBroken;
    }
  }
}

}  // namespace

std::optional<ContentCoding> RequestCoding(std::string_view content_encoding) {
  const std::string_view name = Trim(content_encoding);
  for (const ContentCoding coding :
       {ContentCoding::kGzip, ContentCoding::kDeflate, ContentCoding::kIdentity}) {
    if (EqualsIgnoreCase(name, CodingName(coding))) {
      return coding;
    }
  }
  return std::nullopt;
}

ContentCoding AnswerCoding(std::string_view accept_encoding) {
  ContentCoding best = ContentCoding::kIdentity;
  double best_weight = 0;
  const auto consider = [&](ContentCoding coding, double weight) {
    if (weight > best_weight) {
      best = coding;
      best_weight = weight;
    }
  };
  double any = 0;  // the weight of `*`
  bool gzip_listed = false;
  bool deflate_listed = false;
  while (!accept_encoding.empty()) {
    std::string_view entry = TakeEntry(accept_encoding, ',');
    const std::string_view name = TakeEntry(entry, ';');
    if (name == "*") {
      any = Weight(entry);
    } else if (EqualsIgnoreCase(name, CodingName(ContentCoding::kGzip))) {
      gzip_listed = true;
      consider(ContentCoding::kGzip, Weight(entry));
    } else if (EqualsIgnoreCase(name, CodingName(ContentCoding::kDeflate))) {
      deflate_listed = true;
      consider(ContentCoding::kDeflate, Weight(entry));
    }
  }
  consider(ContentCoding::kGzip, gzip_listed ? 0 : any);
  consider(ContentCoding::kDeflate, deflate_listed ? 0 : any);
  return best;
}

DecodeFault Decode(ContentCoding coding, std::string_view encoded, std::size_t max_bytes,
                   std::string& decoded) {
  decoded.clear();
  if (coding == ContentCoding::kIdentity || encoded.size() > kMaxInput) {
    return DecodeFault::kBroken;
  }
  z_stream stream{};
  if (inflateInit2(&stream, FormatBits(coding)) != Z_OK) {
    return DecodeFault::kBroken;
  }
  stream.next_in = Bytes(encoded);
  stream.avail_in = static_cast<uInt>(encoded.size());
  // Reserves space for all that can come, so that the string never grows and holds its bytes twice.
  // Space that is not written to takes no memory.
  decoded.reserve(std::min(max_bytes, encoded.size() * kRatio));
  const DecodeFault fault = Inflate(stream, coding == ContentCoding::kGzip, max_bytes, decoded);
  inflateEnd(&stream);
  return fault;
}

std::optional<std::string> Encode(ContentCoding coding, std::string_view plain) {
  z_stream stream{};
  // Most clients are on this machine, so time counts for more than bytes.
  if (coding == ContentCoding::kIdentity || plain.size() > kMaxInput ||
      deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, FormatBits(coding), kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string encoded(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  stream.next_in = Bytes(plain);
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(encoded.data());
  stream.avail_out = static_cast<uInt>(encoded.size());
  const int result = deflate(&stream, Z_FINISH);
  encoded.resize(encoded.size() - stream.avail_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? std::optional(std::move(encoded)) : std::nullopt;
}

std::string_view CodingName(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kDeflate:
      return "deflate";
    case ContentCoding::kIdentity:
      break;
  }
  return "identity";
}

}  // namespace weir::protocol
