// SPDX-License-Identifier: Apache-2.0
// ResourceArn of the operations on tags and policies: a table's ARN, or a stream's.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"

namespace weir::dynamodb {

struct ResourceArn {
  std::string table_name;
  std::string stream_label;  // empty for the table itself

  // What follows the table's ARN: the key in storage::TableSettings::resources.
  [[nodiscard]] std::string suffix() const {
    return stream_label.empty() ? std::string() : "/stream/" + stream_label;
  }
};

// ValidationException unless `arn` is of that form. The account and region in it are not looked at.
Result<ResourceArn> ParseResourceArn(std::string_view arn);

}  // namespace weir::dynamodb
