// SPDX-License-Identifier: Apache-2.0
// The subject of the model test: the whole protocol over one database, in-process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/dynamodb/database_fixture.h"
#include "tests/model/model_value.h"

namespace weir::model {

// Thread-safe, unlike the fixture's other ways to send a request, which assert.
class ModelServer {
 public:
  // The answer's body; null if it is not JSON.
  Json Call(std::string_view operation, const Json& request);

  // All pages of a scan of the table.
  std::vector<Json> ScanAll(const std::string& table);

  // All records of the table's stream, shard by shard; within a shard in the order of the stream.
  std::vector<std::vector<Json>> ReadStream(const std::string& table);

 private:
  testing::DatabaseFixture fixture_;
};

}  // namespace weir::model
