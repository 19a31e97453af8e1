// SPDX-License-Identifier: Apache-2.0
#include "protocol/content_coding.h"

#include <libdeflate.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>

#include "core/text.h"

namespace weir::protocol {
namespace {

// Most clients are on this machine, so time counts for more than bytes.
constexpr int kCompressionLevel = 1;
// How many times longer than its code a body is assumed to be at first. JSON is rarely more.
constexpr std::size_t kLikelyRatio = 8;

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

// A number such as 0.5, -1e3 or nan; nullopt if the text is something else, or not in range.
std::optional<double> DecimalIn(std::string_view text) {
  // strtod would also take blanks and a plus before a number, and hexadecimal digits.
  if (text.empty() || text.front() == '+' || text.find_first_of(" \t\n\v\f\rxX") < text.size()) {
    return std::nullopt;
  }
  const std::string copy(text);
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(copy.c_str(), &end);
  const bool is_number = errno != ERANGE && end == copy.c_str() + copy.size();
  return is_number ? std::optional(value) : std::nullopt;
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
    return std::min(DecimalIn(value).value_or(1), 1.0);
  }
  return 1;
}

struct Free {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};
using Compressor = std::unique_ptr<libdeflate_compressor, Free>;
using Decompressor = std::unique_ptr<libdeflate_decompressor, Free>;

// Whether the bytes that follow begin another member of a gzip file.
bool AtGzipMember(std::string_view encoded) {
  return encoded.starts_with("\x1f\x8b\x08");
}

// What a text of streams, one after the other, stands for.
class StreamDecoder {
 public:
  // `decoded` holds the result, and zeros after it until Finish().
  StreamDecoder(ContentCoding coding, std::size_t max_bytes, std::string& decoded)
      : decompressor_(libdeflate_alloc_decompressor()),
        decode_(coding == ContentCoding::kGzip ? libdeflate_gzip_decompress_ex
                                               : libdeflate_zlib_decompress_ex),
        max_bytes_(max_bytes),
        decoded_(decoded) {
    if (decompressor_ == nullptr) {
      throw std::bad_alloc();
    }
  }

  // Takes the first stream off `encoded` and appends what it stands for.
  DecodeFault DecodeStream(std::string_view& encoded) {
    for (;;) {
      std::size_t taken = 0;
      std::size_t made = 0;
      const libdeflate_result result =
          decode_(decompressor_.get(), encoded.data(), encoded.size(), decoded_.data() + size_,
                  decoded_.size() - size_, &taken, &made);
      if (result == LIBDEFLATE_SUCCESS) {
        encoded.remove_prefix(taken);
        size_ += made;
        return DecodeFault::kNone;
      }
      if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
        return DecodeFault::kBroken;
      }
      if (decoded_.size() == max_bytes_) {
        return DecodeFault::kTooLong;
      }
      // libdeflate cannot go on where it ended, so the stream is decoded anew. The room grows by a
      // factor, so that all attempts together cost little more than the last.
      Reserve(std::max(decoded_.size(), encoded.size()));
    }
  }

  // Makes room for what `bytes` bytes of streams probably stand for.
  void Reserve(std::size_t bytes) {
    decoded_.resize(bytes < max_bytes_ / kLikelyRatio ? bytes * kLikelyRatio : max_bytes_);
  }

  void Finish() { decoded_.resize(size_); }

 private:
  Decompressor decompressor_;
  decltype(&libdeflate_gzip_decompress_ex) decode_;
  std::size_t max_bytes_;
  std::string& decoded_;
  std::size_t size_ = 0;  // of the result so far
};

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
  if (coding == ContentCoding::kIdentity) {
    return DecodeFault::kBroken;
  }
  StreamDecoder decoder(coding, max_bytes, decoded);
  decoder.Reserve(encoded.size());
  do {
    const DecodeFault fault = decoder.DecodeStream(encoded);
    if (fault != DecodeFault::kNone) {
      return fault;
    }
  } while (coding == ContentCoding::kGzip && AtGzipMember(encoded));
  decoder.Finish();
  return DecodeFault::kNone;
}

std::optional<std::string> Encode(ContentCoding coding, std::string_view plain) {
  if (coding == ContentCoding::kIdentity) {
    return std::nullopt;
  }
  const Compressor compressor(libdeflate_alloc_compressor(kCompressionLevel));
  if (compressor == nullptr) {
    return std::nullopt;
  }
  const bool gzip = coding == ContentCoding::kGzip;
  const auto bound = gzip ? libdeflate_gzip_compress_bound : libdeflate_zlib_compress_bound;
  const auto encode = gzip ? libdeflate_gzip_compress : libdeflate_zlib_compress;
  std::string encoded(bound(compressor.get(), plain.size()), '\0');
  encoded.resize(
      encode(compressor.get(), plain.data(), plain.size(), encoded.data(), encoded.size()));
  return encoded;
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
