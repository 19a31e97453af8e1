// SPDX-License-Identifier: Apache-2.0
// JsonSink: appends JSON to a string faster than the string itself can, for the long answers.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace weir::protocol {

// While it lives, the string is longer than what has been written, and Put writes into the rest.
// So a part costs a comparison of sizes instead of a call. The destructor cuts the string to what
// was written; until then, nobody else may use it.
class JsonSink {
 public:
  // Appends to `out`. `estimate` is about how many bytes will be written; there may be more.
  JsonSink(std::string& out, std::size_t estimate) : out_(out), at_(out.size()) {
    out_.resize(at_ + estimate);
  }
  JsonSink(const JsonSink&) = delete;
  JsonSink& operator=(const JsonSink&) = delete;
  ~JsonSink() { out_.resize(at_); }

  void Put(char c) { *Claim(1) = c; }
  // Writes the text as it is.
  void Put(std::string_view text) { std::memcpy(Claim(text.size()), text.data(), text.size()); }
  // Writes the text in quotes, with the escapes of AppendJsonString.
  void PutString(std::string_view text);
  // Writes an encoded number (core/number.h) as text in quotes.
  void PutNumber(std::string_view encoded);
  // Writes the bytes in quotes, as Base64.
  void PutBinary(std::string_view bytes);

 private:
  // Where the next `size` bytes go. They count as written, so the caller must write them.
  char* Claim(std::size_t size) {
    if (out_.size() - at_ < size) {
      Grow(size);
    }
    char* const place = out_.data() + at_;
    at_ += size;
    return place;
  }
  void Grow(std::size_t size);
  void PutEscaped(std::string_view text);

  std::string& out_;
  std::size_t at_;  // where what has been written ends
};

}  // namespace weir::protocol
