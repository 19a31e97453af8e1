# SPDX-License-Identifier: Apache-2.0
"""Keys that do not fit the schema, and the size limits of keys and items."""

import pytest
from errors import INVALID, NOT_VALID, VALIDATION, refused
from tables import Table, definition
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

NO_MATCH = "The provided key element does not match the schema"
HASH_SIZE = INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"
RANGE_SIZE = (
    INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
ITEM_SIZE = "Item size has exceeded the maximum allowed size"
UPDATE_SIZE = "Item size to update has exceeded the maximum allowed size"
MAX_ITEM = 400 * 1024


def empty_key(kind, key):
    return (f"{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty {kind} "
            f"value. Key: {key}")


@pytest.fixture
def composite(make_table):
    return make_table("pk:S", "sk:N")


class TestPutItemKeys:
    @pytest.mark.parametrize("item, missing", [
        ({"sk": N(1)}, "pk"), ({"pk": S("a")}, "sk"), ({"pk": S("a"), "SK": N(1)}, "sk")])
    def test_missing(self, composite, item, missing):
        with refused(VALIDATION, f"{INVALID}Missing the key {missing} in the item"):
            composite.put(item)

    @pytest.mark.parametrize("value, actual", [
        (N(1), "N"), (B(b"a"), "B"), (BOOL(True), "BOOL"), (NULL, "NULL"), (L(S("a")), "L"),
        (M(), "M"), (SS("a"), "SS")])
    def test_wrong_type(self, composite, value, actual):
        with refused(VALIDATION, f"{INVALID}Type mismatch for key pk expected: S actual: {actual}"):
            composite.put({"pk": value, "sk": N(1)})

    def test_wrong_type_of_the_sort_key(self, composite):
        with refused(VALIDATION, f"{INVALID}Type mismatch for key sk expected: N actual: S"):
            composite.put({"pk": S("a"), "sk": S("1")})


@pytest.mark.parametrize("key", [
    {"pk": S("a")},
    {"sk": N(1)},
    {"pk": S("a"), "sk": N(1), "x": S("y")},
    {"pk": S("a"), "x": N(1)},
    {"pk": N(1), "sk": N(1)},
    {"pk": S("a"), "sk": S("1")},
    {"pk": S("a"), "sk": NULL},
    {},
], ids=str)
@pytest.mark.parametrize("operation", ["get", "delete", "update"])
def test_key_that_does_not_fit_the_schema(composite, operation, key):
    with refused(VALIDATION, NO_MATCH):
        getattr(composite, operation)(key)


@pytest.mark.parametrize("operation", ["put", "get", "delete", "update"])
class TestKeyValues:
    def call(self, table, operation, key):
        getattr(table, operation)(key)

    def test_empty_string(self, table, operation):
        with refused(VALIDATION, empty_key("string", "pk")):
            self.call(table, operation, {"pk": S("")})

    def test_empty_binary_sort_key(self, make_table, operation):
        table = make_table("pk:S", "sk:B")
        with refused(VALIDATION, empty_key("binary", "sk")):
            self.call(table, operation, {"pk": S("a"), "sk": B(b"")})

    def test_partition_key_size(self, table, operation):
        # Each letter has two bytes, and the limit counts bytes.
        self.call(table, operation, {"pk": S("\u00e4" * 1024)})
        with refused(VALIDATION, HASH_SIZE):
            self.call(table, operation, {"pk": S("\u00e4" * 1024 + "a")})

    def test_sort_key_size(self, make_table, operation):
        table = make_table("pk:S", "sk:S")
        self.call(table, operation, {"pk": S("a"), "sk": S("x" * 1024)})
        with refused(VALIDATION, RANGE_SIZE):
            self.call(table, operation, {"pk": S("a"), "sk": S("x" * 1025)})

    def test_binary_sort_key_size(self, make_table, operation):
        table = make_table("pk:B", "sk:B")
        partition = B(b"\xff" * 2048)
        self.call(table, operation, {"pk": partition, "sk": B(b"\0" * 1024)})
        with refused(VALIDATION, RANGE_SIZE):
            self.call(table, operation, {"pk": partition, "sk": B(b"\0" * 1025)})

    def test_binary_partition_key_size(self, make_table, operation):
        table = make_table("pk:B")
        self.call(table, operation, {"pk": B(b"\xff" * 2048)})
        with refused(VALIDATION, HASH_SIZE):
            self.call(table, operation, {"pk": B(b"\xff" * 2049)})


@pytest.mark.parametrize("given, same", [("1", "1.0"), ("100", "1e2"), ("0", "-0"),
                                         ("0.5", ".50")])
def test_equal_numbers_are_one_key(make_table, given, same):
    table = make_table("pk:N")
    table.put({"pk": N(given), "a": S("first")})
    table.put({"pk": N(same), "a": S("second")})
    assert table.get({"pk": N(given)}) == {"pk": N(given), "a": S("second")}


def test_numbers_that_a_double_cannot_tell_apart_are_two_keys(make_table):
    table = make_table("pk:N")
    one, other = "12345678901234567890123456789012345678", "12345678901234567890123456789012345679"
    table.put({"pk": N(one), "a": S("one")})
    table.put({"pk": N(other), "a": S("other")})
    assert table.get({"pk": N(one)})["a"] == S("one")
    assert table.get({"pk": N(other)})["a"] == S("other")


def test_keys_are_case_sensitive_and_binary_exact(table):
    for key in ("a", "A", "a ", "\u00e4", "a\u0308"):
        table.put({"pk": S(key), "copy": S(key)})
    for key in ("a", "A", "a ", "\u00e4", "a\u0308"):
        assert table.get({"pk": S(key)})["copy"] == S(key)


class TestItemSize:
    # In addition to the value of "v", "pk" with its one letter and the name "v" count.
    OVERHEAD = len("pk") + len("a") + len("v")

    def test_largest_item(self, table):
        item = {"pk": S("a"), "v": S("x" * (MAX_ITEM - self.OVERHEAD))}
        table.put(item)
        assert table.get({"pk": S("a")}) == item

    def test_one_byte_too_many(self, table):
        with refused(VALIDATION, ITEM_SIZE):
            table.put({"pk": S("a"), "v": S("x" * (MAX_ITEM - self.OVERHEAD + 1))})
        assert table.get({"pk": S("a")}) is None

    @pytest.mark.parametrize("value, size", [
        (B(b"\xff" * 10), 10),
        (B(b""), 0),
        (S(""), 0),
        (S("\u00e4"), 2),
        (S("\U0001f600"), 4),
        (BOOL(True), 1),
        (NULL, 1),
        (N(0), 1),
        (N(42), 2),
        (N(100), 2),
        (N("0.12"), 2),
        (N(101), 3),
        (N(420), 3),
        (N("0.012"), 3),
        (N(12340), 4),
        (N(-420), 4),
        (N(1500), 2),
        (N("1e125"), 2),
        (N("1e-130"), 2),
        (N("-9e125"), 3),
        (N("12345678901234567890123456789012345678"), 20),
        (N("-12345678901234567890123456789012345678"), 21),
        (N("1.2345678901234567890123456789012345678"), 21),
        # 20 digits to base 100, a byte and a sign would be 22, but a number never counts more than
        # 21.
        (N("-1.2345678901234567890123456789012345678"), 21),
        (N("-9.9999999999999999999999999999999999999e125"), 21),
        (SS("ab", "c"), 3),
        (SS(""), 0),
        (NS(42, -420, "0.0"), 2 + 4 + 1),
        (BS(b"ab", b"", b"\x00"), 3),
        (L(), 3),
        (L(L(), M(), S("")), 3 + (1 + 3) + (1 + 3) + 1),
        (L(S("ab"), BOOL(True)), 3 + 1 + 2 + 1 + 1),
        (M(), 3),
        (M(abc=S("de")), 3 + 1 + 3 + 2),
        (M({"\u00e4\U0001f600": NULL}), 3 + 1 + (2 + 4) + 1),
        (M(a=M(b=L(N(1)))), 3 + (1 + 1 + 3) + (1 + 1 + 3) + (1 + 2)),
    ], ids=str)
    def test_size_of_each_type(self, table, value, size):
        """`pad` fills the item up to exactly the limit, so one byte more must be refused."""
        pad = MAX_ITEM - self.OVERHEAD - len("pad") - size
        table.put({"pk": S("a"), "v": value, "pad": S("x" * pad)})
        with refused(VALIDATION, ITEM_SIZE):
            table.put({"pk": S("a"), "v": value, "pad": S("x" * (pad + 1))})

    def test_names_count_in_bytes(self, table):
        name = "\u00e4" * 1000
        pad = MAX_ITEM - len("pk") - len("a") - 2 * len(name) - 1 - len("v")
        table.put({"pk": S("a"), name: NULL, "v": S("x" * pad)})
        with refused(VALIDATION, ITEM_SIZE):
            table.put({"pk": S("a"), name: NULL, "v": S("x" * (pad + 1))})

    def test_update_past_the_limit(self, table):
        key = {"pk": S("a")}
        table.put({**key, "v": S("x" * 300_000)})
        with refused(VALIDATION, UPDATE_SIZE):
            table.update(key, "SET w = :w", {":w": S("x" * 200_000)})
        assert "w" not in table.get(key)

    def test_update_counts_some_bytes_for_itself(self, table):
        """The size of an update counts what it sets, without the key, plus 3 bytes, and 19 for each
        SET. So the largest value that it can set makes an item a little smaller than the largest
        item.
        """
        room = MAX_ITEM - len("v") - 3 - 19
        table.update({"pk": S("a")}, "SET v = :v", {":v": S("x" * room)})
        assert len(table.get({"pk": S("a")})["v"]["S"]) == room
        with refused(VALIDATION, UPDATE_SIZE):
            table.update({"pk": S("a")}, "SET v = :v", {":v": S("x" * (room + 1))})

    def test_size_is_checked_before_the_table_is_looked_up(self, dynamodb):
        with refused(VALIDATION, ITEM_SIZE):
            dynamodb.put_item(TableName="weir-no-such-table",
                              Item={"pk": S("a"), "v": S("x" * MAX_ITEM)})


class TestNames:
    @pytest.mark.parametrize("letter, size", [("n", 1), ("\u00e4", 2), ("\u20ac", 3)])
    def test_attribute_name_of_65535_bytes(self, table, letter, size):
        name = letter * (65_535 // size)
        table.put({"pk": S("a"), name: S("x"), "m": M({name: N(1)})})
        assert table.get({"pk": S("a")}) == {"pk": S("a"), name: S("x"), "m": M({name: N(1)})}
        longer = name + "n" * (65_536 - size * len(name))
        for item in ({longer: S("x")}, {"m": M({longer: S("x")})}):
            with refused(VALIDATION):
                table.put({"pk": S("a"), **item})

    def test_key_attribute_name_of_255_bytes(self, make_table, unchecked, fresh_name):
        name = "k" * 255
        table = make_table(f"{name}:S")
        table.put({name: S("a"), "v": N(1)})
        assert table.get({name: S("a")}) == {name: S("a"), "v": N(1)}
        with refused(VALIDATION) as refusal:
            unchecked.create_table(**definition(fresh_name, f"{name}k:S"))
        assert "have length less than or equal to 255" in refusal.message

    @pytest.mark.parametrize("name", ["a-._Z9", "n" * 255, ".-_"])
    def test_table_names(self, dynamodb, name):
        dynamodb.create_table(**definition(name, "pk:S"))
        try:
            table = Table(dynamodb, name)
            table.await_active()
            table.put({"pk": S("a")})
            assert table.get({"pk": S("a")}) == {"pk": S("a")}
        finally:
            dynamodb.delete_table(TableName=name)
