// SPDX-License-Identifier: Apache-2.0
// Why storage refuses a call. A fault names a state or a limit, but has no text: each service words
// it itself (services/dynamodb/common/storage_errors.h).
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
    kItemHeld,        // held by a transaction, or changed by others again and again
    kItemCollectionTooLarge,
    kDataFolderFails,   // nothing can be written to the folder; `name` says why
    kDataFolderBusy,    // far too much waits to be written to the folder
    kChangeUnreadable,  // a change of a log cannot be read from the folder; `name` says why
    kRefused,  // by a function of the caller: a mutation, a change of the metadata; see `refusal`
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
