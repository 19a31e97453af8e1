# SPDX-License-Identifier: Apache-2.0
"""Every operation of botocore's two models: one valid call, which works or is refused as documented in
docs/compatibility.md, and one invalid call."""

import contextlib

import botocore.session
import pytest
from botocore.exceptions import ClientError
from errors import VALIDATION
from tables import Table, definition, unique_name
from values import S

SERVICES = ("dynamodb", "dynamodbstreams")
MISSING = "missing-" + "0" * 8
ARN = "arn:aws:dynamodb:eu-central-1:000000000000:table/"
BULK_ARN = ARN + MISSING + "/bulk-operation/01700000000000-0123abcd"
BACKUP_ARN = ARN + MISSING + "/backup/01700000000000-0123abcd"
KINESIS_ARN = "arn:aws:kinesis:eu-central-1:000000000000:stream/changes"
BULK = {
    "InputS3Configuration": {"S3Bucket": "bucket", "InputFormat": "ION"},
    "OutputS3Configuration": {"S3Bucket": "bucket", "OutputType": ["ERROR"]},
}
NOT_FOUND = "ResourceNotFoundException"
TABLE_NOT_FOUND = "TableNotFoundException"
GLOBAL_NOT_FOUND = "GlobalTableNotFoundException"
UNSUPPORTED = "not supported by Weir yet"


def operations():
    session = botocore.session.get_session()
    for service in SERVICES:
        for name in session.get_service_model(service).operation_names:
            yield service, name


def snake(name):
    return botocore.xform_name(name)


class Calls:
    """The parameters of valid and invalid calls; `table` has a stream and an index."""

    def __init__(self, table):
        self.name = table.name
        self.described = table.describe()
        self.arn = self.described["TableArn"]
        self.stream = self.described["LatestStreamArn"]
        self.key = {"pk": S("a")}

    def valid(self):
        """{operation: (parameters, members of the answer, or the refusal's code and text)}"""
        name, arn = {"TableName": self.name}, {"ResourceArn": self.arn}
        item = {**name, "Item": {"pk": S("a")}}
        key = {**name, "Key": self.key}
        kinesis = {**name, "StreamArn": KINESIS_ARN}
        group = {"GlobalTableName": self.name}
        policy = ('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":'
                  '{"AWS":"111122223333"},"Action":"dynamodb:GetItem","Resource":"*"}}')
        recovery = {"PointInTimeRecoveryEnabled": False}
        return {
            "BatchGetItem": ({"RequestItems": {self.name: {"Keys": [self.key]}}},
                             {"Responses", "UnprocessedKeys"}),
            "BatchWriteItem": ({"RequestItems": {self.name: [
                {"PutRequest": {"Item": {"pk": S("b")}}}]}}, {"UnprocessedItems"}),
            "CancelBulkOperation": ({"BulkOperationArn": BULK_ARN}, (NOT_FOUND, BULK_ARN)),
            "CreateGlobalTable": ({**group, "ReplicationGroup": [{"RegionName": "eu-west-1"}]},
                                  (VALIDATION, "version 2017.11.29 is not supported")),
            "CreateTable": (definition(self.name + "-2", "pk:S"), {"TableDescription"}),
            "DeleteItem": (key, set()),
            "DeleteResourcePolicy": (arn, set()),
            "DeleteTable": ({"TableName": self.name + "-2"}, {"TableDescription"}),
            "DescribeBulkOperation": ({"BulkOperationArn": BULK_ARN}, (NOT_FOUND, BULK_ARN)),
            "DescribeContinuousBackups": (name, {"ContinuousBackupsDescription"}),
            "DescribeContributorInsights": (name, {"TableName", "ContributorInsightsStatus"}),
            "DescribeEndpoints": ({}, {"Endpoints"}),
            "DescribeExport": ({"ExportArn": self.arn + "/export/0170-ab"},
                               ("ExportNotFoundException", "Export not found")),
            "DescribeGlobalTable": (group, (GLOBAL_NOT_FOUND, "does not exist")),
            "DescribeGlobalTableSettings": (group, (GLOBAL_NOT_FOUND, "does not exist")),
            "DescribeImport": ({"ImportArn": self.arn + "/import/0170-ab"},
                               ("ImportNotFoundException", "Import not found")),
            "DescribeKinesisStreamingDestination": (
                name, {"TableName", "KinesisDataStreamDestinations"}),
            "DescribeLimits": ({}, {
                "AccountMaxReadCapacityUnits", "AccountMaxWriteCapacityUnits",
                "TableMaxReadCapacityUnits", "TableMaxWriteCapacityUnits"}),
            "DescribeStream": ({"StreamArn": self.stream}, {"StreamDescription"}),
            "DescribeTable": (name, {"Table"}),
            "DescribeTableReplicaAutoScaling": (name, (NOT_FOUND, "does not exist")),
            "DisableKinesisStreamingDestination": (kinesis, (VALIDATION, "must be ACTIVE")),
            "EnableKinesisStreamingDestination": (kinesis, (VALIDATION, UNSUPPORTED)),
            "ExportTableToPointInTime": (
                {"TableArn": self.arn, "S3Bucket": "bucket"},
                ("PointInTimeRecoveryUnavailableException", self.name)),
            "GetItem": (key, {"Item"}),
            "GetResourcePolicy": (arn, {"Policy", "RevisionId"}),
            "ImportTable": ({
                "S3BucketSource": {"S3Bucket": "bucket"}, "InputFormat": "ION",
                "TableCreationParameters": dict(definition("imported", "pk:S").items())},
                (VALIDATION, UNSUPPORTED)),
            "ListBulkOperations": ({}, {"BulkOperationsSummaryList"}),
            "ListContributorInsights": ({}, {"ContributorInsightsSummaries"}),
            "ListExports": ({}, {"ExportSummaries"}),
            "ListGlobalTables": ({}, {"GlobalTables"}),
            "ListImports": ({}, {"ImportSummaryList"}),
            "ListStreams": ({"TableName": self.name}, {"Streams"}),
            "ListTables": ({}, {"TableNames"}),
            "ListTagsOfResource": (arn, {"Tags"}),
            "PutItem": (item, set()),
            "PutResourcePolicy": ({**arn, "Policy": policy}, {"RevisionId"}),
            "Query": ({**name, "KeyConditionExpression": "pk = :v",
                       "ExpressionAttributeValues": {":v": S("a")}},
                      {"Items", "Count", "ScannedCount"}),
            "RestoreTableToPointInTime": (
                {"SourceTableName": self.name, "TargetTableName": "copy",
                 "UseLatestRestorableTime": True},
                ("PointInTimeRecoveryUnavailableException", self.name)),
            "Scan": (name, {"Items", "Count", "ScannedCount"}),
            "SearchVectors": ({**name, "IndexName": "vectors", "TopK": 1,
                               "SearchVector": [{"N": "1"}]},
                              (VALIDATION, "does not have the specified index")),
            "StartBulkPutItems": ({**name, **BULK}, (VALIDATION, UNSUPPORTED)),
            "TagResource": ({**arn, "Tags": [{"Key": "a", "Value": "b"}]}, set()),
            "UntagResource": ({**arn, "TagKeys": ["a"]}, set()),
            "UpdateContinuousBackups": (
                {**name, "PointInTimeRecoverySpecification": recovery},
                {"ContinuousBackupsDescription"}),
            "UpdateContributorInsights": (
                {**name, "ContributorInsightsAction": "DISABLE"},
                {"TableName", "ContributorInsightsStatus"}),
            "UpdateGlobalTable": (
                {**group, "ReplicaUpdates": [{"Delete": {"RegionName": "eu-west-1"}}]},
                (GLOBAL_NOT_FOUND, "does not exist")),
            "UpdateGlobalTableSettings": (
                {**group, "GlobalTableBillingMode": "PROVISIONED"},
                (GLOBAL_NOT_FOUND, "does not exist")),
            "UpdateItem": (key, set()),
            "UpdateKinesisStreamingDestination": (
                {**kinesis, "UpdateKinesisStreamingConfiguration": {
                    "ApproximateCreationDateTimePrecision": "MICROSECOND"}},
                (VALIDATION, "No streaming destination with streamArn")),
            "UpdateTable": ({**name, "DeletionProtectionEnabled": False}, {"TableDescription"}),
            "UpdateTableReplicaAutoScaling": (name, (NOT_FOUND, "does not exist")),
            "BatchExecuteStatement": ({"Statements": [
                {"Statement": f"SELECT * FROM \"{self.name}\" WHERE pk='a'"}]}, {"Responses"}),
            "CreateBackup": ({**name, "BackupName": "backup"}, {"BackupDetails"}),
            "DeleteBackup": ({"BackupArn": BACKUP_ARN}, ("BackupNotFoundException", "")),
            "DescribeBackup": ({"BackupArn": BACKUP_ARN}, ("BackupNotFoundException", "")),
            "DescribeTimeToLive": (name, {"TimeToLiveDescription"}),
            "ExecuteStatement": ({"Statement": f"SELECT * FROM \"{self.name}\""}, {"Items"}),
            "ExecuteTransaction": ({"TransactStatements": [
                {"Statement": f"SELECT * FROM \"{self.name}\" WHERE pk='a'"}]}, {"Responses"}),
            "ListBackups": ({}, {"BackupSummaries"}),
            "RestoreTableFromBackup": (
                {"TargetTableName": "copy", "BackupArn": BACKUP_ARN},
                ("BackupNotFoundException", "")),
            "TransactGetItems": ({"TransactItems": [{"Get": key}]}, {"Responses"}),
            "TransactWriteItems": ({"TransactItems": [{"Put": item}]}, set()),
            "UpdateTimeToLive": (
                {**name, "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": True}},
                {"TimeToLiveSpecification"}),
        }


# Invalid calls of operations that look up no table, or that have another error for a missing one.
INVALID = {
    "BatchExecuteStatement": ({"Statements": []}, VALIDATION),
    "BatchGetItem": ({"RequestItems": {MISSING: {"Keys": [{"pk": S("a")}]}}}, NOT_FOUND),
    "BatchWriteItem": ({"RequestItems": {MISSING: [
        {"DeleteRequest": {"Key": {"pk": S("a")}}}]}}, NOT_FOUND),
    "CancelBulkOperation": ({}, VALIDATION),
    "CreateBackup": ({"TableName": MISSING}, VALIDATION),
    "CreateGlobalTable": ({"GlobalTableName": "ab", "ReplicationGroup": []}, VALIDATION),
    "CreateTable": ({"TableName": MISSING}, VALIDATION),
    "DeleteBackup": ({}, VALIDATION),
    "DeleteItem": ({"TableName": MISSING, "Key": {"pk": S("a")}}, NOT_FOUND),
    "DescribeBackup": ({}, VALIDATION),
    "DescribeBulkOperation": ({}, VALIDATION),
    "DescribeContinuousBackups": ({"TableName": MISSING}, TABLE_NOT_FOUND),
    "DescribeExport": ({"ExportArn": ARN + MISSING}, VALIDATION),
    "DescribeGlobalTable": ({"GlobalTableName": "ab"}, VALIDATION),
    "DescribeGlobalTableSettings": ({"GlobalTableName": "ab"}, VALIDATION),
    "DescribeImport": ({"ImportArn": ARN + MISSING}, VALIDATION),
    "DescribeStream": ({"StreamArn": ARN + MISSING + "/stream/2000-01-01T00:00:00.000"}, NOT_FOUND),
    "ExecuteStatement": ({"Statement": ""}, VALIDATION),
    "ExecuteTransaction": ({"TransactStatements": []}, VALIDATION),
    "ExportTableToPointInTime": ({"TableArn": MISSING, "S3Bucket": "bucket"}, VALIDATION),
    "GetItem": ({"TableName": MISSING, "Key": {"pk": S("a")}}, NOT_FOUND),
    "GetRecords": ({"ShardIterator": "mangled"}, VALIDATION),
    "GetShardIterator": ({"StreamArn": "mangled"}, VALIDATION),
    "ImportTable": ({"InputFormat": "XML"}, VALIDATION),
    "ListBackups": ({"Limit": 0}, VALIDATION),
    "ListBulkOperations": ({"MaxResults": 0}, VALIDATION),
    "ListContributorInsights": ({"TableName": MISSING}, NOT_FOUND),
    "ListExports": ({"MaxResults": 0}, VALIDATION),
    "ListGlobalTables": ({"Limit": 0}, VALIDATION),
    "ListImports": ({"PageSize": 0}, VALIDATION),
    "ListStreams": ({"Limit": 0}, VALIDATION),
    "ListTables": ({"Limit": 0}, VALIDATION),
    "PutItem": ({"TableName": MISSING, "Item": {"pk": S("a")}}, NOT_FOUND),
    "Query": ({"TableName": MISSING, "KeyConditionExpression": "pk = :v",
               "ExpressionAttributeValues": {":v": S("a")}}, NOT_FOUND),
    "RestoreTableFromBackup": ({"TargetTableName": "ab"}, VALIDATION),
    "RestoreTableToPointInTime": ({"SourceTableName": MISSING, "TargetTableName": "copy",
                                   "UseLatestRestorableTime": True}, TABLE_NOT_FOUND),
    "SearchVectors": ({"TableName": MISSING, "IndexName": "vectors", "TopK": 1,
                       "SearchVector": [{"N": "1"}]}, NOT_FOUND),
    "StartBulkPutItems": ({"TableName": MISSING, **BULK}, NOT_FOUND),
    "TransactGetItems": ({"TransactItems": []}, VALIDATION),
    "TransactWriteItems": ({"TransactItems": []}, VALIDATION),
    "UpdateContinuousBackups": (
        {"TableName": MISSING,
         "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
        TABLE_NOT_FOUND),
    "UpdateContributorInsights": (
        {"TableName": MISSING, "ContributorInsightsAction": "ENABLE"}, NOT_FOUND),
    "UpdateGlobalTable": ({"GlobalTableName": "abc", "ReplicaUpdates": []}, VALIDATION),
    "UpdateGlobalTableSettings": ({"GlobalTableName": "ab"}, VALIDATION),
    "UpdateItem": ({"TableName": MISSING, "Key": {"pk": S("a")}}, NOT_FOUND),
    "UpdateTable": ({"TableName": MISSING, "DeletionProtectionEnabled": True}, NOT_FOUND),
    "UpdateTimeToLive": ({"TableName": MISSING}, VALIDATION),
}
for _operation in ("DeleteResourcePolicy", "GetResourcePolicy", "ListTagsOfResource"):
    INVALID[_operation] = ({"ResourceArn": ARN + MISSING}, NOT_FOUND)
INVALID["PutResourcePolicy"] = ({"ResourceArn": ARN + MISSING, "Policy": "{"}, VALIDATION)
INVALID["TagResource"] = ({"ResourceArn": ARN + MISSING,
                           "Tags": [{"Key": "a", "Value": "b"}]}, NOT_FOUND)
INVALID["UntagResource"] = ({"ResourceArn": ARN + MISSING, "TagKeys": ["a"]}, NOT_FOUND)
for _operation in ("Enable", "Disable", "Update"):
    INVALID[_operation + "KinesisStreamingDestination"] = (
        {"TableName": MISSING, "StreamArn": KINESIS_ARN}, NOT_FOUND)
for _operation in (
        "DeleteTable", "DescribeContributorInsights", "DescribeKinesisStreamingDestination",
        "DescribeTable", "DescribeTableReplicaAutoScaling", "DescribeTimeToLive", "Scan",
        "UpdateTableReplicaAutoScaling"):
    INVALID[_operation] = ({"TableName": MISSING}, NOT_FOUND)

# Operations without a member that could be wrong.
NEVER_INVALID = {"DescribeEndpoints", "DescribeLimits"}


@pytest.fixture(scope="module")
def calls(dynamodb):
    name = unique_name()
    dynamodb.create_table(**definition(name, "pk:S", view="KEYS_ONLY"))
    table = Table(dynamodb, name)
    table.await_active()
    table.put({"pk": S("a")})
    yield Calls(table)
    for made in (name, name + "-2"):
        with contextlib.suppress(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.delete_table(TableName=made)


def call(clients, service, operation, parameters):
    """The answer, or the error as (code, text)."""
    try:
        answer = getattr(clients[service], snake(operation))(**parameters)
    except ClientError as error:
        found = error.response["Error"]
        return found["Code"], found["Message"]
    answer.pop("ResponseMetadata")
    return answer


@pytest.fixture(scope="module")
def clients(unchecked, unchecked_streams):
    return {"dynamodb": unchecked, "dynamodbstreams": unchecked_streams}


def check(operation, outcome, expected):
    if isinstance(expected, set):
        assert isinstance(outcome, dict), outcome
        assert expected <= outcome.keys()
        return
    assert isinstance(outcome, tuple), outcome
    code, text = expected
    assert outcome[0] == code and text in outcome[1], outcome


def test_valid_calls(calls, clients):
    """Makes the calls in an order in which each finds what it needs."""
    valid = calls.valid()
    names = sorted(name for service, name in operations() if service == "dynamodb")
    assert valid.keys() - {"DescribeStream", "ListStreams"} == set(names)
    # Policies and items are written first, and are read before they and the table are deleted.
    last = ["DeleteResourcePolicy", "DeleteItem", "DeleteTable"]
    first = ["PutItem", "PutResourcePolicy"]
    for name in first + [one for one in names if one not in first + last] + last:
        parameters, expected = valid[name]
        check(name, call(clients, "dynamodb", name, parameters), expected)


def test_valid_calls_of_streams(calls, clients):
    valid = calls.valid()
    for name in ("ListStreams", "DescribeStream"):
        parameters, expected = valid[name]
        check(name, call(clients, "dynamodbstreams", name, parameters), expected)
    stream = call(clients, "dynamodbstreams", "DescribeStream", {"StreamArn": calls.stream})
    shard = stream["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = call(clients, "dynamodbstreams", "GetShardIterator", {
        "StreamArn": calls.stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})
    check("GetShardIterator", iterator, {"ShardIterator"})
    check("GetRecords", call(clients, "dynamodbstreams", "GetRecords", iterator),
          {"Records", "NextShardIterator"})


@pytest.mark.parametrize("service, operation", [
    pytest.param(*one, id=one[1]) for one in operations() if one[1] not in NEVER_INVALID])
def test_invalid_call(clients, service, operation):
    parameters, code = INVALID[operation]
    outcome = call(clients, service, operation, parameters)
    assert isinstance(outcome, tuple), outcome
    assert outcome[0] == code, outcome
