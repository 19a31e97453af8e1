// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/list_tables.h"

#include "core/limits.h"

namespace weir::dynamodb {

Result<ListTables::Response> ListTables::Execute(Context& context, const Request& request,
                                                 const Plan& /*plan*/) {
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kListTablesPage)));
  Response response;
  // One name more than the limit tells whether there is another page.
  response.table_names =
      context.database.tables().Names(request.exclusive_start_table_name.value_or(""), limit + 1);
  if (response.table_names.size() > limit) {
    response.table_names.pop_back();
    response.last_evaluated_table_name = response.table_names.back();
  }
  return response;
}

}  // namespace weir::dynamodb
