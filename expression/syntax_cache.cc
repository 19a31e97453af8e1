// SPDX-License-Identifier: Apache-2.0
#include "expression/syntax_cache.h"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace weir::expression {
namespace {

struct Entry {
  ExpressionKind kind = ExpressionKind::kCondition;
  std::string text;  // empty in a vacant entry: no expression is
  Syntax syntax;
};

// One entry for each hash, the newest. A thread's take 2 MB at most, and as good as nothing for the
// few short expressions that a program has.
class SyntaxCache {
 public:
  Entry& EntryFor(ExpressionKind kind, std::string_view text) {
    if (text.size() > kLongestKept) {
      long_ = {};
      return long_;
    }
    entries_.resize(kEntries);
    const std::size_t hash = std::hash<std::string_view>()(text) + static_cast<std::size_t>(kind);
    return entries_[hash % kEntries];
  }

 private:
  static constexpr std::size_t kEntries = 64;
  static constexpr std::size_t kLongestKept = 1024;

  std::vector<Entry> entries_;  // none before the first expression
  Entry long_;
};

}  // namespace

Result<const Syntax*> SyntaxOf(Faults faults, std::string_view text, ReadSyntax read) {
  thread_local SyntaxCache cache;
  Entry& entry = cache.EntryFor(faults.kind(), text);
  if (entry.kind != faults.kind() || entry.text != text || text.empty()) {
    WEIR_ASSIGN_OR_RETURN(entry.syntax, read(faults, text));
    entry.kind = faults.kind();
    entry.text = text;
  }
  return &entry.syntax;
}

}  // namespace weir::expression
