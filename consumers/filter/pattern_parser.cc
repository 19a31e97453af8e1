// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/pattern_parser.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "consumers/filter/leaf_parser.h"
#include "core/text.h"
#include "protocol/json_tree.h"

namespace weir::consumers {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::JsonTree;
using Alternative = ParsedPattern::Alternative;

constexpr std::string_view kOr = "$or";

// Names that fields within `$or` can't have, since AWS keeps them for operators
// (RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP in https://github.com/aws/event-ruler).
constexpr std::array<std::string_view, 24> kReserved{
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
};

struct Clause;

// A field with its test or, if it has clauses, an `$or` of them.
struct Condition {
  std::string path;
  std::size_t test = 0;
  std::vector<Clause> either;
};

// Conditions that must all be met, in the order of the pattern.
struct Clause {
  std::vector<Condition> all;
};

class Parser {
 public:
  // Adds the fields of `object`, at the current path, to `clause`.
  Result<void, FilterFault> AddFields(const JsonNode& object, bool within_or, Clause& clause);

  std::vector<LeafTest> TakeTests() && { return std::move(tests_); }

 private:
  Result<void, FilterFault> AddField(const JsonNode& field, bool within_or, Clause& clause);
  Result<void, FilterFault> AddOr(const JsonNode& branches, Clause& clause);

  std::string path_;  // of the object being read, with a point after it unless it is the whole
  std::vector<LeafTest> tests_;
};

Result<void, FilterFault> Parser::AddFields(const JsonNode& object, bool within_or,
                                            Clause& clause) {
  if (object.size() == 0) {
    return FilterFault{"Empty objects are not allowed"};
  }
  for (const JsonNode field : object) {
    if (field.key() == kOr) {
      WEIR_RETURN_IF_ERROR(AddOr(field, clause));
    } else {
      WEIR_RETURN_IF_ERROR(AddField(field, within_or, clause));
    }
  }
  return {};
}

Result<void, FilterFault> Parser::AddField(const JsonNode& field, bool within_or, Clause& clause) {
  const std::string_view name = field.key();
  if (within_or && std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
    return FilterFault{std::string(name) +
                       " is Ruler reserved fieldName which cannot be used inside $or."};
  }
  if (field.kind() != JsonKind::kObject && field.kind() != JsonKind::kArray) {
    return FilterFault{"\"" + std::string(name) + "\" must be an object or an array"};
  }
  const std::size_t outer = path_.size();
  path_ += name;
  if (field.kind() == JsonKind::kArray) {
    WEIR_ASSIGN_OR_RETURN(LeafTest test, ParseLeaf(field));
    clause.all.push_back({path_, tests_.size(), {}});
    tests_.push_back(std::move(test));
  } else {
    path_ += '.';
    WEIR_RETURN_IF_ERROR(AddFields(field, within_or, clause));
  }
  path_.resize(outer);
  return {};
}

Result<void, FilterFault> Parser::AddOr(const JsonNode& branches, Clause& clause) {
  if (branches.kind() != JsonKind::kArray) {
    return FilterFault{"It must be an Array followed with $or."};
  }
  Condition condition;
  for (const JsonNode branch : branches) {
    if (branch.kind() != JsonKind::kObject) {
      return FilterFault{"Only JSON object is allowed in array of $or relationship."};
    }
    WEIR_RETURN_IF_ERROR(AddFields(branch, true, condition.either.emplace_back()));
  }
  if (condition.either.size() < 2) {
    return FilterFault{"There must have at least 2 Objects in $or relationship."};
  }
  clause.all.push_back(std::move(condition));
  return {};
}

// How many alternatives a clause is, and how many fields they have together.
struct Size {
  std::size_t alternatives;
  std::size_t fields;
};

// nullopt if they are too many.
std::optional<Size> Measure(const Clause& clause) {
  Size all{1, 0};
  for (const Condition& condition : clause.all) {
    Size either{1, 1};
    if (!condition.either.empty()) {
      either = {0, 0};
      for (const Clause& branch : condition.either) {
        const std::optional<Size> size = Measure(branch);
        if (!size) {
          return std::nullopt;
        }
        either.alternatives += size->alternatives;
        either.fields += size->fields;
      }
    }
    all.fields = all.fields * either.alternatives + either.fields * all.alternatives;
    all.alternatives *= either.alternatives;
    if (all.alternatives > kMaxAlternatives || all.fields > kMaxFieldsOfAlternatives) {
      return std::nullopt;
    }
  }
  return all;
}

// The clause as alternatives; Measure has found that they are not too many.
std::vector<Alternative> Expand(const Clause& clause) {
  std::vector<Alternative> all(1);
  for (const Condition& condition : clause.all) {
    if (condition.either.empty()) {
      for (Alternative& alternative : all) {
        alternative.insert_or_assign(condition.path, condition.test);
      }
      continue;
    }
    std::vector<Alternative> either;
    for (const Clause& branch : condition.either) {
      std::ranges::move(Expand(branch), std::back_inserter(either));
    }
    std::vector<Alternative> product;
    for (const Alternative& before : all) {
      for (const Alternative& branch : either) {
        Alternative& both = product.emplace_back(before);
        for (const auto& [path, test] : branch) {
          both.insert_or_assign(path, test);
        }
      }
    }
    all = std::move(product);
  }
  return all;
}

}  // namespace

Result<ParsedPattern, FilterFault> ParsePattern(std::string_view text) {
  // In UTF-8 a code unit has at most three bytes.
  if (text.size() > 3 * kMaxPatternCharacters) {
    return FilterFault{"Pattern is too long"};
  }
  const std::optional<JsonTree> tree = JsonTree::Parse(text);
  if (!tree) {
    return FilterFault{"Pattern is not JSON"};
  }
  if (Utf16Size(text) > kMaxPatternCharacters) {
    return FilterFault{"Pattern is too long"};
  }
  if (tree->root().kind() != JsonKind::kObject) {
    return FilterFault{"Filter is not an object"};
  }
  Parser parser;
  Clause clause;
  WEIR_RETURN_IF_ERROR(parser.AddFields(tree->root(), false, clause));
  if (!Measure(clause)) {
    return FilterFault{"Pattern has too many combinations of $or"};
  }
  return ParsedPattern{std::move(parser).TakeTests(), Expand(clause)};
}

}  // namespace weir::consumers
