// SPDX-License-Identifier: Apache-2.0
// ARNs of tables, which requests may have wherever they may have a table's name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/table_name.h"

namespace weir::dynamodb {

// `<name>` of "arn:<partition>:dynamodb:<region>:<12 digits>:table/<name>"; nullopt for any other
// text, also for an ARN whose name no table can have.
std::optional<std::string_view> TableNameOfArn(std::string_view text);

// Whether `text` is a table's ARN, then `part` ("/export/"), then an id without a slash.
bool IsTablePartArn(std::string_view text, std::string_view part);

// The ARN of a table in that region and account.
std::string MakeTableArn(std::string_view region, std::string_view account, std::string_view name);

}  // namespace weir::dynamodb
