// SPDX-License-Identifier: Apache-2.0
// The rules of tags.
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

// ValidationException unless each tag is good, and none given twice.
Status CheckTags(const std::vector<Tag>& tags);
// The same for keys alone.
Status CheckTagKeys(const std::vector<std::string>& keys);

// Adds `tags`, which are good, or replaces the values there are. ValidationException if that makes
// too many; then nothing has changed.
Status AddTags(const std::vector<Tag>& tags, storage::Tags& current);

}  // namespace weir::dynamodb
