// SPDX-License-Identifier: Apache-2.0
// The server that the model test tests: the whole protocol over one database, in-process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/dynamodb/database_fixture.h"
#include "tests/model/model_value.h"

namespace weir::model {

// Thread-safe, unlike the fixture's functions that send a request and assert something.
class ModelServer {
 public:
  // The answer's body; null if it is not JSON.
  Json Call(std::string_view operation, const Json& request);

  // The items of all pages of a scan of the table.
  std::vector<Json> ScanAll(const std::string& table);

  // All records of the table's stream, by shard; within a shard in the order of the stream.
  std::vector<std::vector<Json>> ReadStream(const std::string& table);

 private:
  testing::DatabaseFixture fixture_;
};

}  // namespace weir::model
