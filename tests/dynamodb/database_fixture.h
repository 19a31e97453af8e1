// SPDX-License-Identifier: Apache-2.0
// Requests as JSON through the whole protocol, in-process: no socket, and time stands still until a
// test moves it.
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
  // "" for success, else the error's type without its prefix, ": " and its text.
  [[nodiscard]] std::string error() const;
  // A member by JSON pointer; null when it is not there.
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
  // As Run, for steps that must succeed.
  Json Must(std::string_view operation, std::string_view body);

  // A table with the string key "pk", and a stream with that view unless it is empty.
  void CreateTable(const std::string& name, const std::string& stream_view = "");
  // The stream that DescribeTable calls the latest.
  std::string StreamArn(const std::string& table);
  std::vector<std::string> ShardIds(const std::string& stream_arn);
  std::string Iterator(const std::string& stream_arn, const std::string& shard,
                       const std::string& type = "TRIM_HORIZON");
  // All records of a stream from the trim horizon on, by their sequence numbers.
  std::vector<Json> Records(const std::string& stream_arn);

  ManualClock& clock() { return clock_; }
  dynamodb::Database& database() { return database_; }
  // Moves time on; all that is due by then has happened when it returns.
  void Advance(Micros by);

 private:
  ManualClock clock_{Micros(1'700'000'000'123'456)};
  dynamodb::Database database_{clock_, {}};
  dynamodb::DynamoDbService service_{database_};
};

}  // namespace weir::testing
