# SPDX-License-Identifier: Apache-2.0
"""Numbers are compared by value, however they are spelled, and none of their 38 digits is lost. The
oracle is Python's decimal module with 300 digits.
"""

import decimal
import random

import pytest
from errors import VALIDATION, refused
from values import NS, L, M, N, S

KEY = {"pk": S("a")}
ONE_IN_MANY = ["1", "1.0", "+1", "01", "1e0", "10e-1", "0.1E1", "100e-2", "1.", "0000001.00000"]
LARGEST = "9.9999999999999999999999999999999999999e125"
EXACT = decimal.Context(prec=300, Emax=400, Emin=-400)


def fits(number):
    """Whether DynamoDB can hold a decimal.Decimal."""
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if not digits:
        return True
    return len(digits) <= 38 and -130 <= number.adjusted() <= 125


def plain(number):
    """A number as DynamoDB writes it: no exponent and no superfluous zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def holds(table, condition, **values):
    try:
        table.put(KEY_ITEM, ConditionExpression=condition,
                  ExpressionAttributeValues={f":{name}": value for name, value in values.items()})
    except table.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


KEY_ITEM = {**KEY, "n": N(1), "zero": N(0), "s": NS(1, 2), "l": L(N(1), S("x")), "m": M(a=N(1))}


@pytest.mark.parametrize("spelling", ONE_IN_MANY)
def test_one_number_in_any_spelling(table, spelling):
    table.put(KEY_ITEM)
    n = N(spelling)
    assert holds(table, "n = :n AND NOT n <> :n", n=n)
    assert holds(table, "n <= :n AND n >= :n AND NOT n < :n AND NOT n > :n", n=n)
    assert holds(table, "n IN (:x, :n) AND n BETWEEN :n AND :n", n=n, x=S("x"))
    assert holds(table, "contains(s, :n) AND contains(l, :n)", n=n)
    assert holds(table, "s = :s", s=NS(2, spelling))
    assert holds(table, "l = :l AND m = :m", l=L(n, S("x")), m=M(a=n))
    assert holds(table, "m.a = :n AND l[0] = :n AND size(s) > :n", n=n)


def test_zeros_are_one_number(table):
    table.put(KEY_ITEM)
    for spelling in ("-0", "0.000", "0e125", "0e-130", "-0.0e5", ".0"):
        assert holds(table, "zero = :z AND zero < n", z=N(spelling))


@pytest.mark.parametrize("low, high", [
    ("12345678901234567890123456789012345677", "12345678901234567890123456789012345678"),
    ("0.99999999999999999999999999999999999999", "1"),
    ("1", "1.0000000000000000000000000000000000001"),
    ("-1.0000000000000000000000000000000000001", "-1"),
    ("9007199254740992", "9007199254740993"),  # equal as doubles
    ("1e-130", "2e-130"), ("0", "1e-130"), ("-1e-130", "0"),
    ("-" + LARGEST, LARGEST), ("9e124", "1e125"), ("-1e125", "-9e124"),
    ("99", "100"), ("9.9", "10"), ("-100", "-99"),
])
def test_neighbours_are_told_apart(make_table, low, high):
    table = make_table("pk:S", "sk:N")
    for number in (high, low):
        table.put({"pk": S("a"), "sk": N(number), "n": N(number)})
    reply = table.client.query(
        TableName=table.name, KeyConditionExpression="pk = :p AND sk < :h", ConsistentRead=True,
        ExpressionAttributeValues={":p": S("a"), ":h": N(high)})
    assert [item["sk"] for item in reply["Items"]] == [N(plain(decimal.Decimal(low)))]
    reply = table.client.scan(
        TableName=table.name, FilterExpression="n > :l", ConsistentRead=True,
        ExpressionAttributeValues={":l": N(low)})
    assert [item["n"] for item in reply["Items"]] == [N(plain(decimal.Decimal(high)))]


@pytest.mark.parametrize("before, expression, operand, after", [
    ("0.1", "SET n = n + :v", "0.2", "0.3"),
    ("0.9", "ADD n :v", "0.1", "1"),
    ("5", "ADD n :v", "-5", "0"),
    ("-0.5", "SET n = :v - n", "0.5", "1"),
    ("9" * 38, "ADD n :v", "1", "1" + "0" * 38),
    ("1" + "0" * 37, "SET n = n - :v", "1", "9" * 37),
    ("1e37", "ADD n :v", "1", "1" + "0" * 36 + "1"),
    ("1e-130", "ADD n :v", "1e-130", "0." + "0" * 129 + "2"),
    ("1e125", "ADD n :v", "-1e125", "0"),
    (LARGEST, "ADD n :v", "0", "9" * 38 + "0" * 88),
    ("12345678901234567890.123456789012345678", "ADD n :v", "-12345678901234567890",
     "0.123456789012345678"),
    ("9007199254740992", "ADD n :v", "1", "9007199254740993"),
])
def test_arithmetic_is_exact(table, before, expression, operand, after):
    table.put({**KEY, "n": N(before)})
    reply = table.update(KEY, expression, {":v": N(operand)}, ReturnValues="UPDATED_NEW")
    assert reply["Attributes"] == {"n": N(after)}
    assert table.get(KEY)["n"] == N(after)


@pytest.mark.parametrize("before, operand", [
    (LARGEST, "1e88"), ("9e125", "1e125"), ("1e38", "0.1"), ("1e125", "1"), ("1", "1e-130"),
    ("-" + LARGEST, "-1e88")])
def test_result_that_no_number_holds(table, before, operand):
    table.put({**KEY, "n": N(before)})
    stored = table.get(KEY)
    for expression in ("ADD n :v", "SET n = n + :v"):
        with refused(VALIDATION):
            table.update(KEY, expression, {":v": N(operand)})
        assert table.get(KEY) == stored


def test_random_numbers_against_python(make_table):
    """Tests the written form, the order as keys and the exact sums of numbers of all lengths and
    magnitudes.
    """
    seed = random.randrange(1 << 32)
    source = random.Random(seed)
    table = make_table("pk:S", "sk:N")

    def number():
        digits = str(source.randrange(1, 10 ** source.randint(1, 38)))
        exponent = source.randint(-130, 125 - len(digits))
        return source.choice(["", "-", "+"]) + digits + f"E{exponent:+d}"

    spellings = [number() for _ in range(60)] + ["0"]
    values = [decimal.Decimal(text) for text in spellings]
    for text in spellings:
        table.put({"pk": S("order"), "sk": N(text)})
    reply = table.client.query(TableName=table.name, KeyConditionExpression="pk = :p",
                               ExpressionAttributeValues={":p": S("order")})
    assert [item["sk"]["N"] for item in reply["Items"]] == [
        plain(value) for value in sorted(set(values))], f"seed {seed}"
    key = {"pk": S("sum"), "sk": N(0)}
    for left, right in zip(spellings, reversed(spellings), strict=False):
        table.put({**key, "n": N(left)})
        total = EXACT.add(decimal.Decimal(left), decimal.Decimal(right))
        if fits(total):
            table.update(key, "ADD n :v", {":v": N(right)})
            assert table.get(key)["n"]["N"] == plain(total), f"seed {seed}"
        else:
            with refused(VALIDATION):
                table.update(key, "ADD n :v", {":v": N(right)})
