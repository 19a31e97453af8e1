// SPDX-License-Identifier: Apache-2.0
#include "runtimes/invocation_log.h"

#include <algorithm>

#include "core/text.h"
#include "core/time_text.h"
#include "runtimes/random_hex.h"

namespace weir::runtimes {

std::string NewLogStream(Micros now, std::string_view version) {
  constexpr std::size_t kDate = 10;
  std::string stream = UtcSeconds(now).substr(0, kDate);  // 2026-12-01
  std::replace(stream.begin(), stream.end(), '-', '/');
  return stream.append("/[").append(version).append("]").append(RandomHex());
}

void InvocationLog::Output(Source source, std::string_view bytes) {
  std::string& partial = partial_[static_cast<std::size_t>(source)];
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t room = kLongestLine - partial.size();
    if (std::min(end, bytes.size()) > room) {
      std::string_view fits = TruncateUtf8(bytes, room);
      constexpr std::size_t kMostBefore = 3;  // bytes of a character that is cut
      if (fits.size() + kMostBefore < room) {
        fits = bytes.substr(0, room);  // not UTF-8
      }
      LogOutput(partial.append(fits));
      partial.clear();
      bytes.remove_prefix(fits.size());
      continue;
    }
    partial.append(bytes.substr(0, end));
    if (end == std::string_view::npos) {
      return;
    }
    LogOutput(partial);
    partial.clear();
    bytes.remove_prefix(end + 1);
  }
}

void InvocationLog::Flush() {
  for (std::string& partial : partial_) {
    if (!partial.empty()) {
      LogOutput(partial);
      partial.clear();
    }
  }
}

void InvocationLog::LogOutput(std::string_view line) {
  if (dropping_) {
    return;
  }
  output_ += line.size() + 1;
  if (output_ > kMostOutput) {
    dropping_ = true;
    Line("Weir drops what else this invocation prints: it is more than 16 MB.");
    return;
  }
  if (line.find('\r') == std::string_view::npos) {
    Line(line);
    return;
  }
  // AWS's runtimes, and our bootstraps, print an event of several lines with carriage returns
  // between them. CloudWatch Logs shows line feeds.
  std::string lines(line);
  std::replace(lines.begin(), lines.end(), '\r', '\n');
  Line(lines);
}

void InvocationLog::Line(std::string_view text) {
  sink_.Append(group_, stream_, clock_.Now(), text);
  const std::string_view last = text.substr(text.size() - std::min(text.size(), kTail));
  tail_.append(last).push_back('\n');
  if (tail_.size() > kTail) {
    tail_.erase(0, tail_.size() - kTail);
  }
}

void InvocationLog::Begin(bool with_tail) {
  output_ = 0;
  dropping_ = false;
  if (!with_tail) {
    tail_.clear();
  }
}

}  // namespace weir::runtimes
