# SPDX-License-Identifier: Apache-2.0
"""ReturnConsumedCapacity and ReturnItemCollectionMetrics of transactions.

A transaction is charged double for a table and once for its indexes. Each figure comes twice: as
CapacityUnits, and by its kind as ReadCapacityUnits or WriteCapacityUnits. Sending a transaction
again costs as much as reading its items.
"""

import uuid

import pytest
from indexes import index, indexed_table
from transactions import canceled, check, delete, failed, get, put, update, write
from values import N, S

ABSENT = "attribute_not_exists(pk)"
INDEXES = {"ReturnConsumedCapacity": "INDEXES"}
TOTAL = {"ReturnConsumedCapacity": "TOTAL"}


def item(name, number=1, **more):
    return {"pk": S(name), "sk": N(number), **more}


def units(count, kind):
    return {"CapacityUnits": count, f"{kind}CapacityUnits": count}


def total(table, count, kind="Write"):
    return {"TableName": table.name, **units(count, kind)}


def figures(table, count, kind="Write", gsi=None, lsi=None):
    """The expected ConsumedCapacity with INDEXES."""
    expected = {**total(table, count + (gsi or 0) + (lsi or 0), kind), "Table": units(count, kind)}
    if gsi:
        expected["GlobalSecondaryIndexes"] = {"gsi": units(gsi, kind)}
    if lsi:
        expected["LocalSecondaryIndexes"] = {"lsi": units(lsi, kind)}
    return expected


@pytest.fixture
def indexed(dynamodb):
    with indexed_table(
            dynamodb, "pk:S", "sk:N", more=["g:S", "l:S"], gsi=[index("gsi", "g")],
            lsi=[index("lsi", "pk", "l")]) as made:
        yield made


def consumed(client, *actions, **parameters):
    return write(client, *actions, **(parameters or INDEXES))["ConsumedCapacity"]


class TestWrites:
    def test_put_check_and_delete_of_nothing(self, indexed):
        """The figures were captured on AWS, also those for sending the transaction again."""
        actions = [put(indexed, item("a", g=S("g"), l=S("l"))), check(indexed, item("b"), ABSENT),
                   delete(indexed, item("c"))]
        token = {"ClientRequestToken": uuid.uuid4().hex}
        assert consumed(indexed.client, *actions, **INDEXES, **token) == [
            figures(indexed, 6, gsi=1, lsi=1)]
        assert consumed(indexed.client, *actions, **INDEXES, **token) == [
            figures(indexed, 6, "Read")]
        assert consumed(indexed.client, *actions, **TOTAL, **token) == [total(indexed, 6, "Read")]
        assert "ConsumedCapacity" not in write(indexed.client, *actions, **token)

    def test_total_has_the_indexes(self, indexed):
        assert consumed(indexed.client, put(indexed, item("a", g=S("g"), l=S("l"))), **TOTAL) == [
            total(indexed, 4)]

    @pytest.mark.parametrize("parameters", [{}, {"ReturnConsumedCapacity": "NONE"}], ids=str)
    def test_none(self, indexed, parameters):
        assert write(indexed.client, put(indexed, item("a")), **parameters) == {}

    def test_index_costs_when_its_entry_changes(self, indexed):
        indexed.put(item("a", g=S("g"), l=S("l")))
        same = update(indexed, item("a"), "SET g = :g", {":g": S("g")})
        assert consumed(indexed.client, same) == [figures(indexed, 2)]
        moved = update(indexed, item("a"), "SET g = :g", {":g": S("h")})
        assert consumed(indexed.client, moved) == [figures(indexed, 2, gsi=2, lsi=1)]
        assert consumed(indexed.client, delete(indexed, item("a"))) == [
            figures(indexed, 2, gsi=1, lsi=1)]

    def test_each_action_is_rounded_up_by_itself(self, table):
        def sized(name, size):
            return {"pk": S(name), "v": S("x" * (size - len("pk" "v" + name)))}

        for name, size in (("c", 3000), ("d", 2049), ("e", 4096)):
            table.put(sized(name, size))
        assert consumed(
            table.client, put(table, sized("a", 1024)), put(table, sized("b", 1025)),
            put(table, {"pk": S("c")}), delete(table, {"pk": S("d")}),
            check(table, {"pk": S("e")})) == [figures(table, 2 * (1 + 2 + 3 + 3 + 4))]

    def test_replay_reads_in_steps_of_4_kb(self, table):
        large = {"pk": S("a"), "v": S("x" * 4096)}
        token = {"ClientRequestToken": uuid.uuid4().hex}
        actions = [put(table, large), put(table, {"pk": S("b")})]
        assert consumed(table.client, *actions, **TOTAL, **token) == [total(table, 2 * (5 + 1))]
        assert consumed(table.client, *actions, **TOTAL, **token) == [
            total(table, 2 * (2 + 1), "Read")]

    def test_several_tables(self, indexed, make_table):
        """The figures are in the order of the request."""
        other = make_table()
        actions = [put(other, {"pk": S("a")}), put(indexed, item("a", g=S("g"))),
                   put(other, {"pk": S("b")}), put(indexed, item("b"))]
        assert consumed(indexed.client, *actions) == [
            figures(other, 4), figures(indexed, 4, gsi=1)]
        assert consumed(indexed.client, *reversed(actions), **TOTAL) == [
            total(indexed, 4), total(other, 4)]

    def test_arn_shows_as_name(self, table):
        assert consumed(table.client, put(table.describe()["TableArn"], {"pk": S("a")})) == [
            figures(table, 2)]

    def test_none_when_canceled(self, table):
        with canceled(failed()) as refusal:
            write(table.client, check(table, {"pk": S("a")}), **INDEXES)
        assert "ConsumedCapacity" not in refusal.response


class TestReads:
    def consumed(self, client, *gets, **parameters):
        reply = client.transact_get_items(TransactItems=list(gets), **(parameters or INDEXES))
        return reply.get("ConsumedCapacity")

    def test_each_item_is_rounded_up_by_itself(self, table):
        for name, size in (("a", 4096), ("b", 4097), ("c", 10)):
            table.put({"pk": S(name), "v": S("x" * (size - len("pk" "a" "v")))})
        gets = [get(table, {"pk": S(name)}) for name in "abc"]
        assert self.consumed(table.client, *gets) == [figures(table, 2 * (1 + 2 + 1), "Read")]
        assert self.consumed(table.client, *gets, **TOTAL) == [total(table, 8, "Read")]

    def test_missing_items_and_projections(self, table):
        table.put({"pk": S("a"), "v": S("x" * 5000)})
        assert self.consumed(table.client, get(table, {"pk": S("a")}, "pk"),
                             get(table, {"pk": S("none")})) == [figures(table, 4 + 2, "Read")]

    def test_several_tables(self, table, indexed):
        indexed.put(item("a", g=S("g"), l=S("l")))
        gets = [get(indexed, item("a")), get(table, {"pk": S("a")}), get(indexed, item("b"))]
        assert self.consumed(table.client, *gets) == [
            figures(indexed, 4, "Read"), figures(table, 2, "Read")]

    @pytest.mark.parametrize("parameters", [None, "NONE"])
    def test_none(self, table, parameters):
        wish = {"ReturnConsumedCapacity": parameters} if parameters else {}
        reply = table.client.transact_get_items(
            TransactItems=[get(table, {"pk": S("a")})], **wish)
        assert "ConsumedCapacity" not in reply


class TestItemCollections:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""

    SIZE = {"ReturnItemCollectionMetrics": "SIZE"}

    def metrics(self, *names):
        return [{"ItemCollectionKey": {"pk": S(name)}, "SizeEstimateRangeGB": [0.0, 1.0]}
                for name in names]

    def test_of_tables_with_local_indexes(self, indexed, table):
        reply = write(indexed.client, put(indexed, item("a")), put(table, {"pk": S("x")}),
                      update(indexed, item("b"), "SET x = :x", {":x": N(1)}), **self.SIZE)
        assert reply == {"ItemCollectionMetrics": {indexed.name: self.metrics("a", "b")}}

    def test_each_collection_once(self, indexed):
        reply = write(indexed.client, put(indexed, item("a", 1)), put(indexed, item("b", 1)),
                      put(indexed, item("a", 2)), **self.SIZE)
        assert reply["ItemCollectionMetrics"] == {indexed.name: self.metrics("a", "b")}

    def test_not_of_condition_checks(self, indexed):
        """Only puts, updates and deletes have metrics."""
        reply = write(indexed.client, put(indexed, item("a")), check(indexed, item("b"), ABSENT),
                      **self.SIZE)
        assert reply["ItemCollectionMetrics"] == {indexed.name: self.metrics("a")}

    @pytest.mark.parametrize("parameters", [{}, {"ReturnItemCollectionMetrics": "NONE"}], ids=str)
    def test_none(self, indexed, parameters):
        assert write(indexed.client, put(indexed, item("a")), **parameters) == {}

    def test_none_without_local_indexes(self, table):
        reply = write(table.client, put(table, {"pk": S("a")}), **self.SIZE)
        assert not reply.get("ItemCollectionMetrics")
