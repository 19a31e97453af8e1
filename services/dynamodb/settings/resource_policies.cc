// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/resource_policies.h"

#include <algorithm>
#include <charconv>

#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kNoPolicy = "NO_POLICY";
constexpr std::string_view kNotFound =
    "Resource-based policy not found for the provided ResourceArn: ";

ApiError RevisionMismatch(const std::string& text) {
  return MakeError(ErrorCode::kPolicyNotFound, std::string(kNotFound) + text);
}

}  // namespace

std::string NewRevisionId(Micros now, std::string_view last) {
  std::int64_t milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  std::int64_t before = 0;
  (void)std::from_chars(last.data(), last.data() + last.size(), before);
  return std::to_string(std::max(milliseconds, before + 1));
}

Result<storage::TablePtr> FindPolicyTable(Database& database, const ResourceArn& resource) {
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table,
                        ResolveTable(database, resource.table_name, kSettledTable));
  const storage::TableMetadataPtr metadata = table->metadata();
  if (!resource.stream_label.empty() &&
      database.streams().Find(metadata->arn + resource.suffix()) == nullptr) {
    return MakeError(ErrorCode::kResourceNotFound,
                     "Requested resource not found: Stream: " + resource.stream_label +
                         " not found for Table: " + resource.table_name);
  }
  return table;
}

Status CheckRevision(const std::optional<std::string>& expected,
                     const std::optional<storage::ResourcePolicy>& current,
                     std::string_view table_name) {
  const std::string table(table_name);
  if (!expected.has_value()) {
    return {};
  }
  if (expected == kNoPolicy) {
    return current.has_value()
               ? Status(RevisionMismatch(
                     "Requested policy update expecting none to be present for table " + table +
                     ", but a policy exists with revision id " + current->revision_id + "."))
               : Status();
  }
  const std::string requested = "Requested update for policy with revision id " + *expected + ", ";
  if (!current.has_value()) {
    return RevisionMismatch(requested + "but table " + table + " has no associated policy.");
  }
  if (current->revision_id != *expected) {
    return RevisionMismatch(requested + "but the policy associated to target table " + table +
                            " has revision id " + current->revision_id + ".");
  }
  return {};
}

ApiError PolicyNotFound(std::string_view arn) {
  return MakeError(ErrorCode::kPolicyNotFound, std::string(kNotFound) + std::string(arn));
}

}  // namespace weir::dynamodb
