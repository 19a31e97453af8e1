# SPDX-License-Identifier: Apache-2.0
"""ReturnConsumedCapacity of queries and scans of secondary indexes."""

import pytest
from indexes import index, indexed_table, query_index, scan_index
from values import BOOL, N, S

KEYS = ("pk:S", "sk:N")
COUNT = 10
# The index "include" has 1,000 bytes of each item; the table has 2,000 more.
ITEMS = [{"pk": S("p"), "sk": N(10 + place), "g": S("x"), "v": S("v" * 987), "w": S("w" * 1999)}
         for place in range(COUNT)]


@pytest.fixture(scope="module")
def table(dynamodb):
    """Provisioned, so that table and indexes have one partition each."""
    with indexed_table(
            dynamodb, *KEYS, more=["g:S"], items=ITEMS, units=(5, 5),
            gsi=[index("all", "g", "sk", units=(5, 5)),
                 index("include", "g", "sk", ["v"], units=(5, 5)),
                 index("keys", "g", "sk", "KEYS_ONLY", units=(5, 5))],
            lsi=[index("local-all", "pk", "g"), index("local-include", "pk", "g", ["v"]),
                 index("local-keys", "pk", "g", "KEYS_ONLY")]) as made:
        yield made


def query_all(table, name, values=None, **parameters):
    partition, value = ("pk", "p") if name.startswith("local") else ("g", "x")
    return query_index(table, name, f"{partition} = :part", {":part": S(value), **(values or {})},
                       **parameters)


def scan_all(table, name, values=None, **parameters):
    if values:
        parameters["ExpressionAttributeValues"] = values
    return scan_index(table, name, **parameters)


@pytest.fixture(params=[query_all, scan_all], ids=["query", "scan"])
def read(request):
    return request.param


def capacity(table, name, units, fetched=0):
    kind = "LocalSecondaryIndexes" if name.startswith("local") else "GlobalSecondaryIndexes"
    return {"TableName": table.name, "CapacityUnits": units + fetched,
            "Table": {"CapacityUnits": fetched}, kind: {name: {"CapacityUnits": units}}}


# Units of an eventually consistent read of 10 items with 3,000, 1,000 or 13 bytes. Their total is
# rounded up to 4 KB.
UNITS = {"all": 4, "include": 1.5, "keys": 0.5,
         "local-all": 4, "local-include": 1.5, "local-keys": 0.5}


@pytest.mark.parametrize("name", UNITS)
class TestWithoutFetching:
    def test_indexes(self, table, read, name):
        page = read(table, name, ReturnConsumedCapacity="INDEXES")
        assert page["Count"] == COUNT
        assert page["ConsumedCapacity"] == capacity(table, name, UNITS[name])

    def test_total(self, table, read, name):
        page = read(table, name, ReturnConsumedCapacity="TOTAL")
        assert page["ConsumedCapacity"] == {
            "TableName": table.name, "CapacityUnits": UNITS[name]}

    def test_none(self, table, read, name):
        assert "ConsumedCapacity" not in read(table, name, ReturnConsumedCapacity="NONE")
        assert "ConsumedCapacity" not in read(table, name)

    @pytest.mark.parametrize("parameters", [
        {"ProjectionExpression": "sk"}, {"Select": "COUNT"},
        {"FilterExpression": "attribute_not_exists(g)"}], ids=["projection", "count", "filter"])
    def test_what_is_left_out_costs_too(self, table, read, name, parameters):
        if read is query_all and "FilterExpression" in parameters:
            key = "sk" if name.startswith("local") else "pk"
            parameters = {"FilterExpression": f"attribute_not_exists({key})"}
        page = read(table, name, ReturnConsumedCapacity="TOTAL", **parameters)
        assert page["ConsumedCapacity"]["CapacityUnits"] == UNITS[name]

    def test_nothing_found(self, table, name):
        partition = "pk" if name.startswith("local") else "g"
        page = query_index(table, name, f"{partition} = :v", {":v": S("nobody")},
                           ReturnConsumedCapacity="INDEXES")
        assert page["ConsumedCapacity"] == capacity(table, name, 0.5)


@pytest.mark.parametrize("name", ["local-all", "local-include", "local-keys"])
def test_consistent_reads_cost_twice(table, read, name):
    page = read(table, name, ReturnConsumedCapacity="INDEXES", ConsistentRead=True)
    assert page["ConsumedCapacity"] == capacity(table, name, 2 * UNITS[name])


def test_limit_makes_it_cheaper(table, read):
    page = read(table, "include", ReturnConsumedCapacity="TOTAL", Limit=4)
    assert page["ConsumedCapacity"]["CapacityUnits"] == 0.5
    page = read(table, "include", ReturnConsumedCapacity="TOTAL", Limit=5)
    assert page["ConsumedCapacity"]["CapacityUnits"] == 1


class TestFetching:
    """Each item that is fetched is rounded up to 4 KB by itself and charged to the table."""

    @pytest.mark.parametrize("consistent, factor", [(False, 0.5), (True, 1)])
    @pytest.mark.parametrize("name, units", [("local-include", 3), ("local-keys", 1)])
    @pytest.mark.parametrize("parameters", [
        {"Select": "ALL_ATTRIBUTES"}, {"ProjectionExpression": "w"},
        {"ProjectionExpression": "sk, nothing"}], ids=["all", "one", "none there"])
    def test_each_item_costs(self, table, read, consistent, factor, name, units, parameters):
        page = read(table, name, ReturnConsumedCapacity="INDEXES", ConsistentRead=consistent,
                    **parameters)
        assert page["ConsumedCapacity"] == capacity(
            table, name, units * factor, fetched=COUNT * factor)

    def test_nothing_to_fetch(self, table, read):
        page = read(table, "local-include", ReturnConsumedCapacity="INDEXES",
                    ProjectionExpression="v, sk")
        assert page["ConsumedCapacity"] == capacity(table, "local-include", 1.5)
        page = read(table, "local-all", ReturnConsumedCapacity="INDEXES", Select="ALL_ATTRIBUTES")
        assert page["ConsumedCapacity"] == capacity(table, "local-all", 4)

    def test_limit(self, table, read):
        page = read(table, "local-keys", ReturnConsumedCapacity="INDEXES", Limit=3,
                    Select="ALL_ATTRIBUTES")
        assert page["ConsumedCapacity"] == capacity(table, "local-keys", 0.5, fetched=1.5)

    def test_large_items(self, dynamodb):
        items = [{"pk": S("p"), "sk": N(place), "l": N(place), "v": S("v" * size)}
                 for place, size in enumerate((10, 4096, 9000))]
        with indexed_table(dynamodb, *KEYS, more=["l:N"], items=items,
                           lsi=[index("local", "pk", "l", "KEYS_ONLY")]) as made:
            page = query_index(made, "local", "pk = :p", {":p": S("p")}, ConsistentRead=True,
                               Select="ALL_ATTRIBUTES", ReturnConsumedCapacity="INDEXES")
            assert page["ConsumedCapacity"] == capacity(made, "local", 1, fetched=1 + 2 + 3)


def test_scan_of_a_filtered_index(table):
    page = scan_all(table, "include", {":v": BOOL(True)}, FilterExpression="v = :v",
                    ReturnConsumedCapacity="INDEXES")
    assert page["Count"] == 0
    assert page["ConsumedCapacity"] == capacity(table, "include", 1.5)
