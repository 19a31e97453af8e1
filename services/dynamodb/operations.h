// SPDX-License-Identifier: Apache-2.0
// The operations that Weir carries out, by room: a folder of services/dynamodb. Requests for all
// others of the service models are checked against their shapes and refused
// (docs/compatibility.md).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "protocol/aws_json_service.h"
#include "services/dynamodb/context.h"

namespace weir::dynamodb {

struct OperationEntry {
  std::string_view name;
  Status (*run)(Context& context, const protocol::JsonCall& call, std::string& body) = nullptr;
};
using OperationList = std::span<const OperationEntry>;

// Each is defined in operations.cc of its room.
OperationList PartiqlOperations();
OperationList ItemOperations();
OperationList ExportOperations();
OperationList BackupOperations();
OperationList GlobalTableOperations();
OperationList TableOperations();
OperationList SettingOperations();
OperationList DestinationOperations();
OperationList StreamOperations();
OperationList ReadOperations();
OperationList TransactionOperations();

// TransactWriteItems up to its writes, which a control request makes later.
OperationEntry HoldOperation();

inline constexpr std::array kRooms = {&PartiqlOperations, &ItemOperations,        &ExportOperations,
                                      &BackupOperations,  &GlobalTableOperations, &TableOperations,
                                      &SettingOperations, &DestinationOperations, &StreamOperations,
                                      &ReadOperations,    &TransactionOperations};

}  // namespace weir::dynamodb
