// SPDX-License-Identifier: Apache-2.0
// JsonSink: appends JSON to a string faster than the string itself can, for the long answers.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace weir::protocol {

// Keeps the string longer than it is meant to be while it lives, and writes into that room: a
// check of the room for each part, instead of a call. Nobody else may use the string meanwhile.
class JsonSink {
 public:
  // Makes room for `estimate` bytes; more is made when it is needed.
  JsonSink(std::string& out, std::size_t estimate) : out_(out), at_(out.size()) {
    out_.resize(at_ + estimate);
  }
  JsonSink(const JsonSink&) = delete;
  JsonSink& operator=(const JsonSink&) = delete;
  ~JsonSink() { out_.resize(at_); }

  void Put(char c) { *Claim(1) = c; }
  // Text that stands in the answer as it is.
  void Put(std::string_view text) { std::memcpy(Claim(text.size()), text.data(), text.size()); }
  // In quotes, with the escapes of AppendJsonString.
  void PutString(std::string_view text);
  // A number of core/number.h, in quotes.
  void PutNumber(std::string_view encoded);
  // In quotes, as Base64.
  void PutBinary(std::string_view bytes);

 private:
  // Where the next `size` bytes go, which count as written.
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
  std::size_t at_;  // up to where it is written
};

}  // namespace weir::protocol
