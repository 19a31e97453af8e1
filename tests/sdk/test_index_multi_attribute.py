# SPDX-License-Identifier: Apache-2.0
"""Global secondary indexes whose keys have up to four partition and four sort attributes."""

import itertools

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from indexes import contents, index, indexed, indexed_table, query_index
from reading import column
from values import B, N, S

ATTRIBUTES = ["a:S", "b:N", "c:B", "d:S", "e:N", "f:S", "g:B", "h:N"]
LETTERS = "abcdefgh"
# The values of each attribute, in ascending order.
VALUES = {
    "a": [S("x"), S("x\0"), S("y")],
    "b": [N("-1.5"), N(0), N(20)],
    "c": [B(b"\0"), B(b"\0\0"), B(b"\xff")],
    "d": [S("1"), S("1\0"), S("10"), S("2")],
    "e": [N(-2), N("-0.5"), N(3), N(10)],
    "f": [S("\0"), S("a"), S("ab")],
    "g": [B(b"\0\xff"), B(b"\x01"), B(b"\x01\0"), B(b"\xff")],
    "h": [N(-1), N(1)],
}


def every(letters, **fixed):
    """Items with all combinations of the values of `letters`, in the order of an index on them."""
    choices = [[fixed[letter]] if letter in fixed else VALUES[letter] for letter in letters]
    return [dict(zip(letters, values, strict=False)) for values in itertools.product(*choices)]


def numbered(items):
    """The items with the table's key added: their place in the index, as a number."""
    return [{"pk": S(str(place)), **item} for place, item in enumerate(items)]


def shuffled(items):
    return items[1::2] + items[::2][::-1]


class TestShapes:
    """1 to 4 partition and 0 to 4 sort attributes."""

    @pytest.mark.parametrize("hashes", [1, 2, 3, 4])
    @pytest.mark.parametrize("ranges", [0, 1, 2, 3, 4])
    def test_each(self, dynamodb, hashes, ranges):
        partition, sort = LETTERS[:hashes], LETTERS[4:4 + ranges]
        first = {letter: VALUES[letter][0] for letter in partition}
        items = numbered(every(partition + sort, **first))[:200]
        others = [{"pk": S(f"other {letter}"), **items[0], letter: VALUES[letter][1]}
                  for letter in partition]
        others = [{**item, "pk": S(f"other {place}")} for place, item in enumerate(others)]
        with indexed_table(
                dynamodb, "pk:S", more=[name for name in ATTRIBUTES if name[0] in partition + sort],
                items=shuffled(items),
                gsi=[index("wide", " ".join(partition), " ".join(sort))]) as table:
            for other in others:
                table.put(other)
            described = table.describe()["GlobalSecondaryIndexes"][0]
            assert described["KeySchema"] == index("wide", " ".join(partition),
                                                   " ".join(sort))["KeySchema"]
            condition = " AND ".join(f"{letter} = :{letter}" for letter in partition)
            values = {f":{letter}": first[letter] for letter in partition}
            expected = [item["pk"]["S"] for item in items]
            forward = query_index(table, "wide", condition, values)
            backward = query_index(table, "wide", condition, values, ScanIndexForward=False)
            if len(items) == 1:
                # Without sort attributes, the order within a partition is undefined.
                assert column(forward, "pk") == column(backward, "pk") == expected
            else:
                assert column(forward, "pk") == expected
                assert column(backward, "pk") == expected[::-1]
            assert len(contents(table, "wide")) == len(items) + len(others)


@pytest.fixture(scope="module")
def wide(dynamodb):
    """A table with an index "wide" over (a, b; d, e, f). The partition ("x", 0) has all values of
    d, e and f, and there are some items in other partitions.
    """
    items = numbered(every("abdef", a=S("x"), b=N(0)))
    elsewhere = [{**item, "pk": S(f"{item['pk']['S']} {a['S']!r} {b['N']}"), "a": a, "b": b}
                 for item in items[::9]
                 for a, b in ((S("x"), N(20)), (S("y"), N(0)), (S("x\0"), N(0)))]
    sparse = [{key: value for key, value in {**items[0], "pk": S(f"no {letter}")}.items()
               if key != letter} for letter in "abdef"]
    with indexed_table(
            dynamodb, "pk:S", more=["a:S", "b:N", "d:S", "e:N", "f:S"],
            items=shuffled(items) + elsewhere + sparse,
            gsi=[index("wide", "a b", "d e f"),
                 index("keys", "a b", "d", "KEYS_ONLY")]) as table:
        table.items = items
        table.elsewhere = elsewhere
        yield table


PARTITION = {":a": S("x"), ":b": N(0)}


def find(table, condition="", values=None, **parameters):
    """The places of the items that a query of the partition ("x", 0) finds."""
    whole = "a = :a AND b = :b" + (f" AND {condition}" if condition else "")
    page = query_index(table, "wide", whole, {**PARTITION, **(values or {})}, **parameters)
    return column(page, "pk")


def places(table, matches):
    return [item["pk"]["S"] for item in table.items if matches(item)]


def test_only_items_with_all_key_attributes(wide):
    assert len(contents(wide, "wide")) == len(wide.items) + len(wide.elsewhere)
    # "keys" does not need the attributes e and f, so it has two more items.
    assert len(contents(wide, "keys")) == len(wide.items) + len(wide.elsewhere) + 2
    assert all(set(item) == {"pk", "a", "b", "d"} for item in contents(wide, "keys"))


class TestConditions:
    def test_partition_alone(self, wide):
        assert find(wide) == places(wide, lambda item: True)

    def test_any_order_of_text(self, wide):
        page = query_index(wide, "wide", "f = :f AND b = :b AND :d = d AND e = :e AND a = :a", {
            **PARTITION, ":d": S("1\0"), ":e": N(3), ":f": S("a")})
        assert column(page, "pk") == places(
            wide, lambda item: (item["d"], item["e"], item["f"]) == (S("1\0"), N(3), S("a")))

    def test_parentheses(self, wide):
        page = query_index(wide, "wide", "(a = :a) AND (b = :b AND (d = :d))",
                           {**PARTITION, ":d": S("2")})
        assert column(page, "pk") == places(wide, lambda item: item["d"] == S("2"))

    @pytest.mark.parametrize("given", ["d", "de", "def"])
    def test_leading_sort_attributes(self, wide, given):
        for values in every(given):
            condition = " AND ".join(f"{letter} = :{letter}" for letter in given)
            found = find(wide, condition, {f":{name}": value for name, value in values.items()})
            assert found == places(
                wide, lambda item: all(item[name] == value for name, value in values.items()))

    @pytest.mark.parametrize("prefix, last", [("", "d"), ("d", "e"), ("de", "f")])
    @pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "BETWEEN"])
    @pytest.mark.parametrize("forward", [True, False])
    def test_range_on_the_last(self, wide, prefix, last, operator, forward):
        fixed = {letter: VALUES[letter][1] for letter in prefix}
        order = VALUES[last]
        for low, bound in enumerate(order):
            high = len(order) - 1 if operator == "BETWEEN" else low
            keep = {"<": range(low), "<=": range(low + 1), ">": range(low + 1, len(order)),
                    ">=": range(low, len(order)), "BETWEEN": range(low, high + 1)}[operator]
            values = {f":{name}": value for name, value in fixed.items()}
            values[":low"] = bound
            text = f"{last} {operator} :low"
            if operator == "BETWEEN":
                text += " AND :high"
                values[":high"] = order[high]
            condition = " AND ".join([*(f"{name} = :{name}" for name in fixed), text])
            expected = places(wide, lambda item: order.index(item[last]) in keep and all(
                item[name] == value for name, value in fixed.items()))
            found = find(wide, condition, values, ScanIndexForward=forward)
            assert found == (expected if forward else expected[::-1])

    @pytest.mark.parametrize("prefix", ["1", "1\0", "10", "2", "3"])
    def test_begins_with(self, wide, prefix):
        found = find(wide, "begins_with(d, :d)", {":d": S(prefix)})
        assert found == places(wide, lambda item: item["d"]["S"].startswith(prefix))

    def test_begins_with_on_the_last(self, wide):
        found = find(wide, "d = :d AND e = :e AND begins_with(f, :f)",
                     {":d": S("1"), ":e": N(3), ":f": S("a")})
        assert found == places(
            wide, lambda item: item["d"] == S("1") and item["e"] == N(3)
            and item["f"]["S"].startswith("a"))

    def test_key_conditions(self, wide):
        """The legacy parameter works, too."""
        def equal(value):
            return {"AttributeValueList": [value], "ComparisonOperator": "EQ"}
        page = wide.client.query(TableName=wide.name, IndexName="wide", KeyConditions={
            "a": equal(S("x")), "b": equal(N(0)), "d": equal(S("1")),
            "e": {"AttributeValueList": [N(0)], "ComparisonOperator": "GT"}})
        assert column(page, "pk") == places(
            wide, lambda item: item["d"] == S("1") and float(item["e"]["N"]) > 0)


class TestConditionFaults:
    @pytest.mark.parametrize("condition, values", [
        ("a = :a", {":a": S("x")}),
        ("a = :a AND b > :b", {":a": S("x"), ":b": N(0)}),
        ("b = :b", {":b": N(0)}),
        ("a = :a AND d = :d", {":a": S("x"), ":d": S("1")}),
        ("begins_with(a, :a) AND b = :b", {":a": S("x"), ":b": N(0)}),
    ])
    def test_partition_not_whole(self, wide, condition, values):
        with refused(VALIDATION) as refusal:
            query_index(wide, "wide", condition, values)
        assert refusal.message.startswith("HASH key attributes ")
        assert refusal.message.endswith(" must have equality conditions specified in the query")

    @pytest.mark.parametrize("condition, missing, present", [
        ("e = :e", "d", "e"),
        ("d = :d AND f = :f", "e", "f"),
        ("f > :f", "d, e", "f"),
        ("f > :f AND e = :e", "d", "f"),
        ("d > :d AND e = :e", "d", "e"),
        ("d = :d AND e < :e AND f = :f", "e", "f"),
        ("begins_with(d, :d) AND e = :e", "d", "e"),
    ])
    def test_gap_before_a_sort_attribute(self, wide, condition, missing, present):
        values = {":d": S("1"), ":e": N(3), ":f": S("a")}
        used = {name: value for name, value in values.items() if name in condition}
        with refused(VALIDATION) as refusal:
            find(wide, condition, used)
        assert refusal.message == (
            f"RANGE key attributes {missing} must have equality conditions specified in the query "
            f"because a condition is present on key attribute {present}")

    def test_wrong_type(self, wide):
        with refused(VALIDATION, INVALID + "Condition parameter type does not match schema type"):
            find(wide, "d = :d AND e = :e", {":d": S("1"), ":e": S("3")})

    def test_attribute_that_is_no_key(self, wide):
        with refused(VALIDATION):
            find(wide, "pk = :p", {":p": S("1")})

    def test_filter_on_a_key(self, wide):
        for name in "abdef":
            with refused(VALIDATION, "Filter Expression can only contain non-primary key "
                         f"attributes: Primary key attribute: {name}"):
                find(wide, FilterExpression=f"attribute_exists({name})")


class TestPaging:
    @pytest.mark.parametrize("limit", [1, 7])
    @pytest.mark.parametrize("forward", [True, False])
    def test_pages_join_to_the_whole(self, wide, limit, forward):
        found, start = [], {}
        while True:
            page = query_index(
                wide, "wide", "a = :a AND b = :b AND d = :d", {**PARTITION, ":d": S("1")},
                Limit=limit, ScanIndexForward=forward, **start)
            found += column(page, "pk")
            if "LastEvaluatedKey" not in page:
                break
            last = page["Items"][-1]
            assert page["LastEvaluatedKey"] == last
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        expected = places(wide, lambda item: item["d"] == S("1"))
        assert found == (expected if forward else expected[::-1])

    def test_key_of_a_page(self, wide):
        """LastEvaluatedKey has all attributes of the index's key and the table's, whatever is
        projected.
        """
        page = query_index(wide, "wide", "a = :a AND b = :b", PARTITION, Limit=1,
                           ProjectionExpression="e")
        assert set(page["LastEvaluatedKey"]) == {"a", "b", "d", "e", "f", "pk"}

    @pytest.mark.parametrize("missing", ["pk", "a", "b", "d", "e", "f"])
    def test_start_key_without_an_attribute(self, wide, missing):
        start = {name: value for name, value in wide.items[0].items() if name != missing}
        with refused(VALIDATION, "The provided starting key is invalid"):
            query_index(wide, "wide", "a = :a AND b = :b", PARTITION, ExclusiveStartKey=start)

    def test_start_key_of_another_partition(self, wide):
        with refused(VALIDATION, "The provided starting key is outside query boundaries based on "
                     "provided conditions"):
            query_index(wide, "wide", "a = :a AND b = :b", PARTITION,
                        ExclusiveStartKey={**wide.items[0], "b": N(20)})

    @pytest.mark.parametrize("condition, values, start", [
        ("d = :d", {":d": S("1")}, {"d": S("10")}),
        ("d = :d AND e > :e", {":d": S("1"), ":e": N(0)}, {"d": S("1"), "e": N(-2)}),
        ("d < :d", {":d": S("10")}, {"d": S("10")}),
    ])
    def test_start_key_outside_the_conditions(self, wide, condition, values, start):
        with refused(VALIDATION, "The provided starting key does not match the range key "
                     "predicate"):
            query_index(wide, "wide", f"a = :a AND b = :b AND {condition}",
                        {**PARTITION, **values}, ExclusiveStartKey={**wide.items[0], **start})


# Key schemas that are refused: the partition attributes, the sort attributes, and the text.
REFUSED = {
    "five partition attributes": (
        "a b c d e", "", INVALID + "The KeySchema exceeds the maximum allowed number of HASH key "
        "attributes"),
    "five sort attributes": (
        "a", "d e f g h", INVALID + "The KeySchema exceeds the maximum allowed number of RANGE key "
        "attributes"),
    "one attribute twice in the partition": (
        "a b a", "", "The KeySchema contains multiple key attributes with the same name"),
    "one attribute twice in the sort key": (
        "a", "d e d", "The KeySchema contains multiple key attributes with the same name"),
    "one attribute in both": (
        "a b", "a", "The KeySchema contains multiple key attributes with the same name"),
}


@pytest.mark.parametrize("partition, sort, message", REFUSED.values(), ids=REFUSED.keys())
def test_refused_key_schema(unchecked, fresh_name, partition, sort, message):
    used = [name for name in ATTRIBUTES if name[0] in partition + sort]
    with refused(VALIDATION, message):
        unchecked.create_table(
            **indexed(fresh_name, "pk:S", more=used, gsi=[index("wide", partition, sort)]))


def test_partition_after_sort_attributes(unchecked, fresh_name):
    mixed = index("wide", "a b", "d")
    mixed["KeySchema"].append(mixed["KeySchema"].pop(1))
    with refused(VALIDATION, INVALID + "All HASH key attributes must precede RANGE key attributes "
                 "in the KeySchema"):
        unchecked.create_table(
            **indexed(fresh_name, "pk:S", more=["a:S", "b:N", "d:S"], gsi=[mixed]))


def test_nine_attributes(unchecked, fresh_name):
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**indexed(
            fresh_name, "pk:S", more=ATTRIBUTES, gsi=[index("wide", "a b c d", "e f g h pk")]))
    assert refusal.message.startswith(ONE + "Value '[KeySchemaElement(attributeName=a, ")
    assert refusal.message.endswith(
        " at 'globalSecondaryIndexes.1.member.keySchema' failed to satisfy constraint: Member must "
        "have length less than or equal to 8")


def test_moves_with_any_of_its_attributes(dynamodb):
    """A change of any key attribute moves the item, and its removal removes the entry."""
    item = {"pk": S("1"), **{letter: values[0] for letter, values in VALUES.items()}}
    with indexed_table(dynamodb, "pk:S", more=ATTRIBUTES,
                       gsi=[index("wide", "a b c d", "e f g h")]) as table:
        for letter in LETTERS:
            table.put(item)
            table.update({"pk": S("1")}, "SET #k = :v", {":v": VALUES[letter][1]},
                         ExpressionAttributeNames={"#k": letter})
            assert contents(table, "wide") == [{**item, letter: VALUES[letter][1]}]
            table.update({"pk": S("1")}, "REMOVE #k", ExpressionAttributeNames={"#k": letter})
            assert contents(table, "wide") == []
