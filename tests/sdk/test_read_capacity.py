# SPDX-License-Identifier: Apache-2.0
"""ReturnConsumedCapacity and ConsistentRead of Query and Scan, on tables without indexes."""

import pytest
from reading import filled, query, scan
from values import BOOL, N, S

KIB = 1024


def items_of(count, size):
    """`count` items of `size` bytes in the partition "p"; the sort keys count two bytes each."""
    text = S("x" * (size - len("pk" + "p" + "sk" + "v") - 2))
    return [{"pk": S("p"), "sk": N(10 + i), "v": text} for i in range(count)]


def query_all(table, **parameters):
    values = {":p": S("p"), **parameters.pop("ExpressionAttributeValues", {})}
    return query(table, "pk = :p", values, **parameters)


def units(page):
    return page["ConsumedCapacity"]["CapacityUnits"]


@pytest.fixture(params=[query_all, scan], ids=["query", "scan"])
def read(request):
    return request.param


@pytest.fixture(scope="module")
def provisioned(dynamodb):
    """Ten items of 1,000 bytes in a provisioned table, which has one partition."""
    with filled(dynamodb, items_of(10, 1000), "pk:S", "sk:N", units=(5, 5)) as table:
        yield table


class TestForm:
    def test_total(self, read, provisioned):
        page = read(provisioned, ReturnConsumedCapacity="TOTAL")
        assert page["ConsumedCapacity"] == {"TableName": provisioned.name, "CapacityUnits": 3}

    def test_indexes(self, read, provisioned):
        page = read(provisioned, ReturnConsumedCapacity="INDEXES")
        assert page["ConsumedCapacity"] == {
            "TableName": provisioned.name, "CapacityUnits": 3, "Table": {"CapacityUnits": 3}}

    def test_none(self, read, provisioned):
        assert "ConsumedCapacity" not in read(provisioned, ReturnConsumedCapacity="NONE")
        assert "ConsumedCapacity" not in read(provisioned)


@pytest.mark.parametrize("count, size, consistent", [
    (1, 100, 1), (1, 4 * KIB, 1), (1, 4 * KIB + 1, 2), (4, KIB, 1), (5, KIB, 2), (8, KIB, 2),
    (3, 4 * KIB + 1, 4), (20, 100, 1)])
def test_sizes_are_summed_and_then_rounded_up_to_4_kb(dynamodb, read, count, size, consistent):
    with filled(dynamodb, items_of(count, size), "pk:S", "sk:N", units=(5, 5)) as table:
        assert units(read(table, ReturnConsumedCapacity="TOTAL")) == consistent
        page = read(table, ReturnConsumedCapacity="TOTAL", ConsistentRead=False)
        assert units(page) == consistent / 2


def test_eventual_reads_are_the_default(provisioned):
    request = {"TableName": provisioned.name, "ReturnConsumedCapacity": "TOTAL"}
    assert units(provisioned.client.scan(**request)) == 1.5
    assert units(provisioned.client.query(
        **request, KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": S("p")})) == 1.5


def test_limit_makes_it_cheaper(read, provisioned):
    assert units(read(provisioned, ReturnConsumedCapacity="TOTAL", Limit=4)) == 1
    assert units(read(provisioned, ReturnConsumedCapacity="TOTAL", Limit=5)) == 2


@pytest.mark.parametrize("parameters", [
    {"FilterExpression": "v = :f", "ExpressionAttributeValues": {":f": BOOL(False)}},
    {"ProjectionExpression": "sk"},
    {"Select": "COUNT"},
], ids=["filter", "projection", "count"])
def test_what_is_left_out_costs_too(read, provisioned, parameters):
    assert units(read(provisioned, ReturnConsumedCapacity="TOTAL", **parameters)) == 3


def test_read_that_finds_nothing(make_table, read):
    table = make_table("pk:S", "sk:N", units=(5, 5))
    assert units(read(table, ReturnConsumedCapacity="TOTAL")) == 1
    assert units(read(table, ReturnConsumedCapacity="TOTAL", ConsistentRead=False)) == 0.5


def test_query_reads_one_partition_of_an_on_demand_table(make_table):
    table = make_table("pk:S", "sk:N")
    table.put({"pk": S("p"), "sk": N(1)})
    assert units(query_all(table, ReturnConsumedCapacity="TOTAL")) == 1
    page = query_all(table, ReturnConsumedCapacity="TOTAL", ConsistentRead=False)
    assert units(page) == 0.5


def test_scan_reads_all_partitions_of_an_on_demand_table(make_table):
    """Observed on AWS: an on-demand table starts with four partitions, so even a tiny one costs
    four.
    """
    table = make_table("pk:S", "sk:N")
    table.put({"pk": S("p"), "sk": N(1)})
    assert units(scan(table, ReturnConsumedCapacity="TOTAL")) == 4
    assert units(scan(table, ReturnConsumedCapacity="TOTAL", ConsistentRead=False)) == 2
