# SPDX-License-Identifier: Apache-2.0
"""DescribeTable, ListTables and DeleteTable."""

import pytest
from errors import ONE, VALIDATION, constraint, refused
from tables import unique_name
from values import S

# Recorded from DescribeTable in October 2026; earlier it had its own text.
SHORT_NAME = ONE + constraint("'ab'", "tableName", "have length greater than or equal to 3")


def not_found(name):
    return f"Requested resource not found: Table: {name} not found"


class TestDescribeTable:
    def test_provisioned_table(self, make_table):
        table = make_table("pk:S", "sk:N", units=(5, 6))
        described = table.describe()
        for varying in ("CreationDateTime", "TableArn", "TableId"):
            assert described.pop(varying)
        assert described == {
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
            ],
            "DeletionProtectionEnabled": False,
            "ItemCount": 0,
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "ProvisionedThroughput": {
                "NumberOfDecreasesToday": 0,
                "ReadCapacityUnits": 5,
                "WriteCapacityUnits": 6,
            },
            "TableName": table.name,
            "TableSizeBytes": 0,
            "TableStatus": "ACTIVE",
            "WarmThroughput": {
                "ReadUnitsPerSecond": 5,
                "Status": "ACTIVE",
                "WriteUnitsPerSecond": 6,
            },
        }

    def test_on_demand_table(self, table):
        described = table.describe()
        summary = described["BillingModeSummary"]
        assert summary["BillingMode"] == "PAY_PER_REQUEST"
        assert summary["LastUpdateToPayPerRequestDateTime"] >= described["CreationDateTime"]
        assert summary.keys() == {"BillingMode", "LastUpdateToPayPerRequestDateTime"}
        assert described["ProvisionedThroughput"] == {
            "NumberOfDecreasesToday": 0,
            "ReadCapacityUnits": 0,
            "WriteCapacityUnits": 0,
        }
        assert described["WarmThroughput"] == {
            "ReadUnitsPerSecond": 12000,
            "Status": "ACTIVE",
            "WriteUnitsPerSecond": 4000,
        }

    def test_identity_stays(self, table):
        first, second = table.describe(), table.describe()
        for member in ("TableId", "TableArn", "CreationDateTime"):
            assert first[member] == second[member]

    def test_new_table_of_the_same_name_has_a_new_id(self, dynamodb, table):
        first = table.describe()
        table.drop()
        dynamodb.create_table(
            TableName=table.name, KeySchema=first["KeySchema"],
            AttributeDefinitions=first["AttributeDefinitions"], BillingMode="PAY_PER_REQUEST")
        table.await_active()
        assert table.describe()["TableId"] != first["TableId"]

    def test_arn_serves_as_name(self, dynamodb, table):
        arn = table.describe()["TableArn"]
        assert dynamodb.describe_table(TableName=arn)["Table"]["TableName"] == table.name

    def test_missing_table(self, dynamodb):
        name = unique_name()
        with refused("ResourceNotFoundException", not_found(name)):
            dynamodb.describe_table(TableName=name)

    def test_short_name(self, dynamodb):
        with refused(VALIDATION, SHORT_NAME):
            dynamodb.describe_table(TableName="ab")

    def test_no_name(self, unchecked):
        with refused(VALIDATION,
                     "The parameter 'TableName' is required but was not present in the request"):
            unchecked.describe_table()


class TestListTables:
    @pytest.fixture
    def three(self, make_table):
        return sorted(make_table().name for _ in range(3))

    @staticmethod
    def pages(dynamodb, **parameters):
        while True:
            page = dynamodb.list_tables(**parameters)
            yield page
            if "LastEvaluatedTableName" not in page:
                return
            parameters["ExclusiveStartTableName"] = page["LastEvaluatedTableName"]

    def test_pages_hold_each_table_once(self, dynamodb, three):
        pages = list(self.pages(dynamodb, Limit=1))
        names = [name for page in pages for name in page["TableNames"]]
        assert len(names) == len(set(names))
        assert set(three) <= set(names)
        for page in pages[:-1]:
            assert page["TableNames"] == [page["LastEvaluatedTableName"]]

    def test_one_page_without_limit(self, dynamodb, three):
        names = [name for page in self.pages(dynamodb) for name in page["TableNames"]]
        assert set(three) <= set(names)

    def test_start_is_exclusive(self, dynamodb, three):
        page = dynamodb.list_tables(ExclusiveStartTableName=three[0])
        assert three[0] not in page["TableNames"]

    def test_deleted_table_is_not_listed(self, dynamodb, make_table):
        table = make_table()
        table.drop()
        names = [name for page in self.pages(dynamodb) for name in page["TableNames"]]
        assert table.name not in names

    @pytest.mark.parametrize("limit, rule", [
        (0, "have value greater than or equal to 1"),
        (101, "have value less than or equal to 100"),
    ])
    def test_limit_out_of_range(self, unchecked, limit, rule):
        with refused(VALIDATION, ONE + constraint(f"'{limit}'", "limit", rule)):
            unchecked.list_tables(Limit=limit)

    def test_short_start_name(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "'ab'", "exclusiveStartTableName", "have length greater than or equal to 3")):
            unchecked.list_tables(ExclusiveStartTableName="ab")


class TestDeleteTable:
    def test_reply_has_no_schema(self, make_table):
        table = make_table("pk:S", units=(5, 5))
        before = table.describe()
        reply = table.drop()
        assert not reply.keys() & {"AttributeDefinitions", "KeySchema", "CreationDateTime"}
        assert reply["TableStatus"] == "DELETING"
        for same in ("TableName", "TableArn", "TableId", "ProvisionedThroughput", "ItemCount",
                     "TableSizeBytes", "DeletionProtectionEnabled"):
            assert reply[same] == before[same]

    def test_items_are_gone(self, dynamodb, make_table):
        table = make_table()
        table.put({"pk": S("a")})
        table.drop()
        with refused("ResourceNotFoundException", "Requested resource not found"):
            table.get({"pk": S("a")})

    def test_name_can_be_used_again_and_starts_empty(self, dynamodb, make_table):
        table = make_table()
        table.put({"pk": S("a")})
        schema = table.describe()
        table.drop()
        dynamodb.create_table(
            TableName=table.name, KeySchema=schema["KeySchema"],
            AttributeDefinitions=schema["AttributeDefinitions"], BillingMode="PAY_PER_REQUEST")
        table.await_active()
        assert table.get({"pk": S("a")}) is None

    def test_missing_table(self, dynamodb):
        name = unique_name()
        with refused("ResourceNotFoundException", not_found(name)):
            dynamodb.delete_table(TableName=name)

    def test_short_name(self, dynamodb):
        with refused(VALIDATION, SHORT_NAME):
            dynamodb.delete_table(TableName="ab")
