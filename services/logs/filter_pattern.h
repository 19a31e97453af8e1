// SPDX-License-Identifier: Apache-2.0
// FilterPattern: which log events FilterLogEvents returns.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
//   pattern := [term *(" " term)]
//   term    := ["-" | "?"] (word | DQUOTE text DQUOTE)    ; \" and \\ stand for themselves in a text
//
// A term is found anywhere in a message, by case. A message matches if it has all plain terms and
// no `-` term. `?` terms count only if there is no plain one: then one of them is enough.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/logs/errors.h"

namespace weir::logs {

// Immutable, so thread-safe.
class FilterPattern {
 public:
  // Fails with InvalidParameterException for a text of another form. Patterns of JSON (`{ … }`), of
  // columns (`[ … ]`) and regular expressions (`%…%`) are refused by name.
  static LogsResult<FilterPattern> Parse(std::string_view text);

  [[nodiscard]] bool Matches(std::string_view message) const;
  [[nodiscard]] bool matches_all() const { return all_.empty() && any_.empty() && none_.empty(); }

 private:
  std::vector<std::string> all_;
  std::vector<std::string> any_;
  std::vector<std::string> none_;
};

}  // namespace weir::logs
