// SPDX-License-Identifier: Apache-2.0
// A database with a few tables and items, for requests from a fuzzer.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "protocol/http.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/service.h"

namespace weir::fuzz {

// Tables "plain" (string key), "ranged" (string and number) and "bytes" (number and binary), each
// with a few items; all but "plain" have streams, and "ranged" has the indexes "global" and
// "local". Time stands still, so that an input always has the same effect. Not thread-safe.
class FuzzDatabase {
 public:
  FuzzDatabase();

  // Sends a signed request and returns its answer. In `body`, @stream, @shard and @iterator stand
  // for the stream of "ranged", its first shard and an iterator of it. Aborts unless the answer is
  // JSON and, if it is an error, has a type that the service has.
  nlohmann::json Call(std::string_view operation, std::string body);

  // Reads all tables, indexes and streams. That must succeed, whatever was written before.
  void ReadEverything();

  // Whether a request may have changed something since the database was made.
  [[nodiscard]] bool changed() const { return changed_; }

 private:
  // Like Call, but aborts unless the request succeeds.
  nlohmann::json Must(std::string_view operation, const nlohmann::json& request);
  void ReadStream(const std::string& arn);

  ManualClock clock_{Micros(1'700'000'000'123'456)};
  dynamodb::Database database_{clock_, {}};
  dynamodb::DynamoDbService service_{database_};
  std::string stream_;
  std::string shard_;
  std::string iterator_;
  bool changed_ = false;
};

}  // namespace weir::fuzz
