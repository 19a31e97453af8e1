// SPDX-License-Identifier: Apache-2.0
// The parameter ResourceArn of the operations on tags and policies: the ARN of a table or a stream.
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

// ValidationException unless `arn` has the form of a table's or stream's ARN. Its account and
// region are not compared with anything.
Result<ResourceArn> ParseResourceArn(std::string_view arn);

}  // namespace weir::dynamodb
