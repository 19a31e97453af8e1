// SPDX-License-Identifier: Apache-2.0
#include "expression/syntax_cache.h"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/per_thread.h"

namespace weir::expression {
namespace {

struct Entry {
  ExpressionKind kind = ExpressionKind::kCondition;
  std::string text;  // empty in a vacant entry; an expression never is
  Syntax syntax;
};

// Keeps the newest expression for each of kEntries hashes. Takes 2 MB at most, and next to nothing
// for the few short expressions that a program has.
class SyntaxCache {
 public:
  Result<const Syntax*> Get(Faults faults, std::string_view text, ReadSyntax read) {
    if (text.size() > kLongestKept) {
      WEIR_ASSIGN_OR_RETURN(long_, read(faults, text));
      return &long_;
    }
    entries_.resize(kEntries);
    const auto kind = static_cast<std::size_t>(faults.kind());
    Entry& entry = entries_[(std::hash<std::string_view>()(text) + kind) % kEntries];
    if (entry.kind != faults.kind() || entry.text != text || text.empty()) {
      WEIR_ASSIGN_OR_RETURN(entry.syntax, read(faults, text));
      entry.kind = faults.kind();
      entry.text = text;
    }
    return &entry.syntax;
  }

 private:
  static constexpr std::size_t kEntries = 64;
  static constexpr std::size_t kLongestKept = 1024;

  std::vector<Entry> entries_;  // empty before the first expression
  Syntax long_;                 // of the last text that was too long to be kept
};

}  // namespace

// Each thread has its own cache. It is not passed in, since no result depends on what it has kept.
Result<SyntaxView> SyntaxOf(Faults faults, std::string_view text, ReadSyntax read) {
  WEIR_ASSIGN_OR_RETURN(const Syntax* syntax, PerThread<SyntaxCache>().Get(faults, text, read));
  return SyntaxView(*syntax, text, faults);
}

}  // namespace weir::expression
