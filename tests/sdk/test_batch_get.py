# SPDX-License-Identifier: Apache-2.0
"""BatchGetItem: the items that it finds in several tables, and its limit of 16 MB."""

import contextlib

import pytest
from reading import filled
from values import L, M, N, S

MOST_BYTES = 16 * 1024 * 1024
PER_TABLE = 10


def key(number):
    return {"pk": S(f"item {number}"), "sk": N(number)}


def item(number):
    return {**key(number), "n": N(number), "doc": M(a=L(N(1), N(number)), b=S("b"))}


@pytest.fixture(scope="module")
def tables(dynamodb):
    """Two tables, each with the items 0 to 9."""
    items = [item(number) for number in range(PER_TABLE)]
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(filled(dynamodb, items, "pk:S", "sk:N", units=(5, 5)))
               for _ in range(2)]


def batch_get(client, requests, **parameters):
    return client.batch_get_item(RequestItems=requests, **parameters)


def keys_of(*numbers, **parameters):
    """One table's part of the request."""
    parameters.setdefault("ConsistentRead", True)
    return {"Keys": [key(number) for number in numbers], **parameters}


def by_number(items):
    return sorted(items, key=lambda found: int(found["n"]["N"]))


class TestItems:
    def test_of_one_table(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: keys_of(3, 1, 7)})
        assert by_number(reply["Responses"][name]) == [item(1), item(3), item(7)]
        assert list(reply["Responses"]) == [name]
        assert reply["UnprocessedKeys"] == {}

    def test_same_key_in_two_tables(self, dynamodb, tables, make_table):
        other = make_table("pk:S", "sk:N")
        reply = batch_get(dynamodb, {tables[0].name: keys_of(3), other.name: keys_of(3)})
        assert reply["Responses"] == {tables[0].name: [item(3)], other.name: []}

    def test_of_several_tables(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {first: keys_of(1, 2), second: keys_of(2, 8)})
        assert set(reply["Responses"]) == {first, second}
        assert by_number(reply["Responses"][first]) == [item(1), item(2)]
        assert by_number(reply["Responses"][second]) == [item(2), item(8)]

    def test_missing_ones_are_left_out(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: keys_of(1, 99, 2, 100)})
        assert by_number(reply["Responses"][name]) == [item(1), item(2)]
        assert reply["UnprocessedKeys"] == {}

    def test_none_found(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {first: keys_of(99), second: keys_of(5)})
        assert reply["Responses"] == {first: [], second: [item(5)]}

    def test_of_a_hundred_keys(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {first: keys_of(*range(60)), second: keys_of(*range(40))})
        assert by_number(reply["Responses"][first]) == [item(n) for n in range(PER_TABLE)]
        assert by_number(reply["Responses"][second]) == [item(n) for n in range(PER_TABLE)]

    def test_eventual_read(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: keys_of(4, ConsistentRead=False)})
        assert reply["Responses"] == {name: [item(4)]}

    def test_equal_number_in_another_spelling(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: {"Keys": [{"pk": S("item 4"), "sk": N("4.00")}]}})
        assert reply["Responses"] == {name: [item(4)]}

    def test_table_arn_as_name(self, dynamodb, tables):
        """The answer uses the request's name for the table."""
        arn = tables[0].describe()["TableArn"]
        reply = batch_get(dynamodb, {arn: keys_of(6), tables[1].name: keys_of(7)})
        assert reply["Responses"] == {arn: [item(6)], tables[1].name: [item(7)]}

    def test_sees_what_was_written_before_it(self, table):
        for name in "abc":
            table.put({"pk": S(name)})
        table.delete({"pk": S("a")})
        table.update({"pk": S("b")}, "SET x = :x", {":x": N(1)})
        reply = batch_get(table.client, {table.name: {
            "Keys": [{"pk": S(name)} for name in "abc"], "ConsistentRead": True}})
        found = sorted(reply["Responses"][table.name], key=lambda found: found["pk"]["S"])
        assert found == [{"pk": S("b"), "x": N(1)}, {"pk": S("c")}]


class TestProjection:
    def test_of_each_table(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {
            first: keys_of(3, ProjectionExpression="doc.a[1], n"),
            second: keys_of(3, ProjectionExpression="#d.#b",
                            ExpressionAttributeNames={"#d": "doc", "#b": "b"})})
        assert reply["Responses"] == {
            first: [{"n": N(3), "doc": M(a=L(N(3)))}], second: [{"doc": M(b=S("b"))}]}

    def test_of_one_table_of_two(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {
            first: keys_of(3, ProjectionExpression="n"), second: keys_of(3)})
        assert reply["Responses"] == {first: [{"n": N(3)}], second: [item(3)]}

    def test_names_belong_to_one_table(self, dynamodb, tables):
        first, second = (table.name for table in tables)
        reply = batch_get(dynamodb, {
            first: keys_of(3, ProjectionExpression="#x", ExpressionAttributeNames={"#x": "n"}),
            second: keys_of(3, ProjectionExpression="#x", ExpressionAttributeNames={"#x": "sk"})})
        assert reply["Responses"] == {first: [{"n": N(3)}], second: [{"sk": N(3)}]}

    def test_item_without_the_attribute(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: keys_of(3, ProjectionExpression="nowhere")})
        assert reply["Responses"] == {name: [{}]}


class TestCapacity:
    def figures(self, reply):
        return {entry["TableName"]: entry for entry in reply["ConsumedCapacity"]}

    def test_total(self, dynamodb, tables):
        """Each item is rounded up by itself, and missing ones cost, too."""
        first, second = (table.name for table in tables)
        reply = batch_get(
            dynamodb, {first: keys_of(1, 2, 99), second: keys_of(1, 2, 99, ConsistentRead=False)},
            ReturnConsumedCapacity="TOTAL")
        assert len(reply["ConsumedCapacity"]) == 2
        assert self.figures(reply) == {
            first: {"TableName": first, "CapacityUnits": 3},
            second: {"TableName": second, "CapacityUnits": 1.5}}

    def test_indexes(self, dynamodb, tables):
        name = tables[0].name
        reply = batch_get(dynamodb, {name: keys_of(1)}, ReturnConsumedCapacity="INDEXES")
        assert reply["ConsumedCapacity"] == [
            {"TableName": name, "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}]

    def test_none(self, dynamodb, tables):
        name = tables[0].name
        assert "ConsumedCapacity" not in batch_get(dynamodb, {name: keys_of(1)})
        reply = batch_get(dynamodb, {name: keys_of(1)}, ReturnConsumedCapacity="NONE")
        assert "ConsumedCapacity" not in reply

    def test_large_items(self, table):
        for name, size in (("a", 4096), ("b", 4097)):
            table.put({"pk": S(name), "v": S("x" * (size - len("pk" + "a" + "v")))})
        reply = batch_get(table.client, {table.name: {
            "Keys": [{"pk": S("a")}, {"pk": S("b")}], "ConsistentRead": True,
            "ProjectionExpression": "pk"}}, ReturnConsumedCapacity="TOTAL")
        assert self.figures(reply)[table.name]["CapacityUnits"] == 1 + 2


@pytest.fixture(scope="module")
def big(dynamodb):
    """60 items of 400 KB."""
    rest = TestMostBytes.SIZE - len("pk" + "00" + "v")
    items = [{"pk": S(f"{i:02}"), "v": S("x" * rest)} for i in range(TestMostBytes.COUNT)]
    with filled(dynamodb, items, "pk:S") as table:
        yield table


class TestMostBytes:
    """An answer has up to 16 MB of items. The keys of the others come back as unprocessed."""

    COUNT = 60
    SIZE = 400 * 1024

    def request(self, **parameters):
        return {"Keys": [{"pk": S(f"{i:02}")} for i in range(self.COUNT)], **parameters}

    def test_rest_is_unprocessed(self, big):
        reply = batch_get(big.client, {big.name: self.request(ConsistentRead=True)})
        found = [found["pk"]["S"] for found in reply["Responses"][big.name]]
        left = reply["UnprocessedKeys"][big.name]
        # 40 items fit; fewer, if the server counts more than the items' own bytes.
        assert MOST_BYTES * 0.9 < len(found) * self.SIZE <= MOST_BYTES
        assert left["ConsistentRead"] is True
        assert set(left) == {"Keys", "ConsistentRead"}
        unread = [given["pk"]["S"] for given in left["Keys"]]
        assert sorted(found + unread) == [f"{i:02}" for i in range(self.COUNT)]
        assert all(set(given) == {"pk"} for given in left["Keys"])

    def test_unprocessed_keys_are_the_next_request(self, big):
        names = {"#p": "pk", "#v": "v"}
        requests = {big.name: self.request(
            ProjectionExpression="#p, #v", ExpressionAttributeNames=names)}
        found, calls = [], 0
        while requests:
            reply = batch_get(big.client, requests)
            found += [entry["pk"]["S"] for entry in reply["Responses"][big.name]]
            requests, calls = reply["UnprocessedKeys"], calls + 1
            if requests:
                assert requests[big.name]["ProjectionExpression"] == "#p, #v"
                assert requests[big.name]["ExpressionAttributeNames"] == names
        assert calls == 2
        assert sorted(found) == [f"{i:02}" for i in range(self.COUNT)]

    def test_capacity_counts_only_what_was_read(self, big):
        reply = batch_get(big.client, {big.name: self.request(ConsistentRead=True)},
                          ReturnConsumedCapacity="TOTAL")
        read = len(reply["Responses"][big.name])
        assert reply["ConsumedCapacity"] == [
            {"TableName": big.name, "CapacityUnits": read * 100}]
