# SPDX-License-Identifier: Apache-2.0
"""ReturnConsumedCapacity of the four item calls, on a table without indexes."""

import pytest
from errors import refused
from values import B, S

KEY = {"pk": S("a")}
# The bytes of "pk", its value "a", and the name "v".
OVERHEAD = 4


def item_of(size):
    return {**KEY, "v": B(b"x" * (size - OVERHEAD))}


def units(reply):
    return reply["ConsumedCapacity"]["CapacityUnits"]


def get(table, **parameters):
    return table.client.get_item(
        TableName=table.name, Key=KEY, ReturnConsumedCapacity="TOTAL", **parameters)


OPERATIONS = {
    "get_item": ({"Key": KEY}, 0.5),
    "put_item": ({"Item": KEY}, 1),
    "delete_item": ({"Key": KEY}, 1),
    "update_item": ({"Key": KEY}, 1),
}


@pytest.mark.parametrize("operation", OPERATIONS)
class TestForm:
    def reply(self, table, operation, **parameters):
        body, _ = OPERATIONS[operation]
        call = getattr(table.client, operation)
        return call(TableName=table.name, **body, **parameters)

    def test_total(self, table, operation):
        reply = self.reply(table, operation, ReturnConsumedCapacity="TOTAL")
        assert reply["ConsumedCapacity"] == {
            "TableName": table.name, "CapacityUnits": OPERATIONS[operation][1]}

    def test_indexes(self, table, operation):
        expected = OPERATIONS[operation][1]
        reply = self.reply(table, operation, ReturnConsumedCapacity="INDEXES")
        assert reply["ConsumedCapacity"] == {
            "TableName": table.name, "CapacityUnits": expected,
            "Table": {"CapacityUnits": expected}}

    def test_none(self, table, operation):
        reply = self.reply(table, operation, ReturnConsumedCapacity="NONE")
        assert "ConsumedCapacity" not in reply
        assert "ConsumedCapacity" not in self.reply(table, operation)


@pytest.mark.parametrize("size, eventual", [
    (100, 0.5), (4096, 0.5), (4097, 1), (8192, 1), (8193, 1.5)])
def test_reads_are_rounded_up_to_4_kb(table, size, eventual):
    table.put(item_of(size))
    assert units(get(table)) == eventual
    assert units(get(table, ConsistentRead=True)) == 2 * eventual


def test_projection_does_not_make_a_read_cheaper(table):
    table.put(item_of(4097))
    assert units(get(table, ProjectionExpression="pk", ConsistentRead=True)) == 2


def test_read_of_an_absent_item(table):
    assert units(get(table)) == 0.5
    assert units(get(table, ConsistentRead=True)) == 1


@pytest.mark.parametrize("size, expected", [(100, 1), (1024, 1), (1025, 2), (2049, 3)])
def test_writes_are_rounded_up_to_1_kb(table, size, expected):
    assert units(table.put(item_of(size), ReturnConsumedCapacity="TOTAL")) == expected


@pytest.mark.parametrize("before, after", [(3000, 10), (10, 3000)])
def test_write_costs_the_larger_of_before_and_after(table, before, after):
    table.put(item_of(before))
    assert units(table.put(item_of(after), ReturnConsumedCapacity="TOTAL")) == 3


def test_delete_costs_what_it_deletes(table):
    table.put(item_of(3000))
    assert units(table.delete(KEY, ReturnConsumedCapacity="TOTAL")) == 3
    assert units(table.delete(KEY, ReturnConsumedCapacity="TOTAL")) == 1


def test_update_costs_the_whole_item(table):
    table.put(item_of(3000))
    reply = table.update(KEY, "SET a = :v", {":v": S("x")}, ReturnConsumedCapacity="TOTAL")
    assert units(reply) == 3


def test_failed_condition_shows_no_figure(table):
    with refused("ConditionalCheckFailedException") as refusal:
        table.put(KEY, ConditionExpression="attribute_exists(pk)", ReturnConsumedCapacity="TOTAL")
    assert "ConsumedCapacity" not in refusal.response
