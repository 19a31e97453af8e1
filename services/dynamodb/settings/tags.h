// SPDX-License-Identifier: Apache-2.0
// The rules that tags must follow.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "storage/table_settings.h"

namespace weir::dynamodb {

struct Tag {
  std::optional<std::string> key;
  std::optional<std::string> value;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Key", &Tag::key}, Field{"Value", &Tag::value});
  }
};

// ValidationException unless each tag is valid, no key is given twice, and there are at most
// limits::kTags.
Status CheckTags(const std::vector<Tag>& tags);
// ValidationException unless each key is valid, and there are at most limits::kTags. A key may be
// given twice.
Status CheckTagKeys(const std::vector<std::string>& keys);

// Adds `tags`, which must have passed CheckTags, to `current`; existing keys get the new values.
// ValidationException if `current` would then have too many; it then does not change.
Status AddTags(const std::vector<Tag>& tags, storage::Tags& current);

}  // namespace weir::dynamodb
