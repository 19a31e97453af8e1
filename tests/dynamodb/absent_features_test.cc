// SPDX-License-Identifier: Apache-2.0
// Operations of features that Weir does not have. They answer as AWS does if an account does not
// use the feature; otherwise they refuse and say why.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders";
const std::string kMissingArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/missing";
const std::string kKinesis = "arn:aws:kinesis:eu-west-1:000000000000:stream/changes";

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("orders"); }
};

using Rows = std::vector<std::pair<std::string, std::string>>;

TEST_CASE_METHOD(Fixture, "DescribeLimits and DescribeEndpoints answer for the account",
                 "[operations][account]") {
  CHECK(Must("DescribeLimits", "{}") == Json::parse(R"({
    "AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000,
    "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000})"));
  CHECK(Must("DescribeEndpoints", "{}") == Json::parse(R"({"Endpoints": [
    {"Address": "dynamodb.eu-west-1.amazonaws.com", "CachePeriodInMinutes": 1440}]})"));
}

TEST_CASE_METHOD(Fixture, "Lists of what there is none of are empty", "[operations][absent]") {
  const Rows rows = {{"ListGlobalTables", "GlobalTables"},
                     {"ListExports", "ExportSummaries"},
                     {"ListImports", "ImportSummaryList"},
                     {"ListBulkOperations", "BulkOperationsSummaryList"}};
  for (const auto& [operation, member] : rows) {
    CHECK(Must(operation, "{}") == Json{{member, Json::array()}});
  }
  CHECK(Must("ListExports", Json{{"TableArn", kArn}}.dump())["ExportSummaries"].empty());
  CHECK(Must("DescribeKinesisStreamingDestination", R"({"TableName":"orders"})") ==
        Json{{"TableName", "orders"}, {"KinesisDataStreamDestinations", Json::array()}});
}

TEST_CASE_METHOD(Fixture, "Global tables of the old version answer as on AWS",
                 "[operations][absent]") {
  const std::string none = "Global table with name: 'orders' does not exist.";
  const std::string version =
      "ValidationException: One or more parameter values were invalid: DynamoDB global tables "
      "version 2017.11.29 is not supported. We recommend using DynamoDB global tables version "
      "2019.11.21, instead of version 2017.11.29 (Legacy).";
  const auto run = [&](const std::string& operation, const std::string& members) {
    return Run(operation, R"({"GlobalTableName":"orders")" + members + "}").error();
  };
  CHECK(run("CreateGlobalTable", R"(,"ReplicationGroup":[{"RegionName":"eu-west-1"}])") == version);
  CHECK(run("UpdateGlobalTable", R"(,"ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}])") ==
        version);
  CHECK(run("UpdateGlobalTable", R"(,"ReplicaUpdates":[{"Delete":{"RegionName":"eu-west-1"}}])") ==
        "GlobalTableNotFoundException: Global table not found: " + none);
  CHECK(run("UpdateGlobalTable", R"(,"ReplicaUpdates":[])") ==
        "ValidationException: One or more parameter values were invalid");
  CHECK(run("DescribeGlobalTable", "") ==
        "GlobalTableNotFoundException: Global table not found: " + none);
  CHECK(run("DescribeGlobalTableSettings", "") == "GlobalTableNotFoundException: " + none);
  CHECK(run("UpdateGlobalTableSettings", R"(,"GlobalTableBillingMode":"PROVISIONED")") ==
        "GlobalTableNotFoundException: " + none);
  for (const std::string operation :
       {"DescribeTableReplicaAutoScaling", "UpdateTableReplicaAutoScaling"}) {
    CHECK(Run(operation, R"({"TableName":"orders"})").error() ==
          "ResourceNotFoundException: " + none);
    CHECK(Run(operation, R"({"TableName":"missing"})").error() ==
          "ResourceNotFoundException: Requested resource not found: Table: missing not found");
  }
}

TEST_CASE_METHOD(Fixture, "No table has a Kinesis destination", "[operations][absent]") {
  const std::string prefix =
      "ValidationException: Table is not in a valid state to enable Kinesis Streaming "
      "Destination: ";
  const Rows rows = {
      {"EnableKinesisStreamingDestination", "Kinesis Data Streams is not supported by Weir yet"},
      {"DisableKinesisStreamingDestination",
       "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."},
      {"UpdateKinesisStreamingDestination", "No streaming destination with streamArn: " + kKinesis +
                                                " found for table with tableName: orders"},
  };
  for (const auto& [operation, error] : rows) {
    Json request = {{"TableName", "orders"}, {"StreamArn", kKinesis}};
    CHECK(Run(operation, request.dump()).error() == prefix + error);
    request["TableName"] = "missing";
    CHECK(Run(operation, request.dump()).error() ==
          "ResourceNotFoundException: Requested resource not found: Table: missing not found");
  }
}

TEST_CASE_METHOD(Fixture, "Exports and imports are not there, and none is begun",
                 "[operations][absent]") {
  const std::string export_arn = kArn + "/export/01700000000123-0123abcd";
  const std::string import_arn = kArn + "/import/01700000000123-0123abcd";
  const auto run = [&](const std::string& operation, const Json& request) {
    return Run(operation, request.dump()).error();
  };
  CHECK(run("DescribeExport", {{"ExportArn", export_arn}}) ==
        "ExportNotFoundException: Export not found: Export not found: " + export_arn);
  CHECK(run("DescribeExport", {{"ExportArn", kArn}}) == "ValidationException: Invalid Export ARN");
  CHECK(run("DescribeImport", {{"ImportArn", import_arn}}) ==
        "ImportNotFoundException: Import not found: " + import_arn);
  CHECK(run("DescribeImport", {{"ImportArn", export_arn}}) ==
        "ValidationException: Invalid Import ARN");
  Json request = {{"TableArn", "orders"}, {"S3Bucket", "bucket"}};
  CHECK(run("ExportTableToPointInTime", request) ==
        "ValidationException: Invalid TableArn: Invalid Table ARN");
  request["TableArn"] = kMissingArn;
  CHECK(run("ExportTableToPointInTime", request) ==
        "TableNotFoundException: Table not found: " + kMissingArn);
  request["TableArn"] = kArn;
  const std::string unavailable =
      "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table "
      "'orders'";
  CHECK(run("ExportTableToPointInTime", request) == unavailable);
  Json restore = {{"SourceTableName", "orders"}, {"TargetTableName", "copy"}};
  CHECK(run("RestoreTableToPointInTime", restore) ==
        "ValidationException: Invalid Request: Either one of RestoreDateTime or "
        "UseLatestRestorableTime must be specified, but not both");
  restore["UseLatestRestorableTime"] = true;
  CHECK(run("RestoreTableToPointInTime", restore) == unavailable);
  Must("UpdateContinuousBackups",
       R"({"TableName":"orders",
           "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})");
  CHECK(run("ExportTableToPointInTime", request) ==
        "ValidationException: ExportTableToPointInTime is not supported by Weir yet");
  CHECK(run("RestoreTableToPointInTime", restore) ==
        "ValidationException: RestoreTableToPointInTime is not supported by Weir yet");
  restore["TargetTableName"] = "orders";
  CHECK(run("RestoreTableToPointInTime", restore) ==
        "TableAlreadyExistsException: Table already exists: orders");
  CHECK(Run("ImportTable", R"({"S3BucketSource":{"S3Bucket":"bucket"},"InputFormat":"CSV",
      "TableCreationParameters":{"TableName":"imported",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}})")
            .error() == "ValidationException: ImportTable is not supported by Weir yet");
}

TEST_CASE_METHOD(Fixture, "There are no vector indexes and no bulk operations",
                 "[operations][absent]") {
  const auto search = [&](const std::string& table, int top) {
    return Run("SearchVectors", Json{{"TableName", table},
                                     {"IndexName", "vectors"},
                                     {"TopK", top},
                                     {"SearchVector", Json::array({{{"N", "1"}}})}}
                                    .dump())
        .error();
  };
  CHECK(search("orders", 5) ==
        "ValidationException: The table does not have the specified index: vectors");
  CHECK(search("missing", 5) == "ResourceNotFoundException: Requested resource not found");
  CHECK(search("orders", 101) ==
        "ValidationException: Provided TopK value '101' is out of valid range. The value must be "
        "between 1 and 100 inclusive");
}

}  // namespace
}  // namespace weir::testing
