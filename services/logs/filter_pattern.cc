// SPDX-License-Identifier: Apache-2.0
#include "services/logs/filter_pattern.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace weir::logs {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

LogsError Invalid() {
  return InvalidParameter("Invalid filter pattern");
}

LogsError Unsupported(std::string_view kind) {
  return InvalidParameter(std::string(kind) + " are not supported by Weir yet");
}

// Reads the text in quotes at the start of `rest`, which then begins after them. False if they are
// not closed.
bool TakeQuoted(std::string_view& rest, std::string& text) {
  std::size_t at = 1;
  while (at < rest.size() && rest[at] != '"') {
    const bool escapes =
        rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\');
    at += escapes ? 1 : 0;
    text += rest[at];
    ++at;
  }
  if (at >= rest.size()) {
    return false;
  }
  rest.remove_prefix(at + 1);
  return true;
}

std::string TakeWord(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of(" \t\r\n\""), rest.size());
  std::string word(rest.substr(0, end));
  rest.remove_prefix(end);
  return word;
}

}  // namespace

LogsResult<FilterPattern> FilterPattern::Parse(std::string_view text) {
  FilterPattern pattern;
  std::string_view rest = text;
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  if (rest.starts_with('{')) {
    return Unsupported("JSON filter patterns");
  }
  if (rest.starts_with('[')) {
    return Unsupported("Space-delimited filter patterns");
  }
  while (!rest.empty()) {
    const char kind = rest.front();
    if (kind == '-' || kind == '?') {
      rest.remove_prefix(1);
    }
    if (rest.starts_with('%')) {
      return Unsupported("Regular expressions in filter patterns");
    }
    std::string term;
    if (!rest.starts_with('"')) {
      term = TakeWord(rest);
    } else if (!TakeQuoted(rest, term)) {
      return Invalid();
    }
    if (term.empty()) {
      return Invalid();
    }
    auto& terms = kind == '-' ? pattern.none_ : kind == '?' ? pattern.any_ : pattern.all_;
    terms.push_back(std::move(term));
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  }
  return pattern;
}

bool FilterPattern::Matches(std::string_view message) const {
  const auto is_in = [message](const std::string& term) { return ContainsText(message, term); };
  if (std::any_of(none_.begin(), none_.end(), is_in)) {
    return false;
  }
  if (all_.empty() && !any_.empty()) {
    return std::any_of(any_.begin(), any_.end(), is_in);
  }
  return std::all_of(all_.begin(), all_.end(), is_in);
}

}  // namespace weir::logs
