// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_plan.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/partiql/partiql_keys.h"
#include "services/dynamodb/partiql/where_branches.h"

namespace weir::dynamodb {
namespace {

using expression::KeyCondition;

// A read with what it is sorted by.
struct Candidate {
  PlannedRead read;
  Value partition;
  bool may_overlap = false;  // its branch takes no part in the check for overlaps
};

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

// The keys of what is read.
struct Keys {
  explicit Keys(const ReadTarget& target)
      : partition(target.partition_key().front()),
        sort(target.sort_key().empty() ? nullptr : &target.sort_key().front()) {}

  const KeyAttribute& partition;
  const KeyAttribute* sort;  // null where there is none

  [[nodiscard]] std::string_view sort_name() const {
    return sort == nullptr ? std::string_view() : std::string_view(sort->name);
  }
};

std::vector<Value> ValuesOf(const KeyCondition& condition) {
  std::vector<Value> values{condition.value};
  if (condition.upper.has_value()) {
    values.push_back(*condition.upper);
  }
  return values;
}

// ValidationException for a value of a type that no key has, or an empty one. Sort keys only count
// once the partition is known. Values are not looked at in a branch that names a key in two ways,
// nor from a branch without keys on (observed on AWS).
Status CheckTypes(const ReadTarget& target, const WhereBranches& where) {
  const Keys keys(target);
  const auto check = [&](const KeyAttribute& attribute, Value value) -> Status {
    WEIR_RETURN_IF_ERROR(CheckKeyType(attribute, value));
    return target.CheckKeyNotEmpty(attribute, value);
  };
  for (const WhereBranch& branch : where.branches) {
    if (!branch.names_keys()) {
      return {};
    }
    if (branch.names_key_twice()) {
      continue;
    }
    for (const Value value : branch.partition_values) {
      WEIR_RETURN_IF_ERROR(check(keys.partition, value));
    }
    if (!where.all_name_partition) {
      continue;
    }
    for (const KeyCondition& condition : branch.sort) {
      for (const Value value : ValuesOf(condition)) {
        WEIR_RETURN_IF_ERROR(check(*keys.sort, value));
      }
    }
  }
  return {};
}

// ValidationException for a value that is longer than a key may be.
Status CheckSizes(const WhereBranch& branch) {
  for (const Value value : branch.partition_values) {
    WEIR_RETURN_IF_ERROR(CheckPartitionKeySize(value));
  }
  for (const KeyCondition& condition : branch.sort) {
    for (const Value value : ValuesOf(condition)) {
      WEIR_RETURN_IF_ERROR(CheckSortKeySize(value));
    }
  }
  return {};
}

// The part of its partition that a branch is about. What no sort key can be finds nothing by key
// and stays a filter.
Candidate ReadOf(const ReadTarget& target, const WhereBranch& branch) {
  const Keys keys(target);
  const Value partition = *branch.partition();
  const std::string prefix = ReadTarget::PartitionPrefix(std::span(&partition, 1));
  if (keys.sort == nullptr && target.index() == nullptr) {
    return {{{prefix, KeyAfter(prefix)}, true}, partition};  // the one key there is
  }
  PlannedRead read{{prefix, KeyAfterPrefix(prefix)}, false};
  for (const KeyCondition& condition : branch.sort) {
    const std::vector<Value> values = ValuesOf(condition);
    const bool fits = std::all_of(values.begin(), values.end(), [&](Value value) {
      return CheckKeyType(*keys.sort, value).ok();
    });
    if (fits) {
      read.span = Intersection(read.span, SpanOf(target, prefix, condition));
      read.single = read.single ||
                    (target.index() == nullptr && condition.op == expression::KeyOperator::kEqual);
    }
  }
  return {std::move(read), partition, branch.sort.size() > 1};
}

bool Overlap(const Candidate& one, const Candidate& other) {
  return !IsEmpty(Intersection(one.read.span, other.read.span));
}

// Fails for two reads that have an item in common, unless one's branch may; `distinct` is then
// false.
Status CheckOverlaps(const std::vector<Candidate>& reads, bool& distinct) {
  for (auto one = reads.begin(); one != reads.end(); ++one) {
    for (auto other = reads.begin(); other != one; ++other) {
      if (!Overlap(*one, *other)) {
        continue;
      }
      if (!one->may_overlap && !other->may_overlap) {
        return ValidationError(
            "Overlapping conditions with range keys are not supported in where clause");
      }
      distinct = false;
    }
  }
  return {};
}

// The keys of ORDER BY, as far as they say something. Each partition is read downwards where only
// the partition key is named, whichever way that is ordered (observed on AWS).
struct Order {
  std::optional<bool> partition_descending;
  std::optional<bool> sort_descending;

  [[nodiscard]] std::optional<bool> reads_descending() const {
    return sort_descending.has_value() || !partition_descending.has_value() ? sort_descending
                                                                            : true;
  }
};

Order OrderOf(const ReadTarget& target, const expression::PartiqlStatement& statement) {
  const Keys keys(target);
  Order order;
  for (const expression::StatementOrder& term : statement.order()) {
    std::optional<bool>& descending =
        term.attribute == keys.partition.name ? order.partition_descending : order.sort_descending;
    if (!descending.has_value()) {
      descending = term.descending;
    }
  }
  return order;
}

// Several partitions have no order by the sort key alone.
Status CheckOrder(const Order& order, const WhereBranches& where) {
  const auto& branches = where.branches;
  const bool all_pinned = std::all_of(branches.begin(), branches.end(), [](const auto& branch) {
    return branch.partition().has_value();
  });
  if (branches.empty() || !all_pinned) {
    return ValidationError(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  const bool several = std::any_of(branches.begin(), branches.end(), [&](const auto& branch) {
    return *branch.partition() != *branches.front().partition();
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
    if (rank(a) != rank(b) || !order.reads_descending().has_value()) {
      return rank(a) < rank(b);
    }
    return *order.reads_descending() ? b.read.span.low < a.read.span.low
                                     : a.read.span.low < b.read.span.low;
  });
}

using Reads = std::optional<std::vector<Candidate>>;

// The reads that the branches make; none if everything has to be read. ValidationException for more
// than limits::kDecomposedReads, and for overlaps.
Result<Reads> ReadsOf(const ReadTarget& target, const WhereBranches& where) {
  const auto& branches = where.branches;
  if (where.all_name_partition && (where.too_many || branches.size() > limits::kDecomposedReads)) {
    return ValidationError("Too many decomposed read operations for a given query.");
  }
  const auto any = [&](auto holds) { return std::any_of(branches.begin(), branches.end(), holds); };
  if (where.too_many || any([](const auto& branch) { return !branch.partition().has_value(); })) {
    return Reads();
  }
  std::vector<Candidate> reads;
  for (const WhereBranch& branch : branches) {
    // One that a filter cuts is not compared with the others.
    if (Candidate read = ReadOf(target, branch);
        !IsEmpty(read.read.span) && !(where.from_or && branch.filters_sort)) {
      reads.push_back(std::move(read));
    }
  }
  bool distinct = true;
  WEIR_RETURN_IF_ERROR(CheckOverlaps(reads, distinct));
  const bool filtered =
      where.from_or && any([](const auto& branch) { return branch.filters_sort; });
  return distinct && !filtered ? Reads(std::move(reads)) : Reads();
}

// Values of several branches may be too long for keys: they find nothing, and all is read.
Result<bool> FitsKeys(const WhereBranches& where) {
  for (const WhereBranch& branch : where.branches) {
    Status sizes = CheckSizes(branch);
    if (sizes.ok()) {
      continue;
    }
    if (where.branches.size() == 1 && !branch.listed) {
      return std::move(sizes).error();
    }
    return false;
  }
  return true;
}

}  // namespace

Result<SelectPlan> PlanSelect(const ReadTarget& target,
                              const expression::PartiqlStatement& statement) {
  const Keys keys(target);
  WEIR_RETURN_IF_ERROR(CheckOrderTerms(statement, keys.partition.name, keys.sort_name()));
  SelectPlan plan;
  plan.reads.push_back({KeySpan{}, false});
  if (!statement.where().has_value()) {
    return plan;
  }
  const WhereBranches where =
      BranchesOf(statement.where()->tree(), keys.partition.name, keys.sort_name());
  WEIR_RETURN_IF_ERROR(CheckTypes(target, where));
  WEIR_ASSIGN_OR_RETURN(Reads reads, ReadsOf(target, where));
  const Order order = OrderOf(target, statement);
  if (!statement.order().empty()) {
    WEIR_RETURN_IF_ERROR(CheckOrder(order, where));
  }
  WEIR_ASSIGN_OR_RETURN(const bool fits, FitsKeys(where));
  plan.forward = !order.reads_descending().value_or(false);
  plan.branches = where.from_or && where.branches.size() > 1;
  plan.keyed = fits && reads.has_value();
  if (!plan.keyed) {
    return plan;
  }
  Sort(order, *reads);
  plan.reads.clear();
  for (Candidate& read : *reads) {
    plan.reads.push_back(std::move(read.read));
  }
  return plan;
}

}  // namespace weir::dynamodb
