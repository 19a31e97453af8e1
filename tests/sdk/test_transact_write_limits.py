# SPDX-License-Identifier: Apache-2.0
"""Limits of TransactWriteItems: 100 actions, 4 MB, 400 KB per item, one action per item."""

import pytest
from errors import ONE, VALIDATION, refused
from indexes import index, indexed_table
from reading import scan
from transactions import NONE, canceled, check, delete, invalid, put, update, write
from values import N, S

TABLE = "weir-no-such-table"
TOO_LARGE = "Item size has exceeded the maximum allowed size"
TWICE = "Transaction request cannot include multiple operations on one item"
ITEM_SIZE = 400 * 1024
PAYLOAD = 4 * 1024 * 1024


def key(number):
    return {"pk": S(f"{number:03}")}


def sized(number, size):
    """An item of `size` bytes, as AWS counts."""
    return {**key(number), "v": S("x" * (size - len("pk" "000" "v")))}


class TestActions:
    def test_hundred(self, table):
        write(table.client, *(put(table, key(number)) for number in range(100)))
        assert len(scan(table)["Items"]) == 100

    def test_more(self, dynamodb):
        with refused(VALIDATION) as refusal:
            write(dynamodb, *(put(TABLE, key(number)) for number in range(101)))
        assert refusal.message.startswith(
            ONE + "Value '[TransactWriteItem(conditionCheck=null, put=Put(item={pk=AttributeValue("
            "s=000, n=null, b=null, ")
        assert refusal.message.endswith(
            "' at 'transactItems' failed to satisfy constraint: Member must have length less than "
            "or equal to 100")


class TestOneActionAnItem:
    ACTIONS = [put, delete, check, lambda table, of: update(table, of, "REMOVE x")]

    @pytest.mark.parametrize("first", ACTIONS)
    @pytest.mark.parametrize("second", ACTIONS)
    def test_any_two(self, table, first, second):
        with refused(VALIDATION, TWICE):
            write(table.client, first(table, key(1)), put(table, key(2)), second(table, key(1)))
        assert scan(table)["Items"] == []

    @pytest.mark.parametrize("again", ["1.0", "+1", "0.1e1"])
    def test_equal_numbers(self, make_table, again):
        table = make_table("pk:S", "sk:N")
        with refused(VALIDATION, TWICE):
            write(table.client, put(table, {"pk": S("p"), "sk": N(1)}),
                  delete(table, {"pk": S("p"), "sk": N(again)}))

    def test_name_and_arn(self, table):
        with refused(VALIDATION, TWICE):
            write(table.client, put(table, key(1)), delete(table.describe()["TableArn"], key(1)))

    def test_comes_before_a_missing_table(self, table):
        with refused(VALIDATION, TWICE):
            write(table.client, put(TABLE, key(1)), put(table, key(1)), check(table, key(1)))

    def test_comes_before_conditions(self, table):
        with refused(VALIDATION, TWICE):
            write(table.client, check(table, key(2)), check(table, key(1)), check(table, key(1)))

    @pytest.mark.parametrize("place", [0, 2])
    def test_comes_after_keys_that_do_not_fit(self, table, place):
        """The keys of all actions are checked against the schema first (observed on AWS)."""
        actions = [check(table, key(1)), check(table, key(1))]
        actions.insert(place, delete(table, {"pk": N(1)}))
        reasons = [NONE, NONE]
        reasons.insert(place, invalid("The provided key element does not match the schema"))
        with canceled(*reasons):
            write(table.client, *actions)


class TestSizes:
    def test_largest_item(self, table):
        write(table.client, put(table, sized(1, ITEM_SIZE)))
        assert len(table.get(key(1))["v"]["S"]) == ITEM_SIZE - 6

    @pytest.mark.parametrize("name", [None, TABLE], ids=["existing", "missing"])
    def test_larger_item(self, table, name):
        with refused(VALIDATION, TOO_LARGE):
            write(table.client, put(table, key(2)), put(name or table, sized(1, ITEM_SIZE + 1)))
        assert scan(table)["Items"] == []

    def test_item_with_its_entries_in_local_indexes(self, dynamodb):
        """The entries show only with the table, so this cancels the transaction."""
        with indexed_table(dynamodb, "pk:S", "sk:N", more=["l:S"],
                           lsi=[index("lsi", "pk", "l")]) as indexed:
            item = {"pk": S("p"), "sk": N(1), "l": S("l"), "v": S("x" * (ITEM_SIZE // 2))}
            with canceled(invalid(TOO_LARGE)):
                write(dynamodb, put(indexed, item))

    def test_largest_item_of_an_update(self, table):
        """A transaction counts only the item; UpdateItem also counts its clauses."""
        value = {":v": S("x" * (ITEM_SIZE - 6))}
        write(table.client, update(table, key(1), "SET v = :v", value))
        assert table.get(key(1)) == sized(1, ITEM_SIZE)
        value[":v"]["S"] += "x"
        for number in (1, 2):
            with canceled(invalid("Item size to update has exceeded the maximum allowed size")):
                write(table.client, update(table, key(number), "SET v = :v", value))

    def test_4_mb(self, table):
        sizes = [ITEM_SIZE] * 10 + [PAYLOAD - 10 * ITEM_SIZE]
        write(table.client, *(put(table, sized(*each)) for each in enumerate(sizes)))
        assert [table.get(key(number))["v"]["S"] for number in range(11)] == [
            "x" * (size - 6) for size in sizes]

    @pytest.mark.parametrize("name", [None, TABLE], ids=["existing", "missing"])
    def test_more_than_4_mb(self, table, name):
        sizes = [ITEM_SIZE] * 10 + [PAYLOAD - 10 * ITEM_SIZE + 1]
        with refused(VALIDATION) as refusal:
            write(table.client,
                  *(put(name or table, sized(*each)) for each in enumerate(sizes)))
        # AWS's whole text is not known.
        assert "size cannot exceed" in refusal.message
        assert scan(table)["Items"] == []

    def test_values_of_expressions_count(self, table):
        large = {":v": S("x" * (ITEM_SIZE - 100))}
        with refused(VALIDATION) as refusal:
            write(table.client, *(check(table, key(number), "v <> :v", large)
                                  for number in range(11)))
        assert "size cannot exceed" in refusal.message
