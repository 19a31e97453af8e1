// SPDX-License-Identifier: Apache-2.0
// What GET /_weir/health?verbose says of a server's data: docs/control.md.
#pragma once

#include <string>

#include "services/dynamodb/database.h"
#include "storage/disk/data_store.h"

namespace weir::cli {

// Appends the members `memory` and, with a data folder, `dataFolder`, each after a comma. `store`
// is null without a data folder.
void AppendHealthReport(dynamodb::Database& database, const storage::DataStore* store,
                        const std::string& folder, std::string& members);

}  // namespace weir::cli
