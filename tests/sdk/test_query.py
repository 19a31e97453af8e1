# SPDX-License-Identifier: Apache-2.0
"""Query on a table: each key condition on each type of sort key, and the order of the answer."""

import itertools
import operator
import random
from decimal import Decimal

import pytest
from reading import column, filled, query
from values import B, N, S

# Sort keys of one partition, in the order that DynamoDB gives them.
STRINGS = [
    # Ordered by the bytes of UTF-8. By UTF-16 units, the emoji would come before the half-width
    # letter.
    " ", "0", "10", "9", "A", "B", "Z", "a", "a\u0000", "a\u0001", "aa", "ab", "b", "z",
    "\u00e4", "\u00e9", "\u20ac", "\uff61", "\U0001f600", "\U0001f600a",
]
NUMBERS = [format(Decimal(text), "f") for text in (
    "-9.9999999999999999999999999999999999999E+125", "-1000", "-100", "-99.5", "-99", "-10", "-9",
    "-1.5", "-1", "-0.99", "-0.5", "-0.05", "-1E-130", "0", "1E-130", "0.05", "0.5", "0.99", "1",
    "1.5", "9", "10", "99", "99.5", "100", "1000", "9007199254740992", "9007199254740993",
    "12345678901234567890123456789012345678", "12345678901234567890123456789012345679",
    "9.9999999999999999999999999999999999999E+125")]
BINARIES = [
    b"\x00", b"\x00\x00", b"\x00\x01", b"\x00\xff", b"\x01", b"\x7f", b"\x7f\xff", b"\x80",
    b"\x80\x00", b"\xfe", b"\xff", b"\xff\x00", b"\xff\xfe", b"\xff\xff", b"\xff\xff\x00",
]
SORTED = {"S": STRINGS, "N": NUMBERS, "B": BINARIES}
VALUE = {"S": S, "N": N, "B": B}

COMPARISONS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt,
               ">=": operator.ge}
PARTITION = {":p": S("p")}


@pytest.fixture(scope="module", params=SORTED)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def ordered(dynamodb, kind):
    """A table with all sort keys in the partition "p" and in the partitions before and after it.
    The items were written in random order.
    """
    items = [{"pk": S(partition), "sk": VALUE[kind](value)}
             for partition in ("o", "p", "p\u0000") for value in SORTED[kind]]
    random.Random(1).shuffle(items)
    with filled(dynamodb, items, "pk:S", f"sk:{kind}") as table:
        yield table


def sort_keys(table, condition, values, **parameters):
    page = query(table, f"pk = :p AND {condition}", {**PARTITION, **values}, **parameters)
    assert page["Count"] == page["ScannedCount"] == len(page["Items"])
    assert "LastEvaluatedKey" not in page
    return column(page)


class TestSortKeyConditions:
    def test_whole_partition_in_order(self, ordered, kind):
        page = query(ordered, "pk = :p", PARTITION)
        assert column(page) == SORTED[kind]
        assert column(page, "pk") == ["p"] * len(SORTED[kind])
        assert column(query(ordered, "pk = :p", PARTITION, ScanIndexForward=True)) == SORTED[kind]

    def test_whole_partition_backwards(self, ordered, kind):
        page = query(ordered, "pk = :p", PARTITION, ScanIndexForward=False)
        assert column(page) == SORTED[kind][::-1]

    @pytest.mark.parametrize("sign", COMPARISONS)
    def test_comparison(self, ordered, kind, sign):
        values = SORTED[kind]
        for place, bound in enumerate(values):
            expected = [v for i, v in enumerate(values) if COMPARISONS[sign](i, place)]
            condition = f"sk {sign} :v"
            bounds = {":v": VALUE[kind](bound)}
            assert sort_keys(ordered, condition, bounds) == expected
            backwards = sort_keys(ordered, condition, bounds, ScanIndexForward=False)
            assert backwards == expected[::-1]

    @pytest.mark.parametrize("sign", COMPARISONS)
    def test_comparison_with_the_value_on_the_left(self, ordered, kind, sign):
        values = SORTED[kind]
        for place, bound in enumerate(values):
            expected = [v for i, v in enumerate(values) if COMPARISONS[sign](place, i)]
            assert sort_keys(ordered, f":v {sign} sk", {":v": VALUE[kind](bound)}) == expected

    def test_between_includes_both_bounds(self, ordered, kind):
        values = SORTED[kind]
        for low, high in itertools.combinations_with_replacement(range(len(values)), 2):
            bounds = {":low": VALUE[kind](values[low]), ":high": VALUE[kind](values[high])}
            found = sort_keys(ordered, "sk BETWEEN :low AND :high", bounds)
            assert found == values[low:high + 1]

    def test_between_backwards(self, ordered, kind):
        values = SORTED[kind]
        bounds = {":low": VALUE[kind](values[2]), ":high": VALUE[kind](values[9])}
        found = sort_keys(ordered, "sk BETWEEN :low AND :high", bounds, ScanIndexForward=False)
        assert found == values[2:10][::-1]


@pytest.mark.parametrize("kind", ["S"], indirect=True)
@pytest.mark.parametrize("prefix", [
    "a", "a\u0000", "aa", "aaa", "9", "\u00e4", "\U0001f600", "\U0001f600a", "x", "\U0010ffff"])
def test_begins_with_on_strings(ordered, kind, prefix):
    expected = [text for text in STRINGS if text.startswith(prefix)]
    assert sort_keys(ordered, "begins_with(sk, :v)", {":v": S(prefix)}) == expected
    backwards = sort_keys(
        ordered, "begins_with(sk, :v)", {":v": S(prefix)}, ScanIndexForward=False)
    assert backwards == expected[::-1]


@pytest.mark.parametrize("kind", ["B"], indirect=True)
@pytest.mark.parametrize("prefix", [
    b"\x00", b"\x00\x00", b"\x7f", b"\x80", b"\xff", b"\xff\xff", b"\xff\xff\xff", b"\x02"])
def test_begins_with_on_binaries(ordered, kind, prefix):
    expected = [data for data in BINARIES if data.startswith(prefix)]
    assert sort_keys(ordered, "begins_with(sk, :v)", {":v": B(prefix)}) == expected
    backwards = sort_keys(
        ordered, "begins_with(sk, :v)", {":v": B(prefix)}, ScanIndexForward=False)
    assert backwards == expected[::-1]


@pytest.mark.parametrize("kind", ["N"], indirect=True)
@pytest.mark.parametrize("bound, below", [
    ("-999999", 1), ("-99.25", 4), ("-0.0000001", 12), ("0.0000001", 15), ("99.25", 23),
    ("9007199254740992.5", 27), ("12345678901234567890123456789012345678.0", 28)])
def test_numbers_beside_the_bound(ordered, kind, bound, below):
    """With bounds that no item has (except the last), queries find exactly the smaller or the
    greater numbers.
    """
    assert sort_keys(ordered, "sk < :v", {":v": N(bound)}) == NUMBERS[:below]
    assert sort_keys(ordered, "sk >= :v", {":v": N(bound)}) == NUMBERS[below:]


@pytest.mark.parametrize("kind", ["S"], indirect=True)
@pytest.mark.parametrize("bound, below", [("1", 2), ("aaa", 11), ("\U0001f5ff", 18), ("~", 14)])
def test_strings_beside_the_bound(ordered, kind, bound, below):
    assert sort_keys(ordered, "sk <= :v", {":v": S(bound)}) == STRINGS[:below]
    assert sort_keys(ordered, "sk > :v", {":v": S(bound)}) == STRINGS[below:]


@pytest.mark.parametrize("kind", ["N"], indirect=True)
@pytest.mark.parametrize("spelling, stored", [
    ("1.0", "1"), ("1e2", "100"), ("-0", "0"), ("+0.50", "0.5"), ("0.99e2", "99")])
def test_equal_numbers_are_found_in_any_spelling(ordered, kind, spelling, stored):
    assert sort_keys(ordered, "sk = :v", {":v": N(spelling)}) == [stored]


@pytest.mark.parametrize("kind", ["N"], indirect=True)
@pytest.mark.parametrize("condition", [
    "pk = :p AND sk = :v",
    "pk = :p and sk = :v",
    "sk = :v AND pk = :p",
    ":p = pk AND :v = sk",
    "(pk = :p) AND (sk = :v)",
    "(pk = :p AND sk = :v)",
    "((pk = :p) AND (sk = :v))",
    "pk=:p AND sk=:v",
    "\n pk =\t:p  AND\r\nsk = :v ",
    "pk = :p AND sk BETWEEN :v AND :v",
    "sk between :v and :v and pk = :p",
])
def test_ways_to_write_a_condition(ordered, kind, condition):
    page = query(ordered, condition, {**PARTITION, ":v": N(99)})
    assert page["Items"] == [{"pk": S("p"), "sk": N(99)}]


@pytest.mark.parametrize("kind", ["S"], indirect=True)
def test_names_in_a_condition(ordered, kind):
    page = query(ordered, "#p = :p AND begins_with(#s, :v)", {**PARTITION, ":v": S("aa")},
                 ExpressionAttributeNames={"#p": "pk", "#s": "sk"})
    assert column(page) == ["aa"]


@pytest.mark.parametrize("kind", ["S"], indirect=True)
def test_one_value_may_serve_both_keys(ordered, kind):
    assert query(ordered, "pk = :p AND sk >= :p", PARTITION)["Count"] == STRINGS[::-1].index("b")


@pytest.mark.parametrize("kind", ["S"], indirect=True)
@pytest.mark.parametrize("partition", ["q", "P", "p ", "\u0440"])
def test_partition_without_items(ordered, kind, partition):
    page = query(ordered, "pk = :p", {":p": S(partition)})
    assert page["Items"] == []
    assert page["Count"] == page["ScannedCount"] == 0
    assert "LastEvaluatedKey" not in page


@pytest.mark.parametrize("kind", ["S"], indirect=True)
def test_condition_that_no_item_meets(ordered, kind):
    assert sort_keys(ordered, "sk < :v", {":v": S(" ")}) == []


@pytest.mark.parametrize("key, value, spelling", [
    ("pk:S", S("a"), S("a")), ("pk:N", N("1"), N("1.00")),
    ("pk:B", B(b"\x00\xff"), B(b"\x00\xff"))], ids=["S", "N", "B"])
def test_table_without_sort_key(make_table, key, value, spelling):
    table = make_table(key)
    item = {"pk": value, "x": S("y")}
    table.put(item)
    assert query(table, "pk = :p", {":p": spelling})["Items"] == [item]
    assert query(table, "pk = :p", {":p": spelling}, ScanIndexForward=False)["Items"] == [item]


def test_query_sees_what_was_written_before_it(make_table):
    table = make_table("pk:S", "sk:N")
    for number in (3, 1, 2):
        table.put({"pk": S("p"), "sk": N(number)})
    table.delete({"pk": S("p"), "sk": N(1)})
    table.update({"pk": S("p"), "sk": N(2)}, "SET x = :x", {":x": S("y")})
    assert query(table, "pk = :p", PARTITION)["Items"] == [
        {"pk": S("p"), "sk": N(2), "x": S("y")}, {"pk": S("p"), "sk": N(3)}]


def test_table_arn_as_name(make_table):
    table = make_table("pk:S", "sk:N")
    item = {"pk": S("p"), "sk": N(1)}
    table.put(item)
    page = table.client.query(
        TableName=table.describe()["TableArn"], KeyConditionExpression="pk = :p",
        ExpressionAttributeValues=PARTITION, ConsistentRead=True)
    assert page["Items"] == [item]
