// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/update_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/tables/table_state.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

using storage::BillingMode;
using storage::TableChange;
using storage::TableMetadata;

IndexUpdates IndexUpdatesOf(const UpdateTableRequest& request) {
  return request.global_secondary_index_updates.has_value()
             ? IndexUpdates(*request.global_secondary_index_updates)
             : IndexUpdates();
}

// An empty structure counts as absent. (AWS ignores it beside other members, and fails if it is
// alone.)
bool HasLimits(const UpdateTableRequest& request) {
  const std::optional<OnDemandThroughput>& limits = request.on_demand_throughput;
  return limits.has_value() && (limits->max_read_request_units.has_value() ||
                                limits->max_write_request_units.has_value());
}

bool HasWarmth(const UpdateTableRequest& request) {
  const std::optional<WarmThroughput>& warm = request.warm_throughput;
  return warm.has_value() &&
         (warm->read_units_per_second.has_value() || warm->write_units_per_second.has_value());
}

int CountChanges(const UpdateTableRequest& request) {
  const std::array<bool, 9> changes = {request.mode().has_value(),
                                       request.provisioned_throughput.has_value(),
                                       !IndexUpdatesOf(request).empty(),
                                       request.stream_specification.has_value(),
                                       request.sse_specification.has_value(),
                                       request.table_class.has_value(),
                                       request.deletion_protection_enabled.has_value(),
                                       HasLimits(request),
                                       HasWarmth(request)};
  return static_cast<int>(std::count(changes.begin(), changes.end(), true));
}

ApiError MustBeAlone(std::string_view change) {
  return InvalidParameter(std::string(change) + " must be the only operation in the request");
}

// ValidationException unless the changes may be in one request; AWS's order of faults.
Status CheckCombination(const UpdateTableRequest& request) {
  const int changes = CountChanges(request);
  if (changes < 2) {
    return {};
  }
  if (request.sse_specification.has_value()) {
    return MustBeAlone("Server-Side Encryption modification");
  }
  if (request.table_class.has_value()) {
    return MustBeAlone("TableClass modification");
  }
  if (request.deletion_protection_enabled.has_value()) {
    return MustBeAlone("DeletionProtection modification");
  }
  const bool changes_indexes = ChangesIndexes(IndexUpdatesOf(request));
  if (HasLimits(request) && (changes > 2 || !request.mode().has_value())) {
    return InvalidParameter(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  }
  if (HasWarmth(request)) {
    return changes_indexes ? InvalidParameter(
                                 "Create global secondary index cannot be specified "
                                 "when updating WarmThroughput")
                           : MustBeAlone("WarmThroughput");
  }
  const bool throughput = request.provisioned_throughput.has_value();
  if (request.stream_specification.has_value()) {
    if (throughput || request.mode() == BillingMode::kProvisioned) {
      return InvalidParameter("You cannot modify stream status while updating table IOPS");
    }
    if (!IndexUpdatesOf(request).empty()) {
      return InvalidParameter("You cannot create or delete index while changing stream status");
    }
  }
  if (changes_indexes && throughput) {
    return InvalidParameter("You cannot create or delete index while updating table IOPS");
  }
  return {};
}

Status CheckStream(const StreamSpecification& stream) {
  if (stream.stream_enabled && !stream.stream_view_type.has_value()) {
    return InvalidParameter("If stream is being enabled then UpdateViewType is required");
  }
  if (!stream.stream_enabled && stream.stream_view_type.has_value()) {
    return InvalidParameter(
        "If stream is being disabled, then UpdateViewType must not be specified");
  }
  return {};
}

Status CheckThroughput(const UpdateTableRequest& request) {
  const bool units = request.provisioned_throughput.has_value();
  if (request.mode() == BillingMode::kProvisioned && !units) {
    return InvalidParameter(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (request.mode() == BillingMode::kPayPerRequest && units) {
    return InvalidParameter(
        "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST");
  }
  if (request.on_demand_throughput.has_value()) {
    WEIR_RETURN_IF_ERROR(
        CheckOnDemandRange(*request.on_demand_throughput, {}, ThroughputRequest::kUpdate));
  }
  return {};
}

// What one request changes in one table.
class Update {
 public:
  Update(const Context& context, const UpdateTableRequest& request, const storage::Table& table)
      : database_(context.database),
        region_(context.request.region),
        times_(context.database.options().transition_times),
        request_(request),
        table_(table),
        now_(context.database.clock().Now()) {}

  Status Apply(TableMetadata& table) {
    before_ = table;
    WEIR_RETURN_IF_ERROR(CheckChangeable(table, now_));
    if (request_.deletion_protection_enabled.has_value()) {
      table.deletion_protection = *request_.deletion_protection_enabled;
      return {};
    }
    if (request_.sse_specification.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckEncryptionChange(table, now_));
      return ChangeEncryption(*request_.sse_specification, region_, now_, now_ + times_.encryption,
                              table);
    }
    if (request_.table_class.has_value()) {
      return ApplyTableClass(table);
    }
    if (HasWarmth(request_)) {
      WEIR_RETURN_IF_ERROR(
          CheckWarmIncrease(*request_.warm_throughput, {}, table.capacity.warm.At(now_)));
      ChangeWarm(table.capacity, *request_.warm_throughput, now_, now_ + times_.warm_throughput);
      return {};
    }
    if (request_.stream_specification.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckStreamChange(table, now_));
      WEIR_RETURN_IF_ERROR(ApplyThroughput(table));
      return ApplyStream(table);
    }
    WEIR_RETURN_IF_ERROR(ApplyThroughput(table));
    return ApplyIndexes(table);
  }

  // The answer. What takes time is shown as it was before, even if the change is already complete.
  TableDescription Show(const TableMetadata& table) const {
    TableDescription view =
        Describe(table, table_.statistics(), TableDescriptionKind::kDescribed, now_);
    if (busies_table_) {
      view.table_status = TableStatus::kUpdating;
    }
    if (request_.provisioned_throughput.has_value() && !switches_billing_) {
      view.provisioned_throughput =
          DescribeProvisioned(table.capacity, table.capacity.provisioned.before(), now_);
    }
    if (switches_billing_) {
      ShowBillingMode(table.billing_mode, std::nullopt, view);
    }
    if (switches_class_) {
      ShowTableClass(table, view);
    }
    if (request_.sse_specification.has_value()) {
      view.sse_description = DescribeEncryption(table.encryption_key.before(), false);
    }
    if (HasWarmth(request_)) {
      const storage::Throughput& before = table.capacity.warm.before();
      view.warm_throughput = {before.read_units, before.write_units, "UPDATING"};
    }
    if (HasLimits(request_)) {
      ShowRemovedLimits(view);
    }
    ShowIndexUpdates(IndexUpdatesOf(request_), before_, table, now_, view);
    return view;
  }

 private:
  Status ApplyTableClass(TableMetadata& table) {
    WEIR_RETURN_IF_ERROR(CheckTableClassChange(table, now_));
    busies_table_ = true;
    const storage::TableClass current =
        table.table_class.value().value_or(storage::TableClass::kStandard);
    switches_class_ = current != *request_.table_class;
    if (switches_class_) {
      Begin(table, TableChange::kTableClass, now_, times_.table_class);
      table.table_class.Set(request_.table_class, now_, table.change_due);
    }
    return {};
  }

  Status ApplyStream(TableMetadata& table) {
    const StreamSpecification& wanted = *request_.stream_specification;
    if (wanted.stream_enabled == table.stream_view.has_value()) {
      return ValidationError((wanted.stream_enabled
                                  ? "Table already has an enabled stream: TableName: "
                                  : "Table has no stream to disable: TableName: ") +
                             table.name);
    }
    busies_table_ = true;
    if (!switches_billing_) {
      Begin(table, TableChange::kStream, now_, times_.stream);
    }
    if (wanted.stream_enabled) {
      database_.EnableStream(table, *wanted.stream_view_type, table_.log());
    } else {
      database_.DisableStream(table);
      table.stream_view.reset();
    }
    return {};
  }

  Status ApplyThroughput(TableMetadata& table) {
    const BillingMode wanted = request_.mode().value_or(table.billing_mode);
    const bool changes_table =
        request_.mode().has_value() || request_.provisioned_throughput.has_value();
    if (changes_table) {
      WEIR_RETURN_IF_ERROR(CheckThroughputChange(table, now_));
    }
    if (wanted == BillingMode::kPayPerRequest && request_.provisioned_throughput.has_value()) {
      return InvalidParameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    if (HasLimits(request_)) {
      if (wanted == BillingMode::kProvisioned) {
        return CheckNoOnDemand(*request_.on_demand_throughput, {}, ThroughputRequest::kUpdate);
      }
      WEIR_RETURN_IF_ERROR(CheckOnDemandChange(table, now_));
    }
    WEIR_RETURN_IF_ERROR(UpdateIndexCapacity(
        IndexUpdatesOf(request_), wanted,
        {now_, now_ + times_.throughput, now_ + times_.warm_throughput}, table));
    busies_table_ = changes_table;
    if (wanted != table.billing_mode) {
      SwitchBilling(wanted, table);
    } else if (request_.provisioned_throughput.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckBounds(*request_.provisioned_throughput));
      WEIR_RETURN_IF_ERROR(
          ChangeProvisioned(table.capacity, Units(), {}, now_, now_ + times_.throughput));
      Begin(table, TableChange::kThroughput, now_, times_.throughput);
    }
    if (request_.on_demand_throughput.has_value()) {
      MergeOnDemand(*request_.on_demand_throughput, table.capacity.on_demand);
    }
    return {};
  }

  Status ApplyIndexes(TableMetadata& table) {
    const IndexUpdates updates = IndexUpdatesOf(request_);
    busies_table_ = busies_table_ || ChangesIndexes(updates);
    const std::vector<AttributeDefinition> none;
    const Micros placed = now_ + times_.index_placement;
    return ChangeIndexes(
        updates, request_.attribute_definitions.value_or(none),
        {now_, placed, placed + times_.index_backfill, now_ + times_.index_deletion}, table);
  }

  void SwitchBilling(BillingMode wanted, TableMetadata& table) {
    switches_billing_ = true;
    Begin(table, TableChange::kBillingMode, now_, times_.billing_mode);
    table.billing_mode = wanted;
    SetProvisioned(table.capacity, Units(), now_);
    if (wanted == BillingMode::kPayPerRequest) {
      table.on_demand_since = table.change_due;
    }
  }

  [[nodiscard]] storage::Throughput Units() const {
    if (!request_.provisioned_throughput.has_value()) {
      return {};
    }
    return {request_.provisioned_throughput->read_capacity_units,
            request_.provisioned_throughput->write_capacity_units};
  }

  static void ShowTableClass(const TableMetadata& table, TableDescription& view) {
    view.table_class_summary.reset();
    if (const std::optional<storage::TableClass>& before = table.table_class.before()) {
      view.table_class_summary = TableClassSummary{*before, std::nullopt};
    }
  }

  // A limit that -1 removed shows as -1 in the answer.
  void ShowRemovedLimits(TableDescription& view) const {
    OnDemandThroughput shown = view.on_demand_throughput.value_or(OnDemandThroughput());
    const OnDemandThroughput& asked = *request_.on_demand_throughput;
    if (asked.max_read_request_units == -1) {
      shown.max_read_request_units = -1;
    }
    if (asked.max_write_request_units == -1) {
      shown.max_write_request_units = -1;
    }
    view.on_demand_throughput = shown;
  }

  Database& database_;
  const std::string_view region_;
  const TransitionTimes& times_;
  const UpdateTableRequest& request_;
  const storage::Table& table_;
  const Micros now_;
  TableMetadata before_;
  bool busies_table_ = false;
  bool switches_billing_ = false;
  bool switches_class_ = false;
};

}  // namespace

Result<UpdateTable::Plan> UpdateTable::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckCombination(request));
  if (CountChanges(request) == 0) {
    return ValidationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  if (request.global_secondary_index_updates.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckIndexUpdates(IndexUpdatesOf(request)));
  }
  WEIR_RETURN_IF_ERROR(CheckThroughput(request));
  if (request.stream_specification.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStream(*request.stream_specification));
  }
  if (request.sse_specification.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckEncryption(*request.sse_specification));
  }
  return Plan{};
}

Result<UpdateTable::Response> UpdateTable::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kControlTable));
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->metadata(), context.database.clock().Now()));
  Update update(context, request, *table);
  const auto change = [&](TableMetadata& metadata) { return update.Apply(metadata); };
  const Database::Structure structure(context.database);  // a stream may be opened or closed
  WEIR_ASSIGN_OR_RETURN(const storage::TableMetadataPtr metadata,
                        WordedForControl(table->Alter(change), request.table_name));
  return Response{update.Show(*metadata)};
}

}  // namespace weir::dynamodb
