// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_plan.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/partiql/partiql_keys.h"

namespace weir::dynamodb {
namespace {

using expression::ConditionTree;
using expression::NodeType;

// A read with what it is sorted by.
struct Candidate {
  PlannedRead read;
  Value partition;
};

// Several conditions with `=` or IN leave the values that all of them name.
void Intersect(std::optional<std::vector<Value>>& values, const std::vector<Value>& others) {
  std::vector<Value> distinct;
  for (const Value value : others) {
    const auto has = [&](const std::vector<Value>& list) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    if (!has(distinct) && (!values.has_value() || has(*values))) {
      distinct.push_back(value);
    }
  }
  values = std::move(distinct);
}

KeySpan Intersection(const KeySpan& one, const KeySpan& other) {
  KeySpan span{std::max(one.low, other.low), one.high};
  if (other.high.has_value() && (!span.high.has_value() || *other.high < *span.high)) {
    span.high = other.high;
  }
  return span;
}

bool IsEmpty(const KeySpan& span) {
  return span.high.has_value() && span.low >= *span.high;
}

// The conditions of one branch on the keys of what is read.
class Branch {
 public:
  Branch(const ReadTarget& target, const ConditionTree& tree, std::uint32_t root)
      : target_(target), tree_(tree), conjuncts_(Conjuncts(tree, root)) {}

  // ValidationException for a value that no key has.
  Status Read() {
    const KeyAttribute& hash = target_.partition_key().front();
    const KeyAttribute* range = target_.sort_key().empty() ? nullptr : &target_.sort_key().front();
    for (const std::uint32_t node : conjuncts_) {
      if (std::optional<KeyTerm> term = KeyTermOf(tree_, node, hash.name)) {
        names_hash_ = true;
        if (!term->range.has_value()) {
          WEIR_RETURN_IF_ERROR(CheckValues(hash, false, term->values));
          Intersect(hash_values_, term->values);
        }
      }
      if (range == nullptr) {
        continue;
      }
      std::optional<KeyTerm> term = KeyTermOf(tree_, node, range->name);
      if (!term.has_value()) {
        filters_range_ = filters_range_ || Mentions(tree_, node, range->name);
      } else if (term->range.has_value()) {
        ranges_.push_back(*term->range);
      } else {
        range_terms_.push_back(std::move(term->values));
      }
    }
    return {};
  }

  // The sort key's values only count once the partition is known.
  Status ReadRange() {
    if (target_.sort_key().empty()) {
      return {};
    }
    const KeyAttribute& range = target_.sort_key().front();
    for (const std::vector<Value>& values : range_terms_) {
      WEIR_RETURN_IF_ERROR(CheckValues(range, true, values));
      Intersect(range_values_, values);
    }
    for (const expression::KeyCondition& condition : ranges_) {
      WEIR_RETURN_IF_ERROR(CheckValues(range, true, std::span(&condition.value, 1)));
      if (condition.upper.has_value()) {
        WEIR_RETURN_IF_ERROR(CheckValues(range, true, std::span(&*condition.upper, 1)));
      }
    }
    return {};
  }

  [[nodiscard]] bool keyed() const { return hash_values_.has_value(); }
  [[nodiscard]] bool names_hash() const { return names_hash_; }
  // A condition on the sort key finds no keys, such as `<>`.
  [[nodiscard]] bool filters_range() const { return filters_range_; }
  [[nodiscard]] std::size_t reads() const {
    return hash_values_->size() * (range_values_.has_value() ? range_values_->size() : 1);
  }

  void AddReads(std::vector<Candidate>& candidates) const {
    for (const Value partition : *hash_values_) {
      const std::string prefix = ReadTarget::PartitionPrefix(std::span(&partition, 1));
      KeySpan span{prefix, KeyAfterPrefix(prefix)};
      for (const expression::KeyCondition& condition : ranges_) {
        span = Intersection(span, SpanOf(target_, prefix, condition));
      }
      if (!range_values_.has_value()) {
        const bool single = target_.index() == nullptr && target_.sort_key().empty();
        candidates.push_back({{single ? Whole(prefix) : span, single}, partition});
        continue;
      }
      for (const Value value : *range_values_) {
        const KeySpan exactly = Intersection(span, target_.Exactly(prefix, value));
        candidates.push_back({{exactly, target_.index() == nullptr}, partition});
      }
    }
  }

 private:
  // The one key of a table without a sort key.
  static KeySpan Whole(const std::string& prefix) { return {prefix, KeyAfter(prefix)}; }

  Status CheckValues(const KeyAttribute& attribute, bool is_sort,
                     std::span<const Value> values) const {
    for (const Value value : values) {
      WEIR_RETURN_IF_ERROR(CheckKeyType(attribute, value));
      WEIR_RETURN_IF_ERROR(target_.CheckKeyValue(attribute, is_sort, value));
    }
    return {};
  }

  const ReadTarget& target_;
  const ConditionTree& tree_;
  std::vector<std::uint32_t> conjuncts_;
  bool names_hash_ = false;
  bool filters_range_ = false;
  std::optional<std::vector<Value>> hash_values_;
  std::optional<std::vector<Value>> range_values_;
  std::vector<std::vector<Value>> range_terms_;
  std::vector<expression::KeyCondition> ranges_;
};

Result<std::vector<Branch>> BranchesOf(const ReadTarget& target, const ConditionTree& tree) {
  std::vector<Branch> branches;
  const expression::Node& root = tree.nodes[tree.root];
  if (root.type == NodeType::kOr) {
    for (std::uint32_t child = root.first; child != expression::kNoNode;
         child = tree.nodes[child].next) {
      branches.emplace_back(target, tree, child);
    }
  } else {
    branches.emplace_back(target, tree, tree.root);
  }
  for (Branch& branch : branches) {
    WEIR_RETURN_IF_ERROR(branch.Read());
  }
  return branches;
}

// No two reads may have an item in common. Without a sort key they are then the same.
Status AddDistinct(std::vector<Candidate> candidates, bool has_sort_key,
                   std::vector<Candidate>& reads) {
  for (Candidate& candidate : candidates) {
    const KeySpan& span = candidate.read.span;
    if (IsEmpty(span)) {
      continue;
    }
    const bool overlaps = std::any_of(reads.begin(), reads.end(), [&](const Candidate& other) {
      return !IsEmpty(Intersection(span, other.read.span));
    });
    if (!overlaps) {
      reads.push_back(std::move(candidate));
    } else if (has_sort_key) {
      return ValidationError(
          "Overlapping conditions with range keys are not supported in where clause");
    }
  }
  return {};
}

// The keys of ORDER BY, as far as they say something.
struct Order {
  std::optional<bool> partition_descending;
  std::optional<bool> sort_descending;
};

Result<Order> OrderOf(const ReadTarget& target, const expression::PartiqlStatement& statement,
                      bool names_hash) {
  Order order;
  if (!statement.order().empty() && !names_hash) {
    return ValidationError(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  for (const expression::StatementOrder& key : statement.order()) {
    const bool is_partition = key.attribute == target.partition_key().front().name;
    const bool is_sort =
        !target.sort_key().empty() && key.attribute == target.sort_key().front().name;
    if (!is_partition && !is_sort) {
      return NotOrdered(key.attribute);
    }
    std::optional<bool>& descending =
        is_partition ? order.partition_descending : order.sort_descending;
    if (!descending.has_value()) {
      descending = key.descending;
    }
  }
  return order;
}

// Several partitions have no order by the sort key alone.
Status CheckOrder(const Order& order, const std::vector<Candidate>& reads) {
  const bool several = std::any_of(reads.begin(), reads.end(), [&](const Candidate& read) {
    return read.partition != reads.front().partition;
  });
  if (several && order.sort_descending.has_value() && !order.partition_descending.has_value()) {
    return ValidationError(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        "WHERE clause.");
  }
  return {};
}

// Reads of several partitions or sort keys in the order that was asked for. Without ORDER BY they
// stay in that of the statement.
void Sort(const Order& order, std::vector<Candidate>& reads) {
  std::vector<Value> partitions;
  for (const Candidate& read : reads) {
    if (std::find(partitions.begin(), partitions.end(), read.partition) == partitions.end()) {
      partitions.push_back(read.partition);
    }
  }
  if (order.partition_descending.has_value()) {
    std::sort(partitions.begin(), partitions.end(), [&](Value a, Value b) {
      return *order.partition_descending ? b.bytes() < a.bytes() : a.bytes() < b.bytes();
    });
  }
  const auto rank = [&](const Candidate& read) {
    return std::find(partitions.begin(), partitions.end(), read.partition) - partitions.begin();
  };
  std::stable_sort(reads.begin(), reads.end(), [&](const Candidate& a, const Candidate& b) {
    if (rank(a) != rank(b) || !order.sort_descending.has_value()) {
      return rank(a) < rank(b);
    }
    return *order.sort_descending ? b.read.span.low < a.read.span.low
                                  : a.read.span.low < b.read.span.low;
  });
}

}  // namespace

Result<SelectPlan> PlanSelect(const ReadTarget& target,
                              const expression::PartiqlStatement& statement) {
  SelectPlan plan;
  plan.reads.push_back({KeySpan{}, false});
  if (!statement.where().has_value()) {
    return plan;
  }
  WEIR_ASSIGN_OR_RETURN(std::vector<Branch> branches,
                        BranchesOf(target, statement.where()->tree()));
  const auto all = [&](auto holds) { return std::all_of(branches.begin(), branches.end(), holds); };
  WEIR_ASSIGN_OR_RETURN(
      const Order order,
      OrderOf(target, statement, all([](const Branch& branch) { return branch.names_hash(); })));
  plan.forward = !order.sort_descending.value_or(false);
  plan.branches = branches.size() > 1;
  plan.keyed =
      all([](const Branch& branch) { return branch.keyed(); }) &&
      (!plan.branches || all([](const Branch& branch) { return !branch.filters_range(); }));
  if (!plan.keyed) {
    return plan;
  }
  std::size_t count = 0;
  for (Branch& branch : branches) {
    WEIR_RETURN_IF_ERROR(branch.ReadRange());
    count += branch.reads();
  }
  if (count > limits::kDecomposedReads) {
    return ValidationError("Too many decomposed read operations for a given query.");
  }
  std::vector<Candidate> reads;
  for (const Branch& branch : branches) {
    std::vector<Candidate> candidates;
    branch.AddReads(candidates);
    WEIR_RETURN_IF_ERROR(AddDistinct(std::move(candidates), !target.sort_key().empty(), reads));
  }
  WEIR_RETURN_IF_ERROR(CheckOrder(order, reads));
  Sort(order, reads);
  plan.reads.clear();
  for (Candidate& read : reads) {
    plan.reads.push_back(std::move(read.read));
  }
  return plan;
}

}  // namespace weir::dynamodb
