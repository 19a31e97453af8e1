// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/where_branches.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "services/dynamodb/partiql/partiql_keys.h"

namespace weir::dynamodb {
namespace {

using expression::ConditionTree;
using expression::KeyOperator;
using expression::kNoNode;
using expression::NodeType;

// Weir's own bound on the number of branches; the service reads 50 branches at most.
constexpr std::size_t kMostBranches = 1000;

// Recursion is as deep as the tree, whose depth the parser bounds.
class Distributor {
 public:
  Distributor(const ConditionTree& tree, std::string_view partition_key, std::string_view sort_key)
      : tree_(tree), partition_key_(partition_key), sort_key_(sort_key) {}

  WhereBranches Distribute() {
    WhereBranches result;
    result.all_name_partition = NamesPartition(tree_.root);
    result.branches = BranchesOf(tree_.root);
    result.from_or = from_or_;
    result.too_many = too_many_;
    if (too_many_) {
      result.branches.clear();
    }
    return result;
  }

 private:
  using Branches = std::vector<WhereBranch>;

  template <class Visit>
  void ForEachChild(std::uint32_t node, const Visit& visit) const {
    for (std::uint32_t child = tree_.nodes[node].first; child != kNoNode;
         child = tree_.nodes[child].next) {
      visit(child);
    }
  }

  // The condition, if it can find keys: `=` or IN on the partition key (PartitionTerm), or IN or an
  // operator of Query's on the sort key (SortTerm). Else nullopt.
  [[nodiscard]] std::optional<KeyTerm> PartitionTerm(std::uint32_t node) const {
    std::optional<KeyTerm> term = KeyTermOf(tree_, node, partition_key_);
    return term.has_value() && !term->range.has_value() ? std::move(term) : std::nullopt;
  }
  [[nodiscard]] std::optional<KeyTerm> SortTerm(std::uint32_t node) const {
    return sort_key_.empty() ? std::nullopt : KeyTermOf(tree_, node, sort_key_);
  }

  [[nodiscard]] bool NamesKeys(std::uint32_t node) const {
    const NodeType type = tree_.nodes[node].type;
    if (type == NodeType::kAnd || type == NodeType::kOr) {
      bool names = false;
      ForEachChild(node, [&](std::uint32_t child) { names = names || NamesKeys(child); });
      return names;
    }
    return PartitionTerm(node).has_value() || SortTerm(node).has_value();
  }

  // Whether every branch of the node has `=` or IN on the partition key.
  [[nodiscard]] bool NamesPartition(std::uint32_t node) const {
    const NodeType type = tree_.nodes[node].type;
    if (type != NodeType::kAnd && type != NodeType::kOr) {
      return PartitionTerm(node).has_value();
    }
    bool any = false;
    bool all = true;
    ForEachChild(node, [&](std::uint32_t child) {
      const bool names = NamesPartition(child);
      any = any || names;
      all = all && names;
    });
    return type == NodeType::kAnd ? any : all;
  }

  Branches BranchesOf(std::uint32_t node) {
    const NodeType type = tree_.nodes[node].type;
    if (type == NodeType::kAnd) {
      Branches branches(1);
      ForEachChild(node,
                   [&](std::uint32_t child) { branches = Join(branches, BranchesOf(child)); });
      return branches;
    }
    if (type == NodeType::kOr && NamesKeys(node)) {
      from_or_ = true;
      Branches branches;
      ForEachChild(node, [&](std::uint32_t child) { Append(BranchesOf(child), branches); });
      return branches;
    }
    return BranchesOfCondition(node);
  }

  [[nodiscard]] Branches BranchesOfCondition(std::uint32_t node) const {
    Branches branches;
    if (const std::optional<KeyTerm> term = PartitionTerm(node)) {
      for (const Value value : term->values) {
        WhereBranch& branch = branches.emplace_back();
        branch.partition_values.push_back(value);
        branch.listed = tree_.nodes[node].type == NodeType::kIn;
      }
      return branches;
    }
    if (const std::optional<KeyTerm> term = SortTerm(node)) {
      if (term->range.has_value()) {
        branches.emplace_back().sort.push_back(*term->range);
      }
      for (const Value value : term->values) {
        WhereBranch& branch = branches.emplace_back();
        branch.sort.push_back({sort_key_, KeyOperator::kEqual, value, std::nullopt});
        branch.listed = tree_.nodes[node].type == NodeType::kIn;
      }
      return branches;
    }
    branches.emplace_back().filters_sort = !sort_key_.empty() && Mentions(tree_, node, sort_key_);
    return branches;
  }

  // Combines each of `some` with each of `others`.
  Branches Join(const Branches& some, const Branches& others) {
    Branches joined;
    if (some.size() * others.size() > kMostBranches) {
      too_many_ = true;
      return joined;
    }
    for (const WhereBranch& one : some) {
      for (const WhereBranch& other : others) {
        WhereBranch& branch = joined.emplace_back(one);
        branch.partition_values.insert(branch.partition_values.end(),
                                       other.partition_values.begin(),
                                       other.partition_values.end());
        branch.sort.insert(branch.sort.end(), other.sort.begin(), other.sort.end());
        branch.filters_sort = branch.filters_sort || other.filters_sort;
        branch.listed = branch.listed || other.listed;
      }
    }
    return joined;
  }

  void Append(Branches more, Branches& branches) {
    if (branches.size() + more.size() > kMostBranches) {
      too_many_ = true;
      return;
    }
    std::move(more.begin(), more.end(), std::back_inserter(branches));
  }

  const ConditionTree& tree_;
  const std::string_view partition_key_;
  const std::string_view sort_key_;
  bool from_or_ = false;
  bool too_many_ = false;
};

}  // namespace

std::optional<Value> WhereBranch::partition() const {
  const bool differ = std::any_of(partition_values.begin(), partition_values.end(),
                                  [&](Value value) { return value != partition_values.front(); });
  return partition_values.empty() || differ ? std::nullopt
                                            : std::optional(partition_values.front());
}

WhereBranches BranchesOf(const ConditionTree& tree, std::string_view partition_key,
                         std::string_view sort_key) {
  return Distributor(tree, partition_key, sort_key).Distribute();
}

}  // namespace weir::dynamodb
