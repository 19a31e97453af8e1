# SPDX-License-Identifier: Apache-2.0
"""BatchWriteItem: puts and deletes in several tables, their capacity and their stream records."""

import pytest
from errors import ONE, VALIDATION, refused
from reading import put_all, scan
from stream_reader import of_key, read_stream, summary
from values import SS, B, M, N, S

MOST = 25


def put(item):
    return {"PutRequest": {"Item": item}}


def delete(key):
    return {"DeleteRequest": {"Key": key}}


def write(table, *writes, **parameters):
    """One batch on one table, which must be processed completely."""
    reply = table.client.batch_write_item(RequestItems={table.name: list(writes)}, **parameters)
    assert reply["UnprocessedItems"] == {}
    return reply


def key(name):
    return {"pk": S(name)}


def contents(table):
    return sorted(scan(table)["Items"], key=lambda item: item["pk"]["S"])


class TestWrites:
    def test_same_key_in_two_tables(self, table, make_table):
        other = make_table()
        table.client.batch_write_item(RequestItems={
            table.name: [put(key("a"))], other.name: [put(key("a"))]})
        assert (table.get(key("a")), other.get(key("a"))) == (key("a"), key("a"))

    def test_more_than_25(self, dynamodb):
        name = "weir-no-such-table"
        with refused(VALIDATION) as refusal:
            dynamodb.batch_write_item(RequestItems={name: [put(key("a")) for _ in range(MOST + 1)]})
        assert refusal.message.startswith(
            f"{ONE}Value '{{{name}=[WriteRequest(putRequest=PutRequest(item={{pk=AttributeValue(")
        assert refusal.message.endswith(
            " at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
            "[Member must have length less than or equal to 25, Member must have length greater "
            "than or equal to 1]")

    def test_puts(self, table):
        items = [{**key(f"{i:02}"), "n": N(i)} for i in range(MOST)]
        reply = write(table, *(put(item) for item in items))
        assert "ConsumedCapacity" not in reply
        assert contents(table) == items

    def test_put_replaces_the_whole_item(self, table):
        table.put({**key("a"), "old": S("x"), "both": N(1)})
        write(table, put({**key("a"), "both": N(2), "new": M(x=SS("a", "b"))}))
        assert table.get(key("a")) == {**key("a"), "both": N(2), "new": M(x=SS("a", "b"))}

    def test_deletes(self, table):
        for name in "abc":
            table.put(key(name))
        write(table, delete(key("a")), delete(key("c")), delete(key("not there")))
        assert contents(table) == [key("b")]

    def test_puts_and_deletes_together(self, table):
        table.put(key("a"))
        table.put({**key("b"), "n": N(1)})
        write(table, delete(key("a")), put({**key("b"), "n": N(2)}), put(key("c")))
        assert contents(table) == [{**key("b"), "n": N(2)}, key("c")]

    def test_several_tables(self, make_table):
        hashed, sorted_table = make_table(), make_table("pk:S", "sk:B")
        sorted_table.put({"pk": S("a"), "sk": B(b"\x00")})
        reply = hashed.client.batch_write_item(RequestItems={
            hashed.name: [put(key("a")), put(key("b"))],
            sorted_table.name: [put({"pk": S("a"), "sk": B(b"\xff")}),
                                delete({"pk": S("a"), "sk": B(b"\x00")})]})
        assert reply["UnprocessedItems"] == {}
        assert contents(hashed) == [key("a"), key("b")]
        assert contents(sorted_table) == [{"pk": S("a"), "sk": B(b"\xff")}]

    def test_table_arn_as_name(self, table):
        reply = table.client.batch_write_item(
            RequestItems={table.describe()["TableArn"]: [put(key("a"))]})
        assert reply["UnprocessedItems"] == {}
        assert contents(table) == [key("a")]

    def test_numbers_are_stored_in_their_normal_form(self, table):
        write(table, put({**key("a"), "n": N("1.500e1")}))
        assert table.get(key("a"))["n"] == N(15)

    def test_largest_items(self, table):
        """25 items of 400 KB: 10 MB in one request."""
        rest = 400 * 1024 - len("pk" + "00" + "v")
        write(table, *(put({**key(f"{i:02}"), "v": S("x" * rest)}) for i in range(MOST)))
        for name in ("00", "12", "24"):
            assert len(table.get(key(name))["v"]["S"]) == rest

    def test_no_item_collection_metrics_without_an_index(self, table):
        reply = write(table, put(key("a")), ReturnItemCollectionMetrics="SIZE")
        assert not reply.get("ItemCollectionMetrics")

    def test_many_batches(self, table):
        items = [{**key(f"{i:04}"), "n": N(i)} for i in range(300)]
        put_all(table.client, table.name, items)
        assert contents(table) == items


class TestCapacity:
    def test_total_of_each_table(self, make_table):
        first, second = make_table(), make_table()
        reply = first.client.batch_write_item(RequestItems={
            first.name: [put(key("a")), put(key("b")), delete(key("not there"))],
            second.name: [put(key("a"))]}, ReturnConsumedCapacity="TOTAL")
        figures = {entry["TableName"]: entry for entry in reply["ConsumedCapacity"]}
        assert len(reply["ConsumedCapacity"]) == 2
        assert figures == {
            first.name: {"TableName": first.name, "CapacityUnits": 3},
            second.name: {"TableName": second.name, "CapacityUnits": 1}}

    def test_indexes(self, table):
        reply = write(table, put(key("a")), ReturnConsumedCapacity="INDEXES")
        assert reply["ConsumedCapacity"] == [
            {"TableName": table.name, "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}]

    def test_each_write_is_rounded_up_by_itself(self, table):
        def sized(name, size):
            return {**key(name), "v": S("x" * (size - len("pk" + name + "v")))}

        table.put(sized("c", 3000))
        table.put(sized("d", 2049))
        reply = write(table, put(sized("a", 1024)), put(sized("b", 1025)), put(key("c")),
                      delete(key("d")), ReturnConsumedCapacity="TOTAL")
        assert reply["ConsumedCapacity"][0]["CapacityUnits"] == 1 + 2 + 3 + 3

    @pytest.mark.parametrize("parameters", [{}, {"ReturnConsumedCapacity": "NONE"}], ids=str)
    def test_none(self, table, parameters):
        assert "ConsumedCapacity" not in write(table, put(key("a")), **parameters)


class TestStream:
    """Each write that changes something has one record."""

    @pytest.fixture
    def streamed(self, make_table):
        return make_table(view="NEW_AND_OLD_IMAGES")

    def records(self, streams, table, count):
        records = read_stream(streams, table.stream_arn, count)
        assert len(records) == count
        return records

    def test_one_record_a_write(self, streams, streamed):
        streamed.put({**key("old"), "n": N(1)})
        streamed.put(key("gone"))
        write(streamed, put(key("new")), put({**key("old"), "n": N(2)}), delete(key("gone")))
        records = self.records(streams, streamed, 5)
        assert summary(of_key(records, key("new"))) == [("INSERT", None, key("new"))]
        assert summary(of_key(records, key("old")))[1:] == [
            ("MODIFY", {**key("old"), "n": N(1)}, {**key("old"), "n": N(2)})]
        assert summary(of_key(records, key("gone")))[1:] == [("REMOVE", key("gone"), None)]

    def test_none_for_what_changes_nothing(self, streams, streamed):
        same = {**key("same"), "n": N(1), "tags": SS("a", "b")}
        streamed.put(same)
        write(streamed, put({**key("same"), "n": N("1.0"), "tags": SS("b", "a")}),
              delete(key("not there")), put(key("new")))
        records = self.records(streams, streamed, 2)
        assert summary(of_key(records, key("same"))) == [("INSERT", None, same)]
        assert summary(of_key(records, key("new"))) == [("INSERT", None, key("new"))]

    def test_records_of_each_table(self, streams, make_table):
        tables = [make_table(view="NEW_IMAGE"), make_table(view="KEYS_ONLY")]
        tables[0].client.batch_write_item(RequestItems={
            table.name: [put(key(f"{i:02}")) for i in range(10)] for table in tables})
        for table in tables:
            records = self.records(streams, table, 10)
            names = sorted(record["dynamodb"]["Keys"]["pk"]["S"] for record in records)
            assert names == [f"{i:02}" for i in range(10)]
            assert {record["eventName"] for record in records} == {"INSERT"}

    def test_batches_of_one_item_keep_their_order(self, streams, streamed):
        for number in range(6):
            write(streamed, put({**key("a"), "n": N(number)}), put(key(f"b{number}")))
        write(streamed, delete(key("a")))
        records = of_key(self.records(streams, streamed, 13), key("a"))
        assert [record["eventName"] for record in records] == ["INSERT", *["MODIFY"] * 5, "REMOVE"]
        assert [record["dynamodb"]["OldImage"]["n"] for record in records[1:]] == [
            N(number) for number in range(6)]
