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

// A read, with what decides its place in the order of reads.
struct Candidate {
  PlannedRead read;
  Value partition;
  bool may_overlap = false;  // with other reads: its branch has several conditions on the sort key
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

// The key attributes of the table or index that is read.
struct Keys {
  explicit Keys(const ReadTarget& target)
      : partition(target.partition_key().front()),
        sort(target.sort_key().empty() ? nullptr : &target.sort_key().front()) {}

  const KeyAttribute& partition;
  const KeyAttribute* sort;  // null if it has none

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

// ValidationException for a key value that is empty or does not have the key attribute's type.
// Values of sort keys are only checked if every branch names the partition. A branch that names a
// key twice is skipped, and the first branch that names no key ends the check (observed on AWS).
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

// The read for a branch: the part of its partition that its conditions leave. A condition with a
// value that no sort key can have does not narrow that, and acts only as a filter.
Candidate ReadOf(const ReadTarget& target, const WhereBranch& branch) {
  const Keys keys(target);
  const Value partition = *branch.partition();
  const std::string prefix = ReadTarget::PartitionPrefix(std::span(&partition, 1));
  if (keys.sort == nullptr && target.index() == nullptr) {
    return {{{prefix, KeyAfter(prefix)}, true}, partition};  // the partition has only this key
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

// ValidationException if two reads have keys in common and neither `may_overlap`. Sets `distinct`
// to false if reads overlap that may.
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

// The directions that ORDER BY gives to the key attributes; nullopt for one that it does not name.
// If it names only the partition key, each partition is read in descending order, in whichever
// direction the partitions themselves are ordered (observed on AWS).
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

// ValidationException unless every branch names one partition. Several partitions cannot be ordered
// by the sort key alone.
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

// Sorts the reads by partition, then by sort key, as ORDER BY asks. What it does not order stays in
// the order of the statement.
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

// The reads that the branches make; nullopt if everything has to be read. ValidationException for
// more than limits::kDecomposedReads branches, and for overlaps.
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
    // A branch with a filter on the sort key takes no part in the check for overlaps. With such a
    // branch everything is read in the end.
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

// Whether all values are short enough for keys. If not, everything is read, and such a value finds
// nothing; but a single branch that does not come from IN fails with ValidationException.
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
