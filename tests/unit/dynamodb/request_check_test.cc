// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_check.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/dynamodb/request_answers.h"

namespace weir::dynamodb {
namespace {

// The envelopes of one fault and of several.
const std::string kOne = "V: 1 validation error detected: ";
std::string Several(int count) {
  return "V: " + std::to_string(count) + " validation errors detected: ";
}

std::string At(const std::string& value, const std::string& path, const std::string& rule) {
  return "Value " + value + " at '" + path + "' failed to satisfy constraint: Member must " + rule;
}

std::string Unechoed(const std::string& path, const std::string& rule) {
  return "Value at '" + path + "' failed to satisfy constraint: Member must " + rule;
}

const std::string kNotNull = "not be null";
const std::string kAtLeast1 = "have length greater than or equal to 1";
const std::string kAtLeast3 = "have length greater than or equal to 3";
const std::string kNamePattern = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
const std::string kRccSet = "satisfy enum value set: [INDEXES, TOTAL, NONE]";
const std::string kReturnValuesSet =
    "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]";
const std::string kNewReturnValues =
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, "
    "ALL_NEW, UPDATE_NEW, NONE]";
const std::string kEmptyName = kOne + Unechoed("TableName", kAtLeast1);

TEST_CASE("Unknown members are ignored, null ones are absent, the last of two counts",
          "[protocol][limits]") {
  CheckAll({
      {"GetItem", R"({"TableName":"abc","Key":{},"Other":{"TableName":5},"tableName":[]})", "ok"},
      {"GetItem", R"({"TableName":"abc","Key":{},"Limit":"x","ConsistentRead":null})", "ok"},
      {"GetItem", R"({"TableName":null,"Key":null})",
       Several(2) + At("null", "key", kNotNull) + "; " + At("null", "tableName", kNotNull)},
      {"GetItem", R"({"TableName":"","TableName":"abc","Key":{}})", "ok"},
      {"GetItem", R"({"TableName":"abc","TableName":null,"Key":{}})",
       kOne + At("null", "tableName", kNotNull)},
      {"GetItem", WithValue("null"), "ok"},
      {"GetItem", WithValue(R"({"S":null,"L":[null],"M":{"x":null}})"), "ok"},
  });
}

TEST_CASE("GetItem: order and texts of member faults", "[protocol][limits][GetItem]") {
  const std::string bad_rcc = At("'X'", "returnConsumedCapacity", kRccSet);
  CheckAll({
      {"GetItem", R"({"TableName":"abc","Key":{}})", "ok"},
      {"GetItem", "{}",
       Several(2) + At("null", "key", kNotNull) + "; " + At("null", "tableName", kNotNull)},
      {"GetItem", R"({"TableName":"","ReturnConsumedCapacity":"X"})", kEmptyName},
      {"GetItem", R"({"TableName":"ab","Key":{}})", kOne + At("'ab'", "tableName", kAtLeast3)},
      {"GetItem", R"({"TableName":"a;","Key":{}})", kOne + At("'a;'", "tableName", kAtLeast3)},
      {"GetItem", R"({"TableName":"abc;","Key":{}})",
       kOne + At("'abc;'", "tableName", kNamePattern)},
      {"GetItem", R"({"TableName":")" + std::string(256, 'a') + R"(","Key":{}})",
       kOne + At("'" + std::string(256, 'a') + "'", "tableName",
                 "have length less than or equal to 255")},
      {"GetItem", R"({"TableName":"a;","ReturnConsumedCapacity":"X","AttributesToGet":[]})",
       Several(4) + At("null", "key", kNotNull) + "; " + At("'a;'", "tableName", kAtLeast3) + "; " +
           bad_rcc + "; " + At("'[]'", "attributesToGet", kAtLeast1)},
      {"GetItem", R"({"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/abc","Key":{}})",
       "ok"},
      {"GetItem", R"({"TableName":"arn:)" + std::string(1021, 'a') + R"(","Key":{}})",
       kOne + At("'arn:" + std::string(1021, 'a') + "'", "tableName",
                 "have length less than or equal to 1024")},
  });
}

TEST_CASE("PutItem and DeleteItem: order and texts of member faults",
          "[protocol][limits][PutItem][DeleteItem]") {
  const std::string all = R"("ReturnConsumedCapacity":"A","ReturnValues":"B",)"
                          R"("ReturnItemCollectionMetrics":"C",)"
                          R"("ReturnValuesOnConditionCheckFailure":"D"})";
  const std::string enums =
      At("'A'", "returnConsumedCapacity", kRccSet) + "; " + kNewReturnValues + "; " +
      At("'C'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]") + "; " +
      At("'D'", "returnValuesOnConditionCheckFailure", "satisfy enum value set: [ALL_OLD, NONE]");
  const auto conditional = [](const std::string& expected) {
    return R"({"TableName":"abc","Item":{},"ConditionalOperator":"AN","Expected":)" + expected +
           "}";
  };
  CheckAll({
      {"PutItem", R"({"TableName":"","Item":{},"ReturnValues":"X"})", kEmptyName},
      {"DeleteItem", R"({"TableName":"","Key":{}})", kEmptyName},
      {"PutItem", R"({"TableName":"a;",)" + all,
       Several(6) + At("'a;'", "tableName", kAtLeast3) + "; " + At("null", "item", kNotNull) +
           "; " + enums},
      {"DeleteItem", "{" + all,
       Several(6) + At("null", "tableName", kNotNull) + "; " + At("null", "key", kNotNull) + "; " +
           enums},
      {"PutItem", R"({"TableName":"abc","Item":{},"ReturnValues":"X"})", kOne + kNewReturnValues},
      {"PutItem", conditional("{}"),
       kOne + "ConditionalOperator cannot be used without Filter or Expected"},
      {"PutItem", conditional(R"({"a":{}})"),
       kOne + "ConditionalOperator can only be used when Filter or Expected has two or more "
              "elements"},
      {"PutItem", conditional(R"({"a":{},"b":{}})"),
       kOne + "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"},
  });
}

TEST_CASE("UpdateItem: order and texts of member faults", "[protocol][limits][UpdateItem]") {
  const std::string bad_rcc = At("'X'", "returnConsumedCapacity", kRccSet);
  const std::string bad_rvf =
      At("'X'", "returnValuesOnConditionCheckFailure", "satisfy enum value set: [ALL_OLD, NONE]");
  const std::string empty = At("''", "tableName", kAtLeast1);
  const std::string no_key = At("null", "key", kNotNull);
  const std::string base = R"({"TableName":"abc","Key":{})";
  CheckAll({
      {"UpdateItem", "{}", Several(2) + At("null", "tableName", kNotNull) + "; " + no_key},
      {"UpdateItem", R"({"TableName":""})", Several(2) + empty + "; " + no_key},
      {"UpdateItem", R"({"TableName":"","ReturnConsumedCapacity":"X","ReturnValues":"Y"})",
       Several(4) + bad_rcc + "; " + empty + "; " + At("'Y'", "returnValues", kReturnValuesSet) +
           "; " + no_key},
      {"UpdateItem",
       R"({"TableName":"abc","Expected":{"a":{},"b":{}},"ConditionalOperator":"XOR"})",
       Several(2) + At("'XOR'", "conditionalOperator", "satisfy enum value set: [OR, AND]") + "; " +
           no_key},
      {"UpdateItem", R"({"TableName":"","Key":{},"ReturnValues":"X"})", kEmptyName},
      {"UpdateItem", R"({"TableName":"a;","Key":{},"ReturnValues":"X"})",
       Several(2) + At("'a;'", "tableName", kNamePattern) + "; " +
           At("'a;'", "tableName", kAtLeast3)},
      {"UpdateItem", R"({"Key":{},"ReturnValues":"X"})", kOne + At("null", "tableName", kNotNull)},
      {"UpdateItem", base + R"(,"ReturnConsumedCapacity":"X","ReturnValues":"X"})",
       kOne + kNewReturnValues},
      {"UpdateItem",
       base + R"(,"ReturnConsumedCapacity":"X","ReturnValuesOnConditionCheckFailure":"X"})",
       "V: " + bad_rvf},
      {"UpdateItem", base + R"(,"ReturnConsumedCapacity":"X","ReturnItemCollectionMetrics":"X"})",
       kOne + At("'X'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]")},
      {"UpdateItem", base + R"(,"ReturnConsumedCapacity":"X"})", "V: " + bad_rcc},
      {"UpdateItem", base + R"(,"AttributeUpdates":{"a":{"Action":"PUT"},"b":{"Action":""}}})",
       kOne + "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action"},
  });
}

TEST_CASE("Query and Scan: order and texts of member faults", "[protocol][limits][Query][Scan]") {
  const std::string bad_rcc = At("'X'", "returnConsumedCapacity", kRccSet);
  const std::string bad_select =
      At("'X'", "select",
         "satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, "
         "ALL_PROJECTED_ATTRIBUTES]");
  const std::string low_limit = Unechoed("Limit", "have value greater than or equal to 1");
  CheckAll({
      {"Query", R"({"TableName":"abc"})", "ok"},
      {"Query", R"({"TableName":"abc","Limit":0})", kOne + low_limit},
      {"Query", R"({"TableName":"abc","Limit":0.9})", kOne + low_limit},
      {"Query", R"({"TableName":"","Limit":-1})",
       Several(2) + low_limit + "; " + Unechoed("TableName", kAtLeast1)},
      {"Query", R"({"Select":"X","ReturnConsumedCapacity":"X","Limit":0})",
       Several(4) + bad_select + "; " + bad_rcc + "; " + At("null", "tableName", kNotNull) + "; " +
           At("'0'", "limit", "have value greater than or equal to 1")},
      {"Query", R"({"TableName":"a!","ReturnConsumedCapacity":"X","Select":"X"})",
       Several(2) + At("'a!'", "tableName", kAtLeast3) + "; " + bad_rcc},
      {"Query", R"({"TableName":"abc","Select":"X"})", kOne + bad_select},
      {"Query", R"({"TableName":"abc","IndexName":"x"})", kOne + At("'x'", "indexName", kAtLeast3)},
      {"Query",
       R"({"TableName":"abc","ConditionalOperator":"AN","QueryFilter":{"a":{)"
       R"("ComparisonOperator":"EQ"},"b":{"ComparisonOperator":"EQ"}}})",
       "V: Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"},
      {"Scan", R"({"TableName":"abc","ScanFilter":{"a":{}}})",
       kOne + At("null", "scanFilter.a.member.comparisonOperator", kNotNull)},
      {"Scan", R"({"TableName":"abc","Segment":-1,"TotalSegments":1000001})",
       Several(2) + Unechoed("Segment", "have value greater than or equal to 0") + "; " +
           Unechoed("TotalSegments", "have value less than or equal to 1000000")},
      {"Scan", R"({"TableName":"abc","Segment":1000000,"TotalSegments":4})",
       kOne + Unechoed("Segment", "have value less than or equal to 999999")},
      {"Scan", R"({"TableName":"abc","Limit":99999999999999999999})", "ok"},
  });
}

TEST_CASE("BatchGetItem: names and counts", "[protocol][limits][BatchGetItem]") {
  const std::string key_limits =
      "Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
      "Member must have length greater than or equal to 3, Member must satisfy regular expression "
      "pattern: [a-zA-Z0-9_.-]+]";
  std::string keys;
  for (int i = 0; i < 101; ++i) {
    keys += i == 0 ? "{}" : ",{}";
  }
  CheckAll({
      {"BatchGetItem", "{}", kOne + At("null", "requestItems", kNotNull)},
      {"BatchGetItem", R"({"RequestItems":{}})", kOne + Unechoed("RequestItems", kAtLeast1)},
      {"BatchGetItem", R"({"RequestItems":{"bad!name":{"Keys":[{"pk":{"S":"a"}}],"Other":1}}})",
       kOne + R"(Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' at 'requestItems' failed to )" +
           "satisfy constraint: " + key_limits},
      {"BatchGetItem", R"({"RequestItems":{"abc":{"Keys":[]}}})",
       kOne + Unechoed("RequestItems.abc.member.Keys", kAtLeast1)},
      {"BatchGetItem", R"({"RequestItems":{"abc":{"Keys":[)" + keys + "]}}}",
       kOne + Unechoed("RequestItems.abc.member.Keys", "have length less than or equal to 100")},
      {"BatchGetItem",
       R"({"RequestItems":{"arn:aws:dynamodb:us-east-1:000000000000:table/abc":{"Keys":[{}]}}})",
       "ok"},
      {"BatchGetItem", R"({"RequestItems":{"abc":{}}})",
       kOne + At("null", "requestItems.abc.member.keys", kNotNull)},
      {"BatchGetItem", R"({"RequestItems":{"abc":{"Keys":[]}},"ReturnConsumedCapacity":"X"})",
       kOne + At("'X'", "returnConsumedCapacity", kRccSet)},
  });
}

TEST_CASE("BatchWriteItem and transactions: paths and echoes of the older layer",
          "[protocol][limits][BatchWriteItem][TransactWriteItems]") {
  const std::string value_limits =
      "' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
      "[Member must have length less than or equal to 25, Member must have length greater than or "
      "equal to 1]";
  const std::string value =
      "AttributeValue(s=x, n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, "
      "bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, nULL=null, "
      "bOOL=null)";
  const std::string write = "WriteRequest(putRequest=PutRequest(item={pk=" + value +
                            "}, workloadProfileName=null), deleteRequest=null)";
  std::string requests;
  std::string echoes;
  for (int i = 0; i < 26; ++i) {
    requests.append(i == 0 ? "" : ",").append(R"({"PutRequest":{"Item":{"pk":{"S":"x"}}}})");
    echoes.append(i == 0 ? "" : ", ").append(write);
  }
  const std::string rcc = At("'X'", "returnConsumedCapacity", kRccSet);
  CheckAll({
      {"BatchWriteItem", R"({"RequestItems":{}})",
       "V: The requestItems parameter is required for BatchWriteItem"},
      {"BatchWriteItem", "{}", kOne + At("null", "requestItems", kNotNull)},
      {"BatchWriteItem", R"({"RequestItems":{"abc":[]}})", kOne + "Value '{abc=[]}" + value_limits},
      {"BatchWriteItem", R"({"RequestItems":{"abc":[)" + requests + "]}}",
       kOne + "Value '{abc=[" + echoes + "]}" + value_limits},
      {"BatchWriteItem",
       R"({"RequestItems":{"a;":[{"PutRequest":{}}]},)"
       R"("ReturnConsumedCapacity":"X"})",
       Several(3) + rcc +
           "; Value '{a;=[WriteRequest(putRequest=PutRequest(item=null, workloadProfileName=null), "
           "deleteRequest=null)]}' at 'requestItems' failed to satisfy constraint: Map keys must "
           "satisfy constraint: [Member must have length less than or equal to 255, Member must "
           "have length greater than or equal to 3, Member must satisfy regular expression "
           "pattern: "
           "[a-zA-Z0-9_.-]+]; " +
           At("null", "requestItems.a;.member.1.member.putRequest.item", kNotNull)},
      {"TransactWriteItems", R"({"TransactItems":[]})",
       kOne + At("'[]'", "transactItems", kAtLeast1)},
      {"TransactWriteItems", R"({"TransactItems":[{"Put":{"TableName":"bad!name","Item":{}}}]})",
       kOne + At("'bad!name'", "transactItems.1.member.put.tableName", kNamePattern)},
      {"TransactWriteItems",
       R"({"ReturnConsumedCapacity":"X","ClientRequestToken":"","TransactItems":[{"Delete":)"
       R"({"TableName":"abc","Key":{}}},{"Put":{"TableName":"a;","Item":{}}}]})",
       Several(4) + At("''", "clientRequestToken", kAtLeast1) + "; " + rcc + "; " +
           At("'a;'", "transactItems.2.member.put.tableName", kAtLeast3) + "; " +
           At("'a;'", "transactItems.2.member.put.tableName", kNamePattern)},
      {"TransactGetItems", R"({"TransactItems":[{}]})",
       kOne + At("null", "transactItems.1.member.get", kNotNull)},
      {"ExecuteStatement", R"({"Limit":0,"Parameters":[],"ReturnConsumedCapacity":"X"})",
       Several(4) + At("'0'", "limit", "have value greater than or equal to 1") + "; " +
           At("null", "statement", kNotNull) + "; " + rcc + "; " +
           At("'[]'", "parameters", kAtLeast1)},
  });
}

TEST_CASE("Table operations: missing and malformed names",
          "[protocol][limits][CreateTable][DescribeTable]") {
  const std::string missing =
      "V: The parameter 'TableName' is required but was not present in the request";
  const std::string short_name =
      "V: TableName must be at least 3 characters long and at most 255 characters long";
  CheckAll({
      {"CreateTable", "{}", missing},
      {"CreateTable", R"({"BillingMode":"X"})", missing},
      {"DescribeTable", "{}", missing},
      {"DeleteTable", R"({"TableName":null})", missing},
      {"UpdateTable", "{}", missing},
      {"DescribeTimeToLive", "{}", missing},
      {"DescribeTable", R"({"TableName":""})",
       Several(2) + At("''", "tableName", kAtLeast3) + "; " + At("''", "tableName", kNamePattern)},
      {"DescribeTable", R"({"TableName":"ab"})", kOne + At("'ab'", "tableName", kAtLeast3)},
      {"DescribeGlobalTable", R"({"GlobalTableName":""})", short_name},
      {"RestoreTableFromBackup", R"({"TargetTableName":"","BackupArn":"x"})", short_name},
      {"DescribeContributorInsights", R"({"TableName":"abc","IndexName":""})",
       "V: IndexName must be at least 3 characters long and at most 255 characters long"},
      {"CreateBackup", R"({"TableName":"abc","BackupName":""})",
       Several(2) + At("''", "backupName", kNamePattern) + "; " +
           At("''", "backupName", kAtLeast3)},
      {"ListTables", R"({"Limit":0,"ExclusiveStartTableName":""})",
       Several(3) + At("'0'", "limit", "have value greater than or equal to 1") + "; " +
           At("''", "exclusiveStartTableName", kNamePattern) + "; " +
           At("''", "exclusiveStartTableName", kAtLeast3)},
      {"ListTables", R"({"Limit":101})",
       kOne + At("'101'", "limit", "have value less than or equal to 100")},
      {"UpdateTimeToLive", R"({"TableName":"abc","TimeToLiveSpecification":{}})",
       Several(2) + At("null", "timeToLiveSpecification.attributeName", kNotNull) + "; " +
           At("null", "timeToLiveSpecification.enabled", kNotNull)},
      {"ListTagsOfResource", "{}", "ok"},
      {"TagResource", R"({"ResourceArn":"","Tags":[{}]})", "ok"},
  });
}

// A valid CreateTable with more members, or members again, in `rest`.
std::string CreateTable(const std::string& rest) {
  return R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
         R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}])" +
         rest + "}";
}

TEST_CASE("CreateTable and UpdateTable: nested members", "[protocol][limits][CreateTable]") {
  const std::string throughput = "provisionedThroughput.";
  CheckAll({
      {"CreateTable", CreateTable(""), "ok"},
      {"CreateTable", R"({"TableName":"ab"})",
       Several(3) + At("null", "attributeDefinitions", kNotNull) + "; " +
           At("'ab'", "tableName", kAtLeast3) + "; " + At("null", "keySchema", kNotNull)},
      {"CreateTable", CreateTable(R"(,"AttributeDefinitions":[{}])"),
       Several(2) + At("null", "attributeDefinitions.1.member.attributeType", kNotNull) + "; " +
           At("null", "attributeDefinitions.1.member.attributeName", kNotNull)},
      {"CreateTable",
       CreateTable(R"(,"AttributeDefinitions":[{"AttributeName":"pk",)"
                   R"("AttributeType":"INVALID"}])"),
       kOne + At("'INVALID'", "attributeDefinitions.1.member.attributeType",
                 "satisfy enum value set: [B, N, S]")},
      {"CreateTable", CreateTable(R"(,"KeySchema":[])"), kOne + At("'[]'", "keySchema", kAtLeast1)},
      {"CreateTable", CreateTable(R"(,"KeySchema":[{}])"),
       Several(2) + At("null", "keySchema.1.member.attributeName", kNotNull) + "; " +
           At("null", "keySchema.1.member.keyType", kNotNull)},
      {"CreateTable", CreateTable(R"(,"KeySchema":[{"AttributeName":"pk","KeyType":"X"}])"),
       kOne + At("'X'", "keySchema.1.member.keyType", "satisfy enum value set: [HASH, RANGE]")},
      {"CreateTable",
       CreateTable(R"(,"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":)"
                   R"("sk","KeyType":"RANGE"},{"AttributeName":"x","KeyType":"RANGE"}])"),
       kOne + At("'[KeySchemaElement(attributeName=pk, keyType=HASH), "
                 "KeySchemaElement(attributeName=sk, keyType=RANGE), "
                 "KeySchemaElement(attributeName=x, keyType=RANGE)]'",
                 "keySchema", "have length less than or equal to 2")},
      {"CreateTable", CreateTable(R"(,"BillingMode":"")"),
       kOne + At("''", "billingMode", "satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]")},
      {"CreateTable", CreateTable(R"(,"ProvisionedThroughput":{"ReadCapacityUnits":0})"),
       Several(2) + At("null", throughput + "writeCapacityUnits", kNotNull) + "; " +
           At("'0'", throughput + "readCapacityUnits", "have value greater than or equal to 1")},
      {"CreateTable", CreateTable(R"(,"StreamSpecification":{})"),
       kOne + At("null", "streamSpecification.streamEnabled", kNotNull)},
      {"CreateTable",
       CreateTable(R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":""})"),
       kOne + At("''", "streamSpecification.streamViewType",
                 "satisfy enum value set: [OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]")},
      {"CreateTable", CreateTable(R"(,"SSESpecification":{"KMSMasterKeyId":""})"),
       kOne + At("''", "sSESpecification.kMSMasterKeyId", kAtLeast1)},
      {"CreateTable",
       CreateTable(R"(,"LocalSecondaryIndexes":[{}],"GlobalSecondaryIndexes":[)"
                   R"({"IndexName":"","KeySchema":[],"Projection":{}}])"),
       Several(6) + At("''", "globalSecondaryIndexes.1.member.indexName", kAtLeast3) + "; " +
           At("''", "globalSecondaryIndexes.1.member.indexName", kNamePattern) + "; " +
           At("'[]'", "globalSecondaryIndexes.1.member.keySchema", kAtLeast1) + "; " +
           At("null", "localSecondaryIndexes.1.member.indexName", kNotNull) + "; " +
           At("null", "localSecondaryIndexes.1.member.keySchema", kNotNull) + "; " +
           At("null", "localSecondaryIndexes.1.member.projection", kNotNull)},
      {"UpdateTable",
       R"({"TableName":"abc","GlobalSecondaryIndexUpdates":[{"Update":{)"
       R"("IndexName":"abc","ProvisionedThroughput":{}}}]})",
       Several(2) +
           At("null",
              "globalSecondaryIndexUpdates.1.member.update.provisionedThroughput."
              "writeCapacityUnits",
              kNotNull) +
           "; " +
           At("null",
              "globalSecondaryIndexUpdates.1.member.update.provisionedThroughput."
              "readCapacityUnits",
              kNotNull)},
  });
}

TEST_CASE("Stream operations: limits", "[protocol][limits][GetRecords][DescribeStream]") {
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01";
  CheckAll({
      {"GetRecords", R"({"ShardIterator":"x","Limit":1000})", "ok"},
      {"GetRecords", R"({"ShardIterator":"x","Limit":1001})",
       kOne + At("'1001'", "limit", "have value less than or equal to 1000")},
      {"ListStreams", R"({"Limit":0})",
       kOne + At("'0'", "limit", "have value greater than or equal to 1")},
      {"DescribeStream", R"({"StreamArn":"x"})",
       kOne + At("'x'", "streamArn", "have length greater than or equal to 37")},
      {"DescribeStream", R"({"StreamArn":")" + arn + R"(","ShardFilter":{}})",
       Several(2) + At("null", "shardFilter.type", kNotNull) + "; " +
           At("null", "shardFilter.shardId", kNotNull)},
      {"GetShardIterator", R"({"StreamArn":")" + arn + R"("})",
       Several(2) + At("null", "shardId", kNotNull) + "; " +
           At("null", "shardIteratorType", kNotNull)},
  });
}

TEST_CASE("Echoes write every type as Java does", "[protocol][limits][TransactWriteItems]") {
  std::string actions = R"({"Put":{"TableName":"abc","Item":{"a":{"M":{"x":{"NULL":true}}},)"
                        R"("b":{"L":[{"BOOL":"F"},{"N":"1"}]},"c":{"B":"AAA="},)"
                        R"("d":{"SS":["x","y"]}}}})";
  for (int i = 0; i < 100; ++i) {
    actions += ",null";
  }
  const std::string answer = Answer("TransactWriteItems", R"({"TransactItems":[)" + actions + "]}");
  const auto value = [](const std::string& field, const std::string& text) {
    std::string out = "AttributeValue(";
    for (const std::string name : {"s", "n", "b", "iNT", "dECIMAL", "dOUBLE", "sS", "nS", "bS",
                                   "iNTSET", "dECIMALSET", "dOUBLESET", "m", "l", "nULL", "bOOL"}) {
      out.append(name == "s" ? "" : ", ").append(name).append("=");
      out.append(name == field ? text : "null");
    }
    return out.append(")");
  };
  const std::string map = std::string("{x=").append(value("nULL", "true")).append("}");
  const std::string list =
      std::string("[").append(value("bOOL", "false") + ", " + value("n", "1")).append("]");
  std::string item = "{a=";
  item += value("m", map) + ", b=" + value("l", list);
  item += ", c=" + value("b", "java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]");
  item += ", d=" + value("sS", "[x, y]") + "}";
  CHECK(answer.starts_with(kOne + "Value '[TransactWriteItem(conditionCheck=null, put=Put(item=" +
                           item + ", tableName=abc, conditionExpression=null, "));
  CHECK(
      answer.ends_with(", null, null]' at 'transactItems' failed to satisfy constraint: Member "
                       "must have length less than or equal to 100"));
}

TEST_CASE("No more than ten faults are reported", "[protocol][limits]") {
  std::string schema = "{}";
  for (int i = 1; i < 50; ++i) {
    schema += ",{}";
  }
  const std::string answer =
      Answer("CreateTable", CreateTable(R"(,"AttributeDefinitions":[)" + schema + "]"));
  CHECK(answer.starts_with(Several(10)));
  CHECK(answer.ends_with(At("null", "attributeDefinitions.5.member.attributeName", kNotNull)));
}

TEST_CASE("Echoes are bounded", "[protocol][limits]") {
  std::string values = "{}";
  for (int i = 1; i < 100000; ++i) {
    values += ",{}";
  }
  const std::string body =
      R"({"RequestItems":{"a;":[{"PutRequest":{"Item":{"x":{"L":[)" + values + "]}}}}]}}";
  CHECK(Answer("BatchWriteItem", body).size() < 200000);
  CHECK(Answer("BatchGetItem",
               R"({"RequestItems":{")" + std::string(500000, ';') + R"(":{"Keys":[]}}})")
            .size() < 200000);
}

// The layer that reports the faults in a request's values.
protocol::ValueTexts LayerOf(std::string_view operation, const std::string& body) {
  const auto tree = protocol::JsonTree::Parse(body);
  REQUIRE(tree);
  const Result<protocol::ValueTexts> layer =
      protocol::CheckRequest(tree->root(), ShapeOf(operation));
  REQUIRE(layer.ok());
  return layer.value();
}

TEST_CASE("A value that only the older layer reads has it read the request", "[protocol][layer]") {
  for (const char* value :
       {R"({"S":"x","N":"1"})", R"({"BOOL":"true"})", R"({"NULL":"f"})",
        R"({"L":[{"S":"x"},{"M":{"x":{"BOOL":"no"}}}]})", R"({"N":"bad","SS":[]})"}) {
    CAPTURE(value);
    CHECK(LayerOf("GetItem", WithValue(value)) == protocol::ValueTexts::kOlder);
  }
  for (const char* value :
       {R"({"S":"true"})", R"({"BOOL":true})", R"({"NULL":false})", "{}", R"({"S":"x","N":null})",
        R"({"S":"x","S":"y"})", R"({"S":"x","X":1})", R"({"M":{"a":{"S":"x"},"b":{"N":"1"}}})"}) {
    CAPTURE(value);
    CHECK(LayerOf("GetItem", WithValue(value)) == protocol::ValueTexts::kNewer);
  }
  // Booleans outside of attribute values are left to the newer layer.
  CHECK(LayerOf("GetItem", R"({"TableName":"abc","Key":{},"ConsistentRead":"true"})") ==
        protocol::ValueTexts::kNewer);
  CHECK(LayerOf("PutItem", R"({"TableName":"abc","Item":{},
      "ExpressionAttributeValues":{":v":{"NULL":"true"}}})") == protocol::ValueTexts::kOlder);
}

}  // namespace
}  // namespace weir::dynamodb
