# SPDX-License-Identifier: Apache-2.0
"""Scan of a whole table: order, pages, start keys, and the checks it shares with Query."""

import pytest
from errors import ONE, VALIDATION, constraint, refused
from raw_call import raw_call
from reading import column, filled, pages, query, scan
from values import NULL, B, N, S

PARTITIONS = 40
PER_PARTITION = 5
START_KEY = "The provided starting key is invalid"
PATTERN = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
AT_LEAST_3 = "have length greater than or equal to 3"
CAPACITY = "satisfy enum value set: [INDEXES, TOTAL, NONE]"
SELECT = ("satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, "
          "ALL_PROJECTED_ATTRIBUTES]")


def key(partition, number):
    return {"pk": S(f"partition-{partition}"), "sk": N(number)}


ITEMS = [{**key(partition, number), "v": S(f"{partition}/{number}")}
         for partition in range(PARTITIONS) for number in range(PER_PARTITION)]


def sorted_items(items):
    return sorted(items, key=lambda item: (item["pk"]["S"], int(item["sk"]["N"])))


@pytest.fixture(scope="module")
def table(dynamodb):
    with filled(dynamodb, ITEMS, "pk:S", "sk:N") as filled_one:
        yield filled_one


@pytest.fixture(scope="module")
def in_order(table):
    """The items in the order of Scan."""
    return scan(table)["Items"]


class TestWholeTable:
    def test_each_item_once(self, table):
        page = scan(table)
        assert sorted_items(page["Items"]) == sorted_items(ITEMS)
        assert page["Count"] == page["ScannedCount"] == len(ITEMS)
        assert "LastEvaluatedKey" not in page

    def test_order_stays(self, table, in_order):
        assert scan(table)["Items"] == in_order
        assert scan(table, ConsistentRead=False)["Items"] == in_order

    def test_partitions_are_whole_and_sorted(self, in_order):
        partitions = [item["pk"]["S"] for item in in_order[::PER_PARTITION]]
        assert len(set(partitions)) == PARTITIONS
        assert in_order == [{**item, "pk": S(partition)} for partition in partitions
                            for item in in_order if item["pk"]["S"] == partition]
        assert column({"Items": in_order}) == ["0", "1", "2", "3", "4"] * PARTITIONS

    def test_partitions_are_not_in_the_order_of_their_keys(self, in_order):
        """They come in the order of a hash. A client must not rely on the order of the keys."""
        assert in_order != sorted_items(in_order)

    def test_empty_table(self, make_table):
        page = scan(make_table())
        assert (page["Items"], page["Count"], page["ScannedCount"]) == ([], 0, 0)
        assert "LastEvaluatedKey" not in page

    def test_empty_table_with_limit(self, make_table):
        page = scan(make_table(), Limit=1)
        assert page["Items"] == []
        assert "LastEvaluatedKey" not in page

    def test_sees_what_was_written_before_it(self, make_table):
        table = make_table()
        for name in "abc":
            table.put({"pk": S(name)})
        table.delete({"pk": S("b")})
        table.update({"pk": S("c")}, "SET x = :x", {":x": N(1)})
        found = sorted(scan(table)["Items"], key=lambda item: item["pk"]["S"])
        assert found == [{"pk": S("a")}, {"pk": S("c"), "x": N(1)}]

    def test_table_arn_as_name(self, table):
        page = table.client.scan(TableName=table.describe()["TableArn"], ConsistentRead=True)
        assert page["Count"] == len(ITEMS)


class TestPages:
    @pytest.mark.parametrize("limit", [1, 7, 99, 199])
    def test_join_to_the_whole(self, table, in_order, limit):
        found = list(pages(scan, table, Limit=limit))
        assert [item for page in found for item in page["Items"]] == in_order
        assert [page["Count"] for page in found[:-1]] == [limit] * (len(found) - 1)

    def test_last_evaluated_key_is_the_key_of_the_last_item(self, table, in_order):
        page = scan(table, Limit=13)
        last = in_order[12]
        assert page["LastEvaluatedKey"] == {"pk": last["pk"], "sk": last["sk"]}

    def test_limit_reached_with_the_last_item(self, table, in_order):
        """There is a key, although nothing follows it."""
        page = scan(table, Limit=len(ITEMS))
        last = in_order[-1]
        assert page["LastEvaluatedKey"] == {"pk": last["pk"], "sk": last["sk"]}
        rest = scan(table, Limit=len(ITEMS), ExclusiveStartKey=page["LastEvaluatedKey"])
        assert (rest["Items"], rest["Count"], rest["ScannedCount"]) == ([], 0, 0)
        assert "LastEvaluatedKey" not in rest

    def test_limit_not_reached(self, table):
        assert "LastEvaluatedKey" not in scan(table, Limit=len(ITEMS) + 1)

    def test_limit_counts_items_before_the_filter(self, table, in_order):
        values = {":v": in_order[3]["v"]}
        page = scan(table, Limit=10, FilterExpression="v = :v", ExpressionAttributeValues=values)
        assert page["Items"] == [in_order[3]]
        assert (page["Count"], page["ScannedCount"]) == (1, 10)
        assert page["LastEvaluatedKey"] == {"pk": in_order[9]["pk"], "sk": in_order[9]["sk"]}

    def test_start_key_of_each_item(self, table, in_order):
        for place in range(0, len(in_order), 17):
            start = {"pk": in_order[place]["pk"], "sk": in_order[place]["sk"]}
            assert scan(table, ExclusiveStartKey=start)["Items"] == in_order[place + 1:]

    @pytest.mark.parametrize("number, below", [("-1", 0), ("2.5", 3), ("99", 5)])
    def test_start_key_need_not_exist(self, table, in_order, number, below):
        """The start key need not exist in its partition."""
        place = 10 * PER_PARTITION
        start = {"pk": in_order[place]["pk"], "sk": N(number)}
        assert scan(table, ExclusiveStartKey=start)["Items"] == in_order[place + below:]

    def test_start_key_of_a_partition_that_is_not_there(self, table, in_order):
        found = scan(table, ExclusiveStartKey={"pk": S("no such"), "sk": N(1)})["Items"]
        assert len(found) % PER_PARTITION == 0
        assert found == in_order[len(in_order) - len(found):]

    def test_paginator(self, table, in_order):
        paginator = table.client.get_paginator("scan")
        found = list(paginator.paginate(TableName=table.name, PaginationConfig={"PageSize": 30}))
        assert [item for page in found for item in page["Items"]] == in_order
        assert [page["Count"] for page in found] == [30] * 6 + [20]

    @pytest.mark.parametrize("limit, count", [(2.9, 2), (2**40, len(ITEMS))])
    def test_limit_is_cut_to_a_32_bit_integer(self, endpoint, table, limit, count):
        status, page = raw_call(endpoint, "Scan", {"TableName": table.name, "Limit": limit})
        assert (status, page["Count"]) == (200, str(count))
        assert ("LastEvaluatedKey" in page) == (count < len(ITEMS))

    @pytest.mark.parametrize("start", [
        {},
        {"pk": S("p")},
        {"sk": N(1)},
        {"pk": S("p"), "x": N(1)},
        {"pk": S("p"), "sk": N(1), "x": N(1)},
        {"pk": N(1), "sk": N(1)},
        {"pk": S("p"), "sk": S("1")},
        {"pk": B(b"p"), "sk": N(1)},
        {"pk": S("p"), "sk": NULL},
    ], ids=str)
    def test_start_key_that_does_not_fit_the_schema(self, table, start):
        with refused(VALIDATION, START_KEY):
            scan(table, ExclusiveStartKey=start)


class TestTableAndIndex:
    def test_missing_table(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.scan(TableName="weir-no-such-table", ExclusiveStartKey={"x": S("y")})

    def test_missing_index(self, table):
        with refused(VALIDATION, "The table does not have the specified index: no-such-index"):
            scan(table, IndexName="no-such-index", ExclusiveStartKey={"x": S("y")})

    def test_expressions_come_before_the_table(self, dynamodb):
        with refused(VALIDATION, "Invalid FilterExpression: The expression can not be empty;"):
            dynamodb.scan(TableName="weir-no-such-table", FilterExpression="")

    def test_values_without_expression(self, table):
        with refused(VALIDATION, "ExpressionAttributeValues can only be specified when using "
                     "expressions: FilterExpression is null"):
            scan(table, ExpressionAttributeValues={":v": N(1)})

    def test_names_without_expression(self, table):
        with refused(VALIDATION, "ExpressionAttributeNames can only be specified when using "
                     "expressions"):
            scan(table, ExpressionAttributeNames={"#v": "v"})


CONDITION = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": S("p")}}


@pytest.mark.parametrize("operation", ["query", "scan"])
class TestMembers:
    """The first checks, which do not look up the table."""

    LIMIT = ("Value at 'Limit' failed to satisfy constraint: Member must have value greater than "
             "or equal to 1")
    NO_NAME = ("Value at 'TableName' failed to satisfy constraint: Member must have length "
               "greater than or equal to 1")

    def call(self, client, operation, **parameters):
        required = CONDITION if operation == "query" else {}
        getattr(client, operation)(**required, **parameters)

    @pytest.mark.parametrize("limit", [0, -1, -(2**31)])
    def test_limit(self, unchecked, operation, limit):
        with refused(VALIDATION, ONE + self.LIMIT):
            self.call(unchecked, operation, TableName="weir-table", Limit=limit)

    def test_empty_name(self, unchecked, operation):
        with refused(VALIDATION, ONE + self.NO_NAME):
            self.call(unchecked, operation, TableName="")

    def test_limit_and_empty_name(self, unchecked, operation):
        with refused(VALIDATION, f"2 validation errors detected: {self.LIMIT}; {self.NO_NAME}"):
            self.call(unchecked, operation, TableName="", Limit=0)

    @pytest.mark.parametrize("name, rule", [
        ("ab", AT_LEAST_3), ("a;", AT_LEAST_3), ("a;b", PATTERN),
        ("x" * 256, "have length less than or equal to 255")],
        ids=["short", "both", "pattern", "long"])
    def test_form_of_the_name(self, unchecked, operation, name, rule):
        with refused(VALIDATION, ONE + constraint(f"'{name}'", "tableName", rule)):
            self.call(unchecked, operation, TableName=name)

    def test_name_and_capacity(self, unchecked, operation):
        with refused(VALIDATION, "2 validation errors detected: " + "; ".join([
                constraint("'ab'", "tableName", AT_LEAST_3),
                constraint("'X'", "returnConsumedCapacity", CAPACITY)])):
            self.call(unchecked, operation, TableName="ab", ReturnConsumedCapacity="X")

    def test_capacity(self, unchecked, operation):
        with refused(VALIDATION, ONE + constraint("'X'", "returnConsumedCapacity", CAPACITY)):
            self.call(unchecked, operation, TableName="weir-table", ReturnConsumedCapacity="X",
                      Select="X")

    def test_missing_name(self, unchecked, operation):
        with refused(VALIDATION, ONE + constraint("null", "tableName", "not be null")):
            self.call(unchecked, operation)

    def test_faults_beside_a_missing_name(self, unchecked, operation):
        with refused(VALIDATION, "3 validation errors detected: " + "; ".join([
                constraint("'X'", "select", SELECT),
                constraint("'X'", "returnConsumedCapacity", CAPACITY),
                constraint("null", "tableName", "not be null")])):
            self.call(unchecked, operation, Select="X", ReturnConsumedCapacity="X")


def test_query_and_scan_give_the_same_items(table, in_order):
    for partition in range(0, PARTITIONS, 9):
        name = S(f"partition-{partition}")
        expected = [item for item in in_order if item["pk"] == name]
        assert query(table, "pk = :p", {":p": name})["Items"] == expected
