# SPDX-License-Identifier: Apache-2.0
"""TransactGetItems: items of several tables as they are at one moment, and refused requests."""

import pytest
from errors import NOT_VALID, ONE, VALIDATION, constraint, refused
from raw_call import raw_call
from transactions import NONE, canceled, get, invalid, read
from values import SS, B, L, M, N, S

TABLE = "weir-no-such-table"
NO_MATCH = "The provided key element does not match the schema"
PATTERN = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"


def key(name):
    return {"pk": S(name)}


class TestItems:
    def test_in_the_order_of_the_request(self, table):
        items = {name: {**key(name), "n": N(number)} for number, name in enumerate("abc")}
        for item in items.values():
            table.put(item)
        assert read(table.client, *(get(table, key(name)) for name in "cab")) == [
            items["c"], items["a"], items["b"]]

    def test_all_types(self, table):
        item = {**key("a"), "b": B(b"\x00"), "l": L(N("1.5"), SS("x", "y")), "m": M(a=M())}
        table.put(item)
        assert read(table.client, get(table, key("a"))) == [item]

    def test_missing(self, endpoint, table):
        table.put(key("a"))
        assert read(table.client, get(table, key("x")), get(table, key("a"))) == [None, key("a")]
        status, answer = raw_call(endpoint, "TransactGetItems", {
            "TransactItems": [get(table, key("x")), get(table, key("y"))]})
        assert (status, answer) == (200, {"Responses": [{}, {}]})

    def test_several_tables(self, make_table):
        hashed, sorted_table = make_table(), make_table("pk:S", "sk:N")
        hashed.put({**key("a"), "n": N(1)})
        sorted_table.put({**key("a"), "sk": N(1), "n": N(2)})
        assert read(hashed.client, get(sorted_table, {**key("a"), "sk": N("1.0")}),
                    get(hashed, key("a")), get(sorted_table, {**key("a"), "sk": N(2)})) == [
            {**key("a"), "sk": N(1), "n": N(2)}, {**key("a"), "n": N(1)}, None]

    def test_arn_as_name(self, table):
        table.put(key("a"))
        assert read(table.client, get(table.describe()["TableArn"], key("a"))) == [key("a")]

    def test_hundred(self, table):
        table.put(key("42"))
        items = read(table.client, *(get(table, key(str(number))) for number in range(100)))
        assert [number for number, item in enumerate(items) if item] == [42]
        assert len(items) == 100


class TestProjections:
    ITEM = {**key("a"), "n": N(1), "doc": M(x=N(2), y=L(N(3), N(4), N(5)))}

    @pytest.mark.parametrize("projection, expected", [
        ("n", {"n": N(1)}),
        ("pk, doc.x", {**key("a"), "doc": M(x=N(2))}),
        ("doc.y[2], doc.y[0]", {"doc": M(y=L(N(3), N(5)))}),
        ("n, absent", {"n": N(1)}),
    ])
    def test_show_what_they_name(self, table, projection, expected):
        table.put(self.ITEM)
        assert read(table.client, get(table, key("a"), projection)) == [expected]

    def test_without_a_match_show_no_item(self, endpoint, table):
        table.put(self.ITEM)
        status, answer = raw_call(endpoint, "TransactGetItems", {"TransactItems": [
            get(table, key("a"), "absent, doc.absent"), get(table, key("x"), "n")]})
        assert (status, answer) == (200, {"Responses": [{}, {}]})

    def test_each_its_own(self, table):
        for name in "ab":
            table.put({**self.ITEM, **key(name)})
        names = {"#n": "n"}
        assert read(table.client, get(table, key("a"), "#n", ExpressionAttributeNames=names),
                    get(table, key("b"), "doc.#x", ExpressionAttributeNames={"#x": "x"})) == [
            {"n": N(1)}, {"doc": M(x=N(2))}]


class TestRefusals:
    @pytest.mark.parametrize("projection, names, message", [
        ("", None, "Invalid ProjectionExpression: The expression can not be empty;"),
        ("a,", None, 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","'),
        ("!!!", None, 'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"'),
        ("a, a", None, "Invalid ProjectionExpression: Two document paths overlap with each other; "
         "must remove or rewrite one of these paths; path one: [a], path two: [a]"),
        ("#a", None, "Invalid ProjectionExpression: An expression attribute name used in the "
         "document path is not defined; attribute name: #a"),
        ("a", {"#a": "a"},
         "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"),
        ("a", {}, "ExpressionAttributeNames must not be empty"),
        (None, {"#a": "a"},
         "ExpressionAttributeNames can only be specified when using expressions"),
    ], ids=["empty", "syntax", "marks", "overlap", "undefined", "unused", "no names", "no text"])
    def test_projections(self, unchecked, table, projection, names, message):
        more = {} if names is None else {"ExpressionAttributeNames": names}
        wrong = get(TABLE, key("a"), projection, **more)
        with refused(VALIDATION, message):
            read(unchecked, get(table, key("a")), wrong)

    def test_one_item_twice(self, make_table):
        table = make_table("pk:S", "sk:N")
        with refused(VALIDATION,
                     "Transaction request cannot include multiple operations on one item"):
            read(table.client, get(table, {**key("a"), "sk": N(1)}, "a"),
                 get(TABLE, key("a")), get(table, {**key("a"), "sk": N("1.0")}))

    def test_empty_keys(self, table):
        with refused(VALIDATION, NOT_VALID + "The AttributeValue for a key attribute cannot "
                     "contain an empty string value. Key: pk"):
            read(table.client, get(TABLE, key("a")), get(table, key("")))

    def test_missing_table(self, table):
        for gets in ([get(table, key("a")), get(TABLE, key("a"))],
                     [get(TABLE, key("a")), get(table, {"x": S("a")})]):
            with refused("ResourceNotFoundException", "Requested resource not found"):
                read(table.client, *gets)

    @pytest.mark.parametrize("wrong", [
        {"x": S("a")}, {"pk": N(1)}, {"pk": S("a"), "x": S("a")}, {}], ids=str)
    def test_keys_that_do_not_fit_cancel(self, table, wrong):
        with canceled(NONE, invalid(NO_MATCH), NONE):
            read(table.client, get(table, key("a")), get(table, wrong), get(table, {"y": S("a")}))

    def test_answers_of_more_than_4_mb(self, table):
        for number in range(11):
            table.put({**key(str(number)), "v": S("x" * 400_000)})
        keys = [get(table, key(str(number)), "pk") for number in range(11)]
        assert len(read(table.client, *keys[:10])) == 10
        with refused(VALIDATION):
            read(table.client, *keys)


class TestMembers:
    CAPACITY = constraint(
        "'X'", "returnConsumedCapacity", "satisfy enum value set: [INDEXES, TOTAL, NONE]")

    def test_no_list(self, endpoint):
        status, answer = raw_call(endpoint, "TransactGetItems", {})
        assert (status, answer["message"]) == (
            400, ONE + constraint("null", "transactItems", "not be null"))

    def test_no_reads(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "'[]'", "transactItems", "have length greater than or equal to 1")):
            read(unchecked)

    def test_more_than_100_reads(self, dynamodb):
        with refused(VALIDATION) as refusal:
            read(dynamodb, *(get(TABLE, key(str(number))) for number in range(101)))
        assert refusal.message.startswith(ONE + "Value '[TransactGetItem(get=Get(key={pk="
                                          "AttributeValue(s=0, n=null, b=null, ")
        assert refusal.message.endswith("' at 'transactItems' failed to satisfy constraint: Member "
                                        "must have length less than or equal to 100")

    def test_no_get(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "null", "transactItems.2.member.get", "not be null")):
            read(unchecked, get(TABLE, key("a")), {})

    def test_joined(self, unchecked):
        path = "transactItems.1.member.get.tableName"
        with refused(VALIDATION) as refusal:
            read(unchecked, get("a;", key("a")), ReturnConsumedCapacity="X")
        head, clauses = refusal.message.split(": ", 1)
        assert head == "3 validation errors detected"
        assert sorted(clauses.split("; ")) == sorted([
            constraint("'a;'", path, "have length greater than or equal to 3"),
            constraint("'a;'", path, PATTERN), self.CAPACITY])
