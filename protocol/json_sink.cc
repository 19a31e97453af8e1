// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_sink.h"

#include <span>

#include "core/base64.h"
#include "core/number.h"
#include "protocol/json_text.h"

namespace weir::protocol {

void JsonSink::Grow(std::size_t size) {
  // Not in proportion to the text so far: an answer of a megabyte gets many small parts.
  constexpr std::size_t kMore = 1024;
  out_.resize(at_ + 2 * size + kMore);
}

void JsonSink::PutString(std::string_view text) {
  if (HasEscape(text)) {
    PutEscaped(text);
    return;
  }
  char* const place = Claim(text.size() + 2);
  place[0] = '"';
  std::memcpy(place + 1, text.data(), text.size());
  place[text.size() + 1] = '"';
}

void JsonSink::PutEscaped(std::string_view text) {
  out_.resize(at_);
  AppendJsonString(text, out_);
  at_ = out_.size();
}

void JsonSink::PutNumber(std::string_view encoded) {
  char* const place = Claim(kMaxNumberText + 2);
  place[0] = '"';
  const std::size_t size =
      WriteNumberText(encoded, std::span<char, kMaxNumberText>(place + 1, kMaxNumberText));
  place[size + 1] = '"';
  at_ -= kMaxNumberText - size;
}

void JsonSink::PutBinary(std::string_view bytes) {
  out_.resize(at_);
  out_.push_back('"');
  EncodeBase64(bytes, out_);
  out_.push_back('"');
  at_ = out_.size();
}

}  // namespace weir::protocol
