// SPDX-License-Identifier: Apache-2.0
// What storage refuses a call with. It knows states and limits and no service's words: each service
// says these in its own (services/dynamodb/common/storage_errors.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/api_error.h"
#include "core/result.h"

namespace weir::storage {

struct Fault {
  enum class Kind : std::uint8_t {
    kTableDropped,
    kTableNameTaken,  // `name` is the table's
    kTooManyTables,   // more than limits::kTablesPerRegion
    kTooManyBackups,  // more than limits::kBackups
    kIndexMissing,    // `name` is the index's
    kIndexBuilding,   // `name` is the index's
    kItemHeld,        // by a transaction, or changed by others again and again
    kItemCollectionTooLarge,
    kRefused,  // by what the caller gave: a mutation, a change of a metadata; see `refusal`
  };

  explicit Fault(Kind fault, std::string of = {}) : kind(fault), name(std::move(of)) {}
  explicit Fault(ApiError error) : kind(Kind::kRefused), refusal(std::move(error)) {}

  Kind kind;
  std::string name;
  ApiError refusal = {};  // kRefused only
};

template <class T>
using Outcome = Result<T, Fault>;

}  // namespace weir::storage
