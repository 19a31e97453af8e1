// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/index_read.h"

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace weir::dynamodb {
namespace {

// The attributes in `uses` that the index does not project, as "[a, b]"; empty if it projects all.
std::string NotProjected(const storage::IndexDefinition& index,
                         std::span<const expression::AttributeUse> uses) {
  std::set<std::string_view> names;
  for (const expression::AttributeUse& use : uses) {
    if (!index.projected.Contains(use.name)) {
      names.insert(use.name);
    }
  }
  std::string text;
  for (const std::string_view name : names) {
    text.append(text.empty() ? "[" : ", ").append(name);
  }
  return text.empty() ? text : text + "]";
}

std::span<const expression::AttributeUse> ProjectedUses(const ReadPlan& plan) {
  return plan.projection.has_value() ? plan.projection->attributes()
                                     : std::span<const expression::AttributeUse>();
}

}  // namespace

Status CheckIndexOptions(const ReadTarget& target, std::optional<Select> select, bool consistent) {
  const storage::IndexDefinition* index = target.index();
  if (index == nullptr || !index->global()) {
    return {};
  }
  if (consistent) {
    return ValidationError("Consistent reads are not supported on global secondary indexes");
  }
  if (select == Select::kAllAttributes && !index->projected.all()) {
    return InvalidParameter(
        "Select type ALL_ATTRIBUTES is not supported for global secondary index " + index->name +
        " because its projection type is not ALL");
  }
  return {};
}

Status CheckProjectedAttributes(const ReadTarget& target, const ReadPlan& plan) {
  const storage::IndexDefinition* index = target.index();
  if (index == nullptr || !index->global()) {
    return {};
  }
  const std::string missing = NotProjected(*index, ProjectedUses(plan));
  if (!missing.empty()) {
    return InvalidParameter("Global secondary index " + index->name + " does not project " +
                            missing);
  }
  return {};
}

Status CheckFilteredAttributes(const ReadTarget& target, const ReadPlan& plan) {
  const storage::IndexDefinition* index = target.index();
  if (index == nullptr || !plan.filter.has_value()) {
    return {};
  }
  const std::string missing = NotProjected(*index, plan.filter->attributes());
  if (!missing.empty()) {
    return InvalidParameter("Secondary index " + index->name +
                            " does not project one or more filter attributes: " + missing);
  }
  return {};
}

bool FetchesItems(const ReadTarget& target, std::optional<Select> select, const ReadPlan& plan) {
  const storage::IndexDefinition* index = target.index();
  if (index == nullptr || index->global() || index->projected.all()) {
    return false;
  }
  return select == Select::kAllAttributes || !NotProjected(*index, ProjectedUses(plan)).empty();
}

}  // namespace weir::dynamodb
