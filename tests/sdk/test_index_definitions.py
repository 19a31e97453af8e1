# SPDX-License-Identifier: Apache-2.0
"""CreateTable with secondary indexes: its answer and that of DescribeTable."""

import pytest
from indexes import index, indexed, indexed_table, throughput
from raw_call import raw_call
from tables import Table
from values import N, S

# The keys of the tables.
KEYS = ("pk:S", "sk:N")
NO_UNITS = {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}


def create(client, name, *keys, **settings):
    """Creates a table and returns its description. The caller's `fresh_name` deletes it."""
    return client.create_table(**indexed(name, *keys, **settings))["TableDescription"]


def schema(*keys):
    return [{"AttributeName": name, "KeyType": role} for name, role in keys]


class TestGlobalIndex:
    def test_reply(self, dynamodb, fresh_name):
        described = create(dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=[index("by-g", "g")])
        assert described["GlobalSecondaryIndexes"] == [{
            "IndexName": "by-g",
            "IndexArn": described["TableArn"] + "/index/by-g",
            "IndexStatus": "CREATING",
            "KeySchema": schema(("g", "HASH")),
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": NO_UNITS,
            "IndexSizeBytes": 0,
            "ItemCount": 0,
        }]
        assert "LocalSecondaryIndexes" not in described
        assert described["AttributeDefinitions"] == [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("g", "S"), ("pk", "S"), ("sk", "N"))]

    def test_description_on_demand(self, dynamodb, fresh_name):
        created = create(dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=[index("by-g", "g")])
        table = Table(dynamodb, fresh_name)
        table.await_active()
        (described,) = table.describe()["GlobalSecondaryIndexes"]
        assert described == {
            **created["GlobalSecondaryIndexes"][0],
            "IndexStatus": "ACTIVE",
            "WarmThroughput": {
                "ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"},
        }

    def test_throughput(self, dynamodb, fresh_name):
        gsi = [index("one", "g", units=(3, 4)), index("two", "g", "sk", units=(500, 6))]
        described = create(dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=gsi, units=(1, 2))
        table = Table(dynamodb, fresh_name)
        table.await_active()
        for answer in (described, table.describe()):
            found = {one["IndexName"]: one["ProvisionedThroughput"]
                     for one in answer["GlobalSecondaryIndexes"]}
            assert found == {
                "one": {"NumberOfDecreasesToday": 0, **throughput((3, 4))},
                "two": {"NumberOfDecreasesToday": 0, **throughput((500, 6))},
            }
            assert answer["ProvisionedThroughput"]["WriteCapacityUnits"] == 2

    @pytest.mark.parametrize("wanted, shown", [
        ("ALL", {"ProjectionType": "ALL"}),
        ("KEYS_ONLY", {"ProjectionType": "KEYS_ONLY"}),
        (["b", "a"], {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]}),
    ], ids=["all", "keys", "include"])
    def test_projection(self, dynamodb, fresh_name, wanted, shown):
        described = create(
            dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=[index("by-g", "g", wanted=wanted)],
            lsi=[index("by-l", "pk", "g", wanted=wanted)])
        for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
            (found,) = described[member]
            if "NonKeyAttributes" in found["Projection"]:
                found["Projection"]["NonKeyAttributes"].sort()
            assert found["Projection"] == shown

    @pytest.mark.parametrize("partition, sort", [
        ("sk", "pk"), ("pk", ""), ("pk", "sk"), ("sk", "g"), ("g", "pk")])
    def test_keys_of_the_table_may_be_keys_of_the_index(
            self, dynamodb, fresh_name, partition, sort):
        more = ["g:S"] if "g" in (partition, sort) else []
        described = create(
            dynamodb, fresh_name, *KEYS, more=more, gsi=[index("one", partition, sort)])
        keys = [(partition, "HASH")] + ([(sort, "RANGE")] if sort else [])
        assert described["GlobalSecondaryIndexes"][0]["KeySchema"] == schema(*keys)


class TestLocalIndex:
    def test_reply(self, dynamodb, fresh_name):
        lsi = [index("by-l", "pk", "l", wanted="KEYS_ONLY")]
        described = create(dynamodb, fresh_name, *KEYS, more=["l:B"], lsi=lsi)
        expected = [{
            "IndexName": "by-l",
            "IndexArn": described["TableArn"] + "/index/by-l",
            "KeySchema": schema(("pk", "HASH"), ("l", "RANGE")),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
            "IndexSizeBytes": 0,
            "ItemCount": 0,
        }]
        assert described["LocalSecondaryIndexes"] == expected
        assert "GlobalSecondaryIndexes" not in described
        table = Table(dynamodb, fresh_name)
        table.await_active()
        assert table.describe()["LocalSecondaryIndexes"] == expected

    def test_needs_no_throughput(self, dynamodb, fresh_name):
        described = create(dynamodb, fresh_name, *KEYS, more=["l:S"], units=(5, 5),
                           lsi=[index("by-l", "pk", "l")])
        assert "ProvisionedThroughput" not in described["LocalSecondaryIndexes"][0]


def test_as_many_indexes_as_there_may_be(dynamodb, fresh_name):
    described = create(
        dynamodb, fresh_name, *KEYS, more=["g:S"],
        gsi=[index(f"global-{i}", "g", "sk") for i in range(20)],
        lsi=[index(f"local-{i}", "pk", "g", "KEYS_ONLY") for i in range(5)])
    assert {one["IndexName"] for one in described["GlobalSecondaryIndexes"]} == {
        f"global-{i}" for i in range(20)}
    assert {one["IndexName"] for one in described["LocalSecondaryIndexes"]} == {
        f"local-{i}" for i in range(5)}


def test_as_many_projected_attributes_as_there_may_be(dynamodb, fresh_name):
    """100 over all indexes; the same name counts in each."""
    names = [f"a{i}" for i in range(20)]
    create(dynamodb, fresh_name, *KEYS, more=["g:S"],
           gsi=[index(f"global-{i}", "g", wanted=names) for i in range(3)],
           lsi=[index(f"local-{i}", "pk", "g", names) for i in range(2)])


@pytest.mark.parametrize("name", ["abc", "a" * 255, "A_b-c.9"], ids=["short", "long", "signs"])
def test_names(dynamodb, fresh_name, name):
    described = create(dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=[index(name, "g")])
    assert described["GlobalSecondaryIndexes"][0]["IndexName"] == name


def test_two_tables_may_use_a_name(dynamodb, fresh_name):
    settings = {"more": ["g:S"], "gsi": [index("by-g", "g")]}
    with indexed_table(dynamodb, *KEYS, **settings) as other:
        create(dynamodb, fresh_name, *KEYS, **settings)
        assert other.describe()["GlobalSecondaryIndexes"][0]["IndexArn"] == (
            other.describe()["TableArn"] + "/index/by-g")


def test_sizes_and_counts(dynamodb):
    """AWS updates these about every six hours; Weir's are exact at once.

    An index counts what it projects: `g` is in both, `x` is projected by one, `y` by none.
    """
    items = [{"pk": S("p"), "sk": N(i), "g": S("abcd"), "x": S("xxx"), "y": S("yyyyy")}
             for i in range(1, 4)]
    items.append({"pk": S("p"), "sk": N(4), "x": S("not in the indexes")})
    with indexed_table(
            dynamodb, *KEYS, more=["g:S"], items=items,
            gsi=[index("by-g", "g", wanted=["x"])],
            lsi=[index("by-l", "pk", "g", "KEYS_ONLY")]) as table:
        def counts():
            described = table.describe()
            return [(one["ItemCount"], one["IndexSizeBytes"]) for one in (
                described["GlobalSecondaryIndexes"][0], described["LocalSecondaryIndexes"][0])]

        keys_size = len("pk" "p" "sk" "g" "abcd") + 2
        included_size = keys_size + len("x" "xxx")
        assert counts() == [(3, 3 * included_size), (3, 3 * keys_size)]
        table.update({"pk": S("p"), "sk": N(1)}, "SET x = :v", {":v": S("xxxxx")})
        assert counts() == [(3, 3 * included_size + 2), (3, 3 * keys_size)]
        table.update({"pk": S("p"), "sk": N(1)}, "REMOVE g")
        assert counts() == [(2, 2 * included_size), (2, 2 * keys_size)]
        table.delete({"pk": S("p"), "sk": N(2)})
        table.delete({"pk": S("p"), "sk": N(3)})
        assert counts() == [(0, 0), (0, 0)]


def test_delete_table_names_the_table(dynamodb, fresh_name):
    create(dynamodb, fresh_name, *KEYS, more=["g:S"], gsi=[index("by-g", "g")])
    table = Table(dynamodb, fresh_name)
    table.await_active()
    described = table.drop()
    assert described["TableStatus"] == "DELETING"
    assert "KeySchema" not in described and "AttributeDefinitions" not in described


def test_throughput_of_a_local_index_is_unknown(endpoint, fresh_name):
    """LocalSecondaryIndex has no such member, and the service ignores members that it does not
    know."""
    local = {**index("one", "pk", "g"), "ProvisionedThroughput": throughput((0, 0))}
    status, answer = raw_call(
        endpoint, "CreateTable", indexed(fresh_name, "pk:S", "sk:S", more=["g:S"], lsi=[local]))
    assert status == 200, answer


def test_on_demand_throughput_of_an_index(dynamodb, fresh_name):
    definition = indexed(fresh_name, "pk:S", more=["g:S"], gsi=[
        {**index("one", "g"), "OnDemandThroughput": {"MaxReadRequestUnits": 5}}])
    created = dynamodb.create_table(**definition)["TableDescription"]
    assert created["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {"MaxReadRequestUnits": 5}
