// SPDX-License-Identifier: Apache-2.0
// What belongs to a table but is not in DescribeTable: tags, policies, point-in-time recovery,
// Contributor Insights.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

using std::chrono::seconds;

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders";

Json Statement(const std::string& principal = "111122223333") {
  return {{"Effect", "Allow"},
          {"Principal", {{"AWS", principal}}},
          {"Action", Json::array({"dynamodb:GetItem"})},
          {"Resource", kArn}};
}

Json Policy(const Json& statement) {
  Json policy;
  policy["Statement"] = Json::array({statement});
  policy["Version"] = "2012-10-17";
  return policy;
}

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("orders"); }
  Answer On(const std::string& operation, Json members, const std::string& arn = kArn) {
    members["ResourceArn"] = arn;
    return Run(operation, members.dump());
  }
  Json Tags(const std::string& arn = kArn) {
    return On("ListTagsOfResource", Json::object(), arn).body["Tags"];
  }
  Answer Tag(const Json& tags, const std::string& arn = kArn) {
    return On("TagResource", {{"Tags", tags}}, arn);
  }
  Answer PutPolicy(const Json& policy, const std::string& expected = "") {
    Json members = {{"Policy", policy.is_string() ? policy.get<std::string>() : policy.dump()}};
    if (!expected.empty()) {
      members["ExpectedRevisionId"] = expected;
    }
    return On("PutResourcePolicy", members);
  }
  Json Backups() {
    return Must("DescribeContinuousBackups",
                R"({"TableName":"orders"})")["ContinuousBackupsDescription"];
  }
  Json SetRecovery(const std::string& specification) {
    return Must("UpdateContinuousBackups",
                R"({"TableName":"orders","PointInTimeRecoverySpecification":)" + specification +
                    "}")["ContinuousBackupsDescription"];
  }
};

TEST_CASE_METHOD(Fixture, "Tags are added, replaced, listed and taken away",
                 "[operations][TagResource][UntagResource][ListTagsOfResource]") {
  CHECK(Tags() == Json::array());
  Request request =
      Signed("TagResource", R"({"ResourceArn":")" + kArn +
                                R"(","Tags":[{"Key":"b","Value":"2"},{"Key":"a","Value":""}]})");
  const protocol::HttpResponse response = Send(request);
  CHECK(response.status == 200);
  CHECK(response.body.empty());
  CHECK(Tags() == Json::parse(R"([{"Key":"a","Value":""},{"Key":"b","Value":"2"}])"));
  request =
      Signed("UntagResource", R"({"ResourceArn":")" + kArn + R"(","TagKeys":["a","never there"]})");
  CHECK(Send(request).body.empty());
  CHECK(Tags() == Json::parse(R"([{"Key":"b","Value":"2"}])"));
}

TEST_CASE_METHOD(Fixture, "Tags given at creation are there, and end with the table",
                 "[operations][CreateTable][ListTagsOfResource]") {
  Json request = Json::parse(R"({
    "TableName": "tagged",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "Tags": [{"Key": "team", "Value": "sales"}]})");
  const std::string arn = Must("CreateTable", request.dump())["TableDescription"]["TableArn"];
  CHECK(Tags(arn) == Json::parse(R"([{"Key":"team","Value":"sales"}])"));
  Must("DeleteTable", R"({"TableName":"tagged"})");
  request.erase("Tags");
  Must("CreateTable", request.dump());
  CHECK(Tags(arn) == Json::array());
  request["TableName"] = "other";
  request["Tags"] = Json::parse(R"([{"Key": "aws:x", "Value": "y"}])");
  CHECK(Run("CreateTable", request.dump()).error() ==
        "ValidationException: Tag Key cannot be prefixed with aws:, Key: aws:x");
  CHECK(Run("DescribeTable", R"({"TableName":"other"})").status == 400);
}

TEST_CASE_METHOD(Fixture, "A tag's key and value have rules", "[operations][TagResource]") {
  const std::string long_key(129, 'k');
  const std::string long_value(257, 'v');
  const std::string key = "ValidationException: The Tag Key provided is invalid, Key: ";
  const std::string value = "ValidationException: The Tag Value provided is invalid, Value: ";
  const std::vector<std::pair<Json, std::string>> rows = {
      {Json::array(), "ValidationException: Atleast one Tag needs to be provided as Input."},
      {Json::parse(R"([{}])"), key + "null"},
      {Json::parse(R"([{"Key":"","Value":""}])"), key},
      {Json::parse(R"([{"Key":"a"}])"), value + "null"},
      {Json::array({{{"Key", long_key}, {"Value", ""}}}), key + long_key},
      {Json::array({{{"Key", "a"}, {"Value", long_value}}}), value + long_value},
      {Json::parse(R"([{"Key":"a,b","Value":""}])"), key + "a,b"},
      {Json::parse(R"([{"Key":"a","Value":"100%"}])"), value + "100%"},
      {Json::parse(R"([{"Key":"a","Value":"🔑"}])"), value + "🔑"},
      {Json::parse(R"([{"Key":"AWS:a","Value":""}])"),
       "ValidationException: Tag Key cannot be prefixed with aws:, Key: AWS:a"},
      {Json::parse(R"([{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}])"),
       "ValidationException: Duplicate Tag Keys provided as input: Duplicate Tag Key found a"},
      {Json::parse(R"([{"Key":"good","Value":"1"},{"Key":"#","Value":"2"}])"), key + "#"},
  };
  for (const auto& [tags, error] : rows) {
    CAPTURE(tags);
    CHECK(Tag(tags).error() == error);
  }
  CHECK(Tags() == Json::array());
  // Keys and values may have letters, digits and blanks of any script.
  CHECK(Tag(Json::parse(R"([{"Key":"ключ","Value":"a+b-c=d.e_f:g/h@i"},
                            {"Key":"表","Value":"café\u00a0 "}])"))
            .status == 200);
  CHECK(Tags().size() == 2);
}

TEST_CASE_METHOD(Fixture, "A resource has fifty tags at most",
                 "[operations][TagResource][UntagResource]") {
  const std::string error =
      "ValidationException: Number of Tags exceed the current limit for the provided ResourceArn";
  Json tags = Json::array();
  for (int i = 0; i < 50; ++i) {
    tags.push_back({{"Key", "k" + std::to_string(i)}, {"Value", "v"}});
  }
  CHECK(Tag(tags).status == 200);
  CHECK(Tag(Json::parse(R"([{"Key":"one more","Value":""}])")).error() == error);
  CHECK(Tag(Json::parse(R"([{"Key":"k0","Value":"new"}])")).status == 200);
  tags.push_back({{"Key", "k50"}, {"Value", "v"}});
  CHECK(Tag(tags).error() == error);
  Json keys = Json::array();
  for (int i = 0; i < 51; ++i) {
    keys.push_back("k" + std::to_string(i));
  }
  CHECK(On("UntagResource", {{"TagKeys", keys}}).error() == error);
  CHECK(On("UntagResource", {{"TagKeys", Json::array()}}).error() ==
        "ValidationException: Atleast one Tag Key needs to be provided as Input.");
  CHECK(Tags().size() == 50);
}

TEST_CASE_METHOD(Fixture, "ResourceArn is a table's or a stream's",
                 "[operations][ListTagsOfResource][GetResourcePolicy]") {
  const std::string missing = "arn:aws:dynamodb:eu-west-1:000000000000:table/missing";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input "},
      {"orders", kInvalid + "ARNs must start with 'arn:': orders"},
      {"arn:aws:s3:::bucket",
       kInvalid + "Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket"},
      {kArn + "/backup/0170",
       kInvalid + "Provided Arn is not a DynamoDB resource arn: " + kArn + "/backup/0170"},
      {kArn + "/index/by-user",
       kInvalid +
           "Invalid resource arn provided, only table or stream is accepted. Provided "
           "resource arn: " +
           kArn + "/index/by-user"},
      {missing, "ResourceNotFoundException: Requested resource not found: ResourceArn: " + missing +
                    " not found"},
      {kArn + "/stream/2000-01-01T00:00:00.000",
       "ResourceNotFoundException: Requested resource not found: ResourceArn: " + kArn +
           "/stream/2000-01-01T00:00:00.000 not found"},
  };
  for (const auto& [arn, error] : rows) {
    CAPTURE(arn);
    CHECK(On("ListTagsOfResource", Json::object(), arn).error() == error);
  }
  CHECK(Run("ListTagsOfResource", "{}").error() == "ValidationException: Invalid TableArn");
  CHECK(On("GetResourcePolicy", Json::object(), missing).error() ==
        "ResourceNotFoundException: Requested resource not found: Table: missing not found");
  CHECK(On("GetResourcePolicy", Json::object(), kArn + "/stream/now").error() ==
        "ResourceNotFoundException: Requested resource not found: Stream: now not found for "
        "Table: orders");
}

TEST_CASE_METHOD(Fixture, "A policy is put, read in its canonical form, and deleted",
                 "[operations][PutResourcePolicy][GetResourcePolicy][DeleteResourcePolicy]") {
  CHECK(On("GetResourcePolicy", Json::object()).error() ==
        "PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: " +
            kArn);
  CHECK(On("DeleteResourcePolicy", Json::object()).body == Json::object());
  const std::string first = PutPolicy(Policy(Statement())).body["RevisionId"];
  CHECK(first == "1700000000123");
  const Answer got = On("GetResourcePolicy", Json::object());
  CHECK(got.body["RevisionId"] == first);
  CHECK(got.body["Policy"] ==
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
        R"("Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"dynamodb:GetItem",)"
        R"("Resource":")" +
            kArn + R"("}]})");
  // The same policy, written differently.
  CHECK(PutPolicy(Policy(Statement("arn:aws:iam::111122223333:root")).dump(4)).body["RevisionId"] ==
        first);
  const std::string second = PutPolicy(Policy(Statement("444455556666"))).body["RevisionId"];
  CHECK(second == "1700000000124");
  CHECK(On("DeleteResourcePolicy", Json::object()).body["RevisionId"] == second);
  CHECK(On("GetResourcePolicy", Json::object()).status == 400);
}

TEST_CASE_METHOD(Fixture, "A policy's revision can be asked for",
                 "[operations][PutResourcePolicy][DeleteResourcePolicy]") {
  const std::string prefix =
      "PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: ";
  const Json policy = Policy(Statement());
  CHECK(PutPolicy(policy, "17").error().starts_with(prefix));
  const std::string revision = PutPolicy(policy, "NO_POLICY").body["RevisionId"];
  CHECK(PutPolicy(policy, "NO_POLICY").error() ==
        prefix +
            "Requested policy update expecting none to be present for table orders, but a "
            "policy exists with revision id " +
            revision + ".");
  CHECK(PutPolicy(policy, "17").error() ==
        prefix +
            "Requested update for policy with revision id 17, but the policy associated to "
            "target table orders has revision id " +
            revision + ".");
  CHECK(PutPolicy(policy, revision).status == 200);
  CHECK(On("DeleteResourcePolicy", {{"ExpectedRevisionId", "17"}}).error().starts_with(prefix));
  CHECK(On("DeleteResourcePolicy", {{"ExpectedRevisionId", revision}}).status == 200);
}

TEST_CASE_METHOD(Fixture, "A policy that locks everybody out wants confirming",
                 "[operations][PutResourcePolicy]") {
  Json statement = Statement("*");
  statement["Effect"] = "Deny";
  statement["Action"] = "dynamodb:PutResourcePolicy";
  CHECK(PutPolicy(Policy(statement)).error() ==
        "AccessDeniedException: The new resource policy will not allow you to update the resource "
        "policy in the future.");
  CHECK(On("PutResourcePolicy",
           {{"Policy", Policy(statement).dump()}, {"ConfirmRemoveSelfResourceAccess", true}})
            .status == 200);
  CHECK(PutPolicy("{").error() == kInvalid +
                                      "Invalid policy document: This policy contains "
                                      "invalid Json");
}

TEST_CASE_METHOD(Fixture, "A stream has tags and a policy of its own",
                 "[operations][PutResourcePolicy][TagResource]") {
  Must("UpdateTable", R"({"TableName":"orders",
      "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
  const std::string stream = StreamArn("orders");
  CHECK(Tag(Json::parse(R"([{"Key":"a","Value":"b"}])"), stream).status == 200);
  CHECK(Tags(stream).size() == 1);
  CHECK(Tags().empty());
  CHECK(On("PutResourcePolicy", {{"Policy", Policy(Statement()).dump()}}, stream).status == 200);
  CHECK(On("GetResourcePolicy", Json::object(), stream).status == 200);
  CHECK(On("GetResourcePolicy", Json::object()).status == 400);
}

TEST_CASE_METHOD(Fixture, "Point-in-time recovery keeps its window",
                 "[operations][UpdateContinuousBackups][DescribeContinuousBackups]") {
  CHECK(Backups() == Json::parse(R"({
    "ContinuousBackupsStatus": "ENABLED",
    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}})"));
  const Json enabled = Json::parse(R"({
    "ContinuousBackupsStatus": "ENABLED",
    "PointInTimeRecoveryDescription": {
      "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35,
      "EarliestRestorableDateTime": 1700000000.123,
      "LatestRestorableDateTime": 1700000000.123}})");
  CHECK(SetRecovery(R"({"PointInTimeRecoveryEnabled":true})") == enabled);
  clock().Advance(seconds(400));
  CHECK(Backups()["PointInTimeRecoveryDescription"]["LatestRestorableDateTime"] == 1700000100.123);
  // Setting it again changes the period, not the start of the window.
  SetRecovery(R"({"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":1})");
  SetRecovery(R"({"PointInTimeRecoveryEnabled":true})");
  CHECK(Backups()["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"] == 1);
  CHECK(Backups()["PointInTimeRecoveryDescription"]["EarliestRestorableDateTime"] ==
        1700000000.123);
  clock().Advance(std::chrono::hours(24));
  CHECK(Backups()["PointInTimeRecoveryDescription"]["EarliestRestorableDateTime"] ==
        1700000400.123);
  SetRecovery(R"({"PointInTimeRecoveryEnabled":false})");
  CHECK(Backups()["PointInTimeRecoveryDescription"] ==
        Json{{"PointInTimeRecoveryStatus", "DISABLED"}});
  CHECK(SetRecovery(R"({"PointInTimeRecoveryEnabled":true})")["PointInTimeRecoveryDescription"]
                                                             ["RecoveryPeriodInDays"] == 35);
}

TEST_CASE_METHOD(Fixture, "Point-in-time recovery is checked",
                 "[operations][UpdateContinuousBackups][DescribeContinuousBackups]") {
  const auto update = [&](const std::string& specification) {
    return Run("UpdateContinuousBackups",
               R"({"TableName":"orders","PointInTimeRecoverySpecification":)" + specification + "}")
        .error();
  };
  CHECK(update(R"({"PointInTimeRecoveryEnabled":false,"RecoveryPeriodInDays":7})") ==
        "ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when disabling "
        "point-in-time recovery.");
  CHECK(update(R"({"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":36})") ==
        "ValidationException: 1 validation error detected: Value '36' at "
        "'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: "
        "Member must have value less than or equal to 35");
  for (const std::string operation : {"DescribeContinuousBackups", "UpdateContinuousBackups"}) {
    CHECK(Run(operation, R"({"TableName":"missing",
              "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})")
              .error() == "TableNotFoundException: Table not found: missing");
  }
  Must("DeleteTable", R"({"TableName":"orders"})");
  CreateTable("orders");
  CHECK(Backups()["PointInTimeRecoveryDescription"].size() == 1);
}

TEST_CASE_METHOD(Fixture, "Contributor Insights are switched for a table and its indexes",
                 "[operations][ContributorInsights]") {
  Must("CreateTable", R"({
    "TableName": "sorted",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [{"IndexName": "by-sk",
      "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
      "Projection": {"ProjectionType": "ALL"}}],
    "BillingMode": "PAY_PER_REQUEST"})");
  const auto update = [&](const std::string& members) {
    return Must("UpdateContributorInsights", R"({"TableName":"sorted",)" + members + "}");
  };
  const auto describe = [&](const std::string& members = "") {
    return Must("DescribeContributorInsights", R"({"TableName":"sorted")" + members + "}");
  };
  CHECK(describe() == Json{{"TableName", "sorted"}, {"ContributorInsightsStatus", "DISABLED"}});
  CHECK(update(R"("ContributorInsightsAction":"DISABLE")") ==
        Json{{"TableName", "sorted"}, {"ContributorInsightsStatus", "DISABLED"}});
  CHECK(update(R"("ContributorInsightsAction":"ENABLE")") ==
        Json{{"TableName", "sorted"},
             {"ContributorInsightsStatus", "ENABLING"},
             {"ContributorInsightsMode", "ACCESSED_AND_THROTTLED_KEYS"}});
  const std::string rule = "DynamoDBContributorInsights-";
  const std::string end = "-sorted-1700000000123";
  CHECK(describe() == Json{{"TableName", "sorted"},
                           {"ContributorInsightsStatus", "ENABLED"},
                           {"LastUpdateDateTime", 1700000000.123},
                           {"ContributorInsightsMode", "ACCESSED_AND_THROTTLED_KEYS"},
                           {"ContributorInsightsRuleList",
                            Json::array({rule + "PKC" + end, rule + "SKC" + end, rule + "PKT" + end,
                                         rule + "SKT" + end})}});
  CHECK(update(R"("ContributorInsightsAction":"ENABLE")")["ContributorInsightsStatus"] ==
        "ENABLED");
  const std::string index = R"("IndexName":"by-sk")";
  update(index + R"(,"ContributorInsightsAction":"ENABLE",
                   "ContributorInsightsMode":"THROTTLED_KEYS")");
  CHECK(describe("," + index)["ContributorInsightsRuleList"] ==
        Json::array({rule + "PKT-sorted-by-sk-1700000000123"}));
  Json page = Must("ListContributorInsights", R"({"MaxResults":1})");
  CHECK(page["ContributorInsightsSummaries"] ==
        Json::parse(R"([{"TableName":"sorted","ContributorInsightsStatus":"ENABLED",
                         "ContributorInsightsMode":"ACCESSED_AND_THROTTLED_KEYS"}])"));
  page = Must("ListContributorInsights", Json{{"NextToken", page["NextToken"]}}.dump());
  CHECK(page["ContributorInsightsSummaries"] ==
        Json::parse(R"([{"TableName":"sorted","IndexName":"by-sk",
                         "ContributorInsightsStatus":"ENABLED",
                         "ContributorInsightsMode":"THROTTLED_KEYS"}])"));
  CHECK_FALSE(page.contains("NextToken"));
  update(R"("ContributorInsightsAction":"DISABLE")");
  CHECK_FALSE(describe().contains("ContributorInsightsRuleList"));
  CHECK(Must("ListContributorInsights", R"({"TableName":"sorted"})")["ContributorInsightsSummaries"]
            .size() == 1);
  CHECK(Must("ListContributorInsights", R"({"TableName":"orders"})")["ContributorInsightsSummaries"]
            .empty());
}

TEST_CASE_METHOD(Fixture, "Contributor Insights want a table and a global index that are there",
                 "[operations][ContributorInsights]") {
  CHECK(
      Run("DescribeContributorInsights", R"({"TableName":"orders","IndexName":"ghost"})").error() ==
      "ResourceNotFoundException: Requested resource not found: Index: ghost not "
      "found for table: orders");
  for (const std::string operation :
       {"DescribeContributorInsights", "UpdateContributorInsights", "ListContributorInsights"}) {
    CHECK(
        Run(operation, R"({"TableName":"missing","ContributorInsightsAction":"ENABLE"})").error() ==
        "ResourceNotFoundException: Requested resource not found: Table: missing not found");
  }
  CHECK(Run("ListContributorInsights", R"({"NextToken":"?"})").error() ==
        "ValidationException: Invalid NextToken");
}

}  // namespace
}  // namespace weir::testing
