// SPDX-License-Identifier: Apache-2.0
// Sends requests as JSON through the whole protocol, in-process, without a socket. Time stands
// still until a test moves it.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "protocol/http.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/service.h"

namespace weir::testing {

using Json = nlohmann::json;

// A request as a client's HTTP library would send it.
struct Request final : protocol::HttpRequest {
  std::string method_text = "POST";
  std::string target_text = "/";
  std::string body_text;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case

  [[nodiscard]] std::string_view method() const override { return method_text; }
  [[nodiscard]] std::string_view target() const override { return target_text; }
  [[nodiscard]] std::string_view body() const override { return body_text; }
  [[nodiscard]] std::string_view header(std::string_view name) const override;
};

struct Answer {
  unsigned status = 0;
  Json body;
  [[nodiscard]] bool ok() const { return status == 200; }
  // The error's type without its prefix, then ": " and its text; "" for a success.
  [[nodiscard]] std::string error() const;
  // The member at a JSON pointer; null if it is missing.
  [[nodiscard]] Json at(const std::string& pointer) const;
};

class DatabaseFixture {
 public:
  DatabaseFixture() = default;
  explicit DatabaseFixture(dynamodb::DatabaseOptions options) : database_(clock_, options) {}

  // A signed request for an operation of either service.
  static Request Signed(std::string_view operation, std::string_view body);
  protocol::HttpResponse Send(const Request& request);
  Answer Run(std::string_view operation, std::string_view body);
  // Like Run, but the request must succeed. Returns the answer's body.
  Json Must(std::string_view operation, std::string_view body);

  // Creates a table with the string key "pk", and with a stream unless `stream_view` is empty.
  void CreateTable(const std::string& name, const std::string& stream_view = "");
  // The stream that DescribeTable calls the latest.
  std::string StreamArn(const std::string& table);
  std::vector<std::string> ShardIds(const std::string& stream_arn);
  std::string Iterator(const std::string& stream_arn, const std::string& shard,
                       const std::string& type = "TRIM_HORIZON");
  // All records of a stream from the trim horizon on, ordered by sequence number.
  std::vector<Json> Records(const std::string& stream_arn);

  ManualClock& clock() { return clock_; }
  dynamodb::Database& database() { return database_; }
  // Moves time on, and returns when all that is due by then has happened.
  void Advance(Micros by);

 private:
  ManualClock clock_{Micros(1'700'000'000'123'456)};
  dynamodb::Database database_{clock_, {}};
  dynamodb::DynamoDbService service_{database_};
};

}  // namespace weir::testing
