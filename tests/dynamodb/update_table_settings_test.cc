// SPDX-License-Identifier: Apache-2.0
// UpdateTable: class, encryption, deletion protection, and which members may be combined.
#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("orders"); }
  Answer Try(Json changes) {
    changes["TableName"] = "orders";
    return Run("UpdateTable", changes.dump());
  }
  Json Update(const Json& changes) {
    Answer answer = Try(changes);
    INFO(changes);
    REQUIRE(answer.error() == "");
    return answer.body["TableDescription"];
  }
  Json Table() { return Must("DescribeTable", R"({"TableName":"orders"})")["Table"]; }
};

TEST_CASE_METHOD(Fixture, "UpdateTable changes the table class", "[operations][UpdateTable]") {
  // Setting the class that a table has leaves no summary.
  CHECK(Update({{"TableClass", "STANDARD"}})["TableStatus"] == "UPDATING");
  CHECK_FALSE(Table().contains("TableClassSummary"));
  clock().Advance(std::chrono::seconds(3));
  const Json answer = Update({{"TableClass", "STANDARD_INFREQUENT_ACCESS"}});
  CHECK(answer["TableStatus"] == "UPDATING");
  CHECK_FALSE(answer.contains("TableClassSummary"));
  CHECK(Table()["TableStatus"] == "ACTIVE");
  CHECK(Table()["TableClassSummary"] ==
        Json{{"TableClass", "STANDARD_INFREQUENT_ACCESS"}, {"LastUpdateDateTime", 1700000003.123}});
  CHECK(Update({{"TableClass", "STANDARD"}})["TableClassSummary"]["TableClass"] ==
        "STANDARD_INFREQUENT_ACCESS");
  CHECK(Table()["TableClassSummary"]["TableClass"] == "STANDARD");
}

TEST_CASE_METHOD(Fixture, "UpdateTable changes the key of encryption",
                 "[operations][UpdateTable]") {
  CHECK_FALSE(Table().contains("SSEDescription"));
  CHECK(Try({{"SSESpecification", {{"Enabled", false}}}}).error() ==
        kInvalid + "Table is already encrypted by default");
  CHECK(Try({{"SSESpecification", Json::object()}}).error() ==
        kInvalid + "Table is already encrypted by default");
  Json answer = Update({{"SSESpecification", {{"Enabled", true}}}});
  CHECK(answer["TableStatus"] == "ACTIVE");
  CHECK(answer["SSEDescription"] == Json{{"Status", "UPDATING"}});
  const Json managed = Table()["SSEDescription"];
  CHECK(managed["Status"] == "ENABLED");
  CHECK(managed["SSEType"] == "KMS");
  const std::string start = "arn:aws:kms:eu-west-1:000000000000:key/";
  CHECK(managed["KMSMasterKeyArn"].get<std::string>().starts_with(start));
  // The alias stands for the same key.
  Update({{"SSESpecification", {{"SSEType", "KMS"}, {"KMSMasterKeyId", "alias/aws/dynamodb"}}}});
  CHECK(Table()["SSEDescription"] == managed);
  answer = Update(
      {{"SSESpecification", {{"Enabled", true}, {"SSEType", "KMS"}, {"KMSMasterKeyId", "1234"}}}});
  CHECK(answer["SSEDescription"]["KMSMasterKeyArn"] == managed["KMSMasterKeyArn"]);
  CHECK(answer["SSEDescription"]["Status"] == "UPDATING");
  CHECK(Table()["SSEDescription"]["KMSMasterKeyArn"] == start + "1234");
  CHECK(Try({{"SSESpecification",
              {{"Enabled", true}, {"SSEType", "KMS"}, {"KMSMasterKeyId", start + "1234"}}}})
            .error() == kInvalid +
                            "Table is already encrypted with given KMSMasterKeyId. Use "
                            "KMSMasterKeyId parameter if you want to change Master Key");
  Update({{"SSESpecification", {{"Enabled", false}}}});
  CHECK_FALSE(Table().contains("SSEDescription"));
}

TEST_CASE_METHOD(Fixture, "SSESpecification has rules of its own",
                 "[operations][UpdateTable][CreateTable]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"Enabled":false,"SSEType":"KMS"})", "SSEType can not be specified if Enabled is false"},
      {R"({"Enabled":false,"KMSMasterKeyId":"k"})",
       "KMSMasterKeyId can not be specified if Enabled is false"},
      {R"({"Enabled":true,"KMSMasterKeyId":"k"})",
       "SSEType KMS is required if KMSMasterKeyId is specified"},
      {R"({"Enabled":true,"SSEType":"AES256"})", "SSEType AES256 is not supported"},
  };
  Json request = Json::parse(R"({
    "TableName": "others",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST"})");
  for (const auto& [specification, error] : rows) {
    CAPTURE(specification);
    CHECK(Try({{"SSESpecification", Json::parse(specification)}}).error() == kInvalid + error);
    request["SSESpecification"] = Json::parse(specification);
    CHECK(Run("CreateTable", request.dump()).error() == kInvalid + error);
  }
  // Members that change nothing are accepted by CreateTable.
  request["SSESpecification"] = {{"Enabled", false}};
  request["Tags"] = Json::array();
  request["StreamSpecification"] = {{"StreamEnabled", false}};
  CHECK_FALSE(Must("CreateTable", request.dump())["TableDescription"].contains("SSEDescription"));
  request["TableName"] = "more";
  request["SSESpecification"] = {{"SSEType", "KMS"}};
  CHECK(Must("CreateTable", request.dump())["TableDescription"]["SSEDescription"]["SSEType"] ==
        "KMS");
}

TEST_CASE_METHOD(Fixture, "Deletion protection is on at once, and holds",
                 "[operations][UpdateTable][DeleteTable]") {
  const Json answer = Update({{"DeletionProtectionEnabled", true}});
  CHECK(answer["TableStatus"] == "ACTIVE");
  CHECK(answer["DeletionProtectionEnabled"] == true);
  Update({{"DeletionProtectionEnabled", true}});
  CHECK(Run("DeleteTable", R"({"TableName":"orders"})").error() ==
        "ValidationException: Resource cannot be deleted as it is currently protected against "
        "deletion. Disable deletion protection first.");
  CHECK(Table()["TableStatus"] == "ACTIVE");
  Update({{"DeletionProtectionEnabled", false}});
  Must("DeleteTable", R"({"TableName":"orders"})");
}

TEST_CASE_METHOD(Fixture, "UpdateTable makes one change a call", "[operations][UpdateTable]") {
  const Json encrypt = {{"SSESpecification", {{"Enabled", true}}}};
  const Json reclass = {{"TableClass", "STANDARD_INFREQUENT_ACCESS"}};
  const Json protect = {{"DeletionProtectionEnabled", true}};
  const Json warm = {{"WarmThroughput", {{"ReadUnitsPerSecond", 13000}}}};
  const Json limits = {{"OnDemandThroughput", {{"MaxReadRequestUnits", 5}}}};
  const Json on_demand = {{"BillingMode", "PAY_PER_REQUEST"}};
  const Json stream = {
      {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}}}};
  const Json units = {
      {"ProvisionedThroughput", {{"ReadCapacityUnits", 6}, {"WriteCapacityUnits", 6}}}};
  const std::string alone = " must be the only operation in the request";
  const std::vector<std::tuple<Json, Json, std::string>> rows = {
      {protect, encrypt, kInvalid + "Server-Side Encryption modification" + alone},
      {reclass, encrypt, kInvalid + "Server-Side Encryption modification" + alone},
      {protect, reclass, kInvalid + "TableClass modification" + alone},
      {warm, protect, kInvalid + "DeletionProtection modification" + alone},
      {on_demand, protect, kInvalid + "DeletionProtection modification" + alone},
      {warm, units, kInvalid + "WarmThroughput" + alone},
      {limits, stream,
       kInvalid + "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
                  "request"},
      {stream, units,
       "ValidationException: One or more parameter values were invalid: You cannot modify stream "
       "status while updating table IOPS"},
  };
  for (const auto& [one, other, error] : rows) {
    Json both = one;
    both.update(other);
    CAPTURE(both);
    CHECK(Try(both).error() == error);
  }
  const Json before = Table();
  CHECK_FALSE(before.contains("SSEDescription"));
  CHECK_FALSE(before.contains("TableClassSummary"));
  // These may be combined.
  Json both = on_demand;
  both.update(stream);
  CHECK(Update(both)["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY");
  both = on_demand;
  both.update(limits);
  CHECK(Update(both)["OnDemandThroughput"]["MaxReadRequestUnits"] == 5);
  // An empty structure is ignored if there is another member.
  both = protect;
  both["WarmThroughput"] = Json::object();
  CHECK(Update(both)["DeletionProtectionEnabled"] == true);
}

TEST_CASE_METHOD(Fixture, "UpdateTable looks at definitions only beside a new index",
                 "[operations][UpdateTable]") {
  const Json definitions = Json::parse(R"([{"AttributeName": "pk", "AttributeType": "N"}])");
  CHECK(Try({{"AttributeDefinitions", definitions}})
            .error()
            .starts_with("ValidationException: At least one of ProvisionedThroughput, "));
  Update({{"AttributeDefinitions", definitions}, {"DeletionProtectionEnabled", false}});
  CHECK(Table()["AttributeDefinitions"][0]["AttributeType"] == "S");
}

}  // namespace
}  // namespace weir::testing
