# SPDX-License-Identifier: Apache-2.0
"""TransactWriteItems: its four actions, over several tables and their indexes."""

import pytest
from indexes import contents as index_contents
from indexes import index, indexed_table
from reading import scan
from transactions import NONE, canceled, check, delete, failed, put, update, write
from values import SS, B, L, M, N, S


def key(name):
    return {"pk": S(name)}


def contents(table):
    return sorted(scan(table)["Items"], key=lambda item: item["pk"]["S"])


class TestActions:
    def test_put(self, table):
        table.put({**key("b"), "old": S("x"), "both": N(1)})
        reply = write(table.client, put(table, {**key("a"), "doc": M(x=SS("a", "b"))}),
                      put(table, {**key("b"), "both": N("2.50")}))
        assert reply == {}
        assert contents(table) == [
            {**key("a"), "doc": M(x=SS("a", "b"))}, {**key("b"), "both": N("2.5")}]

    def test_update(self, table):
        table.put({**key("a"), "n": N(1), "l": L(N(1)), "gone": S("x")})
        write(table.client,
              update(table, key("a"), "SET n = n + :n, l[1] = :n REMOVE gone ADD tags :s",
                     {":n": N(2), ":s": SS("t")}),
              update(table, key("new"), "SET x = if_not_exists(x, :n)", {":n": N(5)}),
              update(table, key("not there"), "REMOVE x"))
        assert contents(table) == [
            {**key("a"), "n": N(3), "l": L(N(1), N(2)), "tags": SS("t")},
            {**key("new"), "x": N(5)}]

    def test_delete(self, table):
        for name in "abc":
            table.put(key(name))
        write(table.client, delete(table, key("a")), delete(table, key("not there")),
              delete(table, key("c"), "attribute_exists(pk)"))
        assert contents(table) == [key("b")]

    def test_condition_check_changes_nothing(self, table):
        table.put({**key("a"), "n": N(5)})
        assert write(table.client, check(table, key("a"), "n > :n", {":n": N(4)}),
                     check(table, key("not there"), "attribute_not_exists(pk)")) == {}
        assert contents(table) == [{**key("a"), "n": N(5)}]

    def test_all_four(self, table):
        table.put({**key("delete"), "n": N(1)})
        table.put({**key("check"), "n": N(2)})
        table.put({**key("update"), "n": N(3)})
        write(table.client,
              put(table, key("put"), "attribute_not_exists(pk)"),
              delete(table, key("delete"), "n = :n", {":n": N(1)}),
              check(table, key("check"), "#n = :n", {":n": N(2)},
                    ExpressionAttributeNames={"#n": "n"}),
              update(table, key("update"), "SET n = :new", {":new": N(4), ":n": N(3)}, "n = :n"))
        assert contents(table) == [
            {**key("check"), "n": N(2)}, key("put"), {**key("update"), "n": N(4)}]

    def test_put_takes_values_without_a_condition(self, table):
        """AWS accepts this; Delete and Update refuse it."""
        write(table.client, put(table, key("a"), values={":unused": N(1)}))
        assert contents(table) == [key("a")]

    def test_conditions_see_the_items_before(self, table):
        """Conditions see the items as they were before all actions."""
        table.put({**key("a"), "n": N(1)})
        write(table.client, update(table, key("a"), "SET n = :two", {":two": N(2), ":one": N(1)},
                                   "n = :one"),
              check(table, key("b"), "attribute_not_exists(pk)"))
        with canceled(failed(), NONE):
            write(table.client, check(table, key("b")), put(table, key("c")))
        assert contents(table) == [{**key("a"), "n": N(2)}]


class TestAllOrNothing:
    @pytest.mark.parametrize("place", [0, 2, 4])
    def test_one_failed_condition(self, table, place):
        table.put({**key("deleted"), "n": N(1)})
        table.put({**key("updated"), "n": N(1)})
        before = contents(table)
        actions = [put(table, key("new")), delete(table, key("deleted")),
                   update(table, key("updated"), "SET n = :n", {":n": N(2)}),
                   put(table, {**key("newer"), "n": N(1)})]
        actions.insert(place, check(table, key("not there")))
        reasons = [NONE] * 4
        reasons.insert(place, failed())
        with canceled(*reasons):
            write(table.client, *actions)
        assert contents(table) == before

    def test_over_tables(self, make_table):
        first, second = make_table(), make_table()
        second.put(key("a"))
        with canceled(NONE, failed()):
            write(first.client, put(first, key("a")),
                  put(second, {**key("a"), "n": N(1)}, "attribute_not_exists(pk)"))
        assert (contents(first), contents(second)) == ([], [key("a")])

    def test_update_that_cannot_run(self, table):
        with canceled(NONE, {"Code": "ValidationError", "Message": (
                "The provided expression refers to an attribute that does not exist in the item")}):
            write(table.client, put(table, key("a")),
                  update(table, key("b"), "SET n = n + :n", {":n": N(1)}))
        assert contents(table) == []


class TestTables:
    def test_several(self, make_table):
        hashed, binary = make_table(), make_table("pk:S", "sk:B")
        binary.put({"pk": S("a"), "sk": B(b"\x00")})
        write(hashed.client, put(hashed, key("a")), put(binary, {"pk": S("a"), "sk": B(b"\xff")}),
              delete(binary, {"pk": S("a"), "sk": B(b"\x00")}), put(hashed, key("b")))
        assert contents(hashed) == [key("a"), key("b")]
        assert contents(binary) == [{"pk": S("a"), "sk": B(b"\xff")}]

    def test_same_key_in_two_tables(self, make_table):
        tables = [make_table(), make_table()]
        write(tables[0].client, *(put(table, key("a")) for table in tables))
        assert [contents(table) for table in tables] == [[key("a")]] * 2

    def test_arn_as_name(self, make_table):
        first, second = make_table(), make_table()
        second.put({**key("u"), "n": N(1)})
        arns = [table.describe()["TableArn"] for table in (first, second)]
        write(first.client, put(arns[0], key("a")),
              check(arns[0], key("b"), "attribute_not_exists(pk)"),
              update(arns[1], key("u"), "ADD n :n", {":n": N(1)}), delete(arns[1], key("d")))
        assert contents(first) == [key("a")]
        assert contents(second) == [{**key("u"), "n": N(2)}]


class TestIndexes:
    @pytest.fixture
    def indexed(self, dynamodb):
        with indexed_table(
                dynamodb, "pk:S", "sk:N", more=["g:S", "l:S"], gsi=[index("gsi", "g")],
                lsi=[index("lsi", "pk", "l", "KEYS_ONLY")]) as made:
            yield made

    def item(self, number, **more):
        return {"pk": S("p"), "sk": N(number), **more}

    def test_follow(self, indexed):
        for number in (1, 2, 3):
            indexed.put(self.item(number, g=S("g"), l=S("l")))
        write(indexed.client,
              put(indexed, self.item(1, g=S("other"))),
              update(indexed, self.item(2), "SET l = :l REMOVE g", {":l": S("moved")}),
              delete(indexed, self.item(3)),
              put(indexed, self.item(4, g=S("g"), l=S("new"), x=N(1))))
        assert index_contents(indexed, "gsi") == [
            self.item(4, g=S("g"), l=S("new"), x=N(1)), self.item(1, g=S("other"))]
        assert index_contents(indexed, "lsi") == [
            self.item(2, l=S("moved")), self.item(4, l=S("new"))]

    def test_stay_when_a_transaction_is_canceled(self, indexed):
        indexed.put(self.item(1, g=S("g"), l=S("l")))
        with canceled(NONE, NONE, failed()):
            write(indexed.client, delete(indexed, self.item(1)),
                  put(indexed, self.item(2, g=S("h"), l=S("l"))),
                  check(indexed, self.item(3)))
        assert index_contents(indexed, "gsi") == [self.item(1, g=S("g"), l=S("l"))]
        assert index_contents(indexed, "lsi") == [self.item(1, l=S("l"))]
