# SPDX-License-Identifier: Apache-2.0
"""Expressions, names and key values that are just within their limits. What is beyond them is
refused as tests/vectors/errors.json says."""

import pytest
from reading import query
from values import N, S

KEY = {"pk": S("a")}
LONGEST = 4096


class TestCondition:
    def holds(self, table, expression, values=None):
        parameters = {"ExpressionAttributeValues": values} if values else {}
        table.delete(KEY, ConditionExpression=expression, **parameters)

    def test_operators(self, table):
        """300: 150 comparisons, 149 ORs and a NOT."""
        terms = ["NOT a = :n"] + ["a <> :n"] * 149
        self.holds(table, " OR ".join(terms), {":n": N(1)})

    def test_parentheses_and_functions_are_no_operators(self, table):
        terms = ["(attribute_not_exists(a))"] * 140 + ["a <> :n"]
        self.holds(table, " OR ".join(terms), {":n": N(1)})

    def test_size(self, table):
        self.holds(table, "a <> :n".ljust(LONGEST), {":n": N(1)})

    def test_operands_of_in(self, table):
        operands = ", ".join([":n"] * 100)
        self.holds(table, f"a <> :n OR a IN ({operands})", {":n": N(1)})

    def test_path_depth(self, table):
        path = ".".join(["a"] * 32)
        self.holds(table, f"attribute_not_exists({path})")


class TestNames:
    def test_name_used_by_either_expression_is_used(self, table):
        table.update(KEY, "SET #a = :v", {":v": N(1)}, ConditionExpression="#b <> :v",
                     ExpressionAttributeNames={"#a": "a", "#b": "b"})
        assert table.get(KEY)["a"] == N(1)

    @pytest.mark.parametrize("name", ["#0", "#_", "#a_1", "#" + "x" * 254])
    def test_spelling(self, table, name):
        table.put(KEY, ConditionExpression=f"{name} <> pk", ExpressionAttributeNames={name: "a"})
        assert table.get(KEY) == KEY


class TestKeyCondition:
    def test_size(self, table):
        table.put(KEY)
        assert query(table, "pk = :p".ljust(LONGEST), {":p": S("a")})["Count"] == 1

    def test_partition_key(self, table):
        key = {"pk": S("x" * 2048)}
        table.put(key)
        assert query(table, "pk = :p", {":p": key["pk"]})["Items"] == [key]

    def test_sort_key(self, make_table):
        table = make_table("pk:S", "sk:S")
        key = {"pk": S("p"), "sk": S("x" * 1024)}
        table.put(key)
        values = {":p": key["pk"], ":v": key["sk"]}
        assert query(table, "pk = :p AND sk = :v", values)["Items"] == [key]
