# SPDX-License-Identifier: Apache-2.0
"""Refused expressions, names and values, with AWS's exact texts."""

import pytest
from errors import ONE, VALIDATION, refused
from values import BOOL, NULL, SS, B, L, M, N, S

KEY = {"pk": S("a")}
MISUSED = "The function is not allowed to be used this way in an expression; function: "
OVERLAP = (
    "Two document paths overlap with each other; must remove or rewrite one of these paths; ")
CONFLICT = (
    "Two document paths conflict with each other; must remove or rewrite one of these paths; ")
DISTINCT = (
    "The first operand must be distinct from the remaining operands for this operator or "
    "function; operator: ")
BETWEEN_ORDER = (
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
    "lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}")
BETWEEN_TYPES = (
    "The BETWEEN operator requires same data type for lower and upper bounds; "
    "lower bound operand: AttributeValue: {S:a}, upper bound operand: AttributeValue: {N:1}")


def syntax(token, near):
    return f'Syntax error; token: "{token}", near: "{near}"'


def operand(function, kind):
    return ("Incorrect operand type for operator or function; "
            f"operator or function: {function}, operand type: {kind}")


def operand_count(function, count):
    return ("Incorrect number of operands for operator or function; "
            f"operator or function: {function}, number of operands: {count}")


def path_required(function):
    return f"Operator or function requires a document path; operator or function: {function}"


def update_operand(clause, kind):
    # AWS names the set of ADD for DELETE, too.
    return ("Incorrect operand type for operator or function; "
            f"operator: {clause}, operand type: {kind}, typeSet: ALLOWED_FOR_ADD_OPERAND")


VALUES = {
    ":n": N(1), ":s": S("a"), ":s2": S("b"), ":t": BOOL(True), ":nul": NULL, ":l": L(), ":m": M(),
    ":ss": SS("a"), ":b": B(b"a"), ":type": S("1"),
}


def values_in(expression):
    """The values that `expression` names. Others would be refused as unused."""
    words = "".join(c if c.isalnum() or c == ":" else " " for c in expression).split()
    return {word: VALUES[word] for word in words if word in VALUES} or None


# Texts that all kinds of expressions share, here in a condition.
GRAMMAR = [
    ("", "The expression can not be empty;"),
    ("   ", syntax("<EOF>", "   ")),
    ("a = :n b", syntax("b", ":n b")),
    ("a[x] = :n", syntax("x", "[x]")),
    ("a[00] = :n", syntax("0", "00]")),
    ("a =", syntax("<EOF>", "=")),
    ("a = :n AND", syntax("<EOF>", "AND")),
    ("a ! :n", syntax("!", "a ! :n")),
    ("((a = :n))", "The expression has redundant parentheses;"),
    ("frob(a)", "Invalid function name; function: frob"),
    ("Size(a) = :n", "Invalid function name; function: Size"),
    ("ATTRIBUTE_EXISTS(a)", "Invalid function name; function: ATTRIBUTE_EXISTS"),
    ("name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("a.Status = :n", "Attribute name is a reserved keyword; reserved keyword: Status"),
    ("#x = :n", "An expression attribute name used in the document path is not defined; "
     "attribute name: #x"),
    ("a = :zz", "An expression attribute value used in expression is not defined; "
     "attribute value: :zz"),
    ("a[99999999999] = :n", "List index is not within the allowable range; index: [99999999999]"),
]

CONDITIONS = [
    ("size(a)", MISUSED + "size"),
    ("attribute_exists(a) = :n", MISUSED + "attribute_exists"),
    ("if_not_exists(a, :n) = :n",
     "The function is not allowed in a condition expression; function: if_not_exists"),
    ("contains(a)", operand_count("contains", 1)),
    ("attribute_exists(a, b)", operand_count("attribute_exists", 2)),
    ("size(a, b) = :n", operand_count("size", 2)),
    ("attribute_exists(:s)", path_required("attribute_exists")),
    ("attribute_not_exists(:s)", path_required("attribute_not_exists")),
    ("begins_with(a, :n)", operand("begins_with", "N")),
    ("begins_with(:n, a)", operand("begins_with", "N")),
    ("begins_with(a, :l)", operand("begins_with", "L")),
    ("attribute_type(a, :n)", operand("attribute_type", "N")),
    ("size(:n) = :n", operand("size", "N")),
    ("size(:t) = :n", operand("size", "BOOL")),
    ("size(:nul) = :n", operand("size", "NULL")),
    ("a < :t", operand("<", "BOOL")),
    ("a <= :nul", operand("<=", "NULL")),
    ("a > :m", operand(">", "M")),
    ("a >= :l", operand(">=", "L")),
    ("a BETWEEN :ss AND :ss", operand("BETWEEN", "SS")),
    ("a = a", DISTINCT + "=, first operand: [a]"),
    ("a.b[0] = a.b[0]", DISTINCT + "=, first operand: [a, b, [0]]"),
    ("a <> a", DISTINCT + "<>, first operand: [a]"),
    ("a IN (:n, a)", DISTINCT + "IN, first operand: [a]"),
    ("contains(a, a)", DISTINCT + "contains, first operand: [a]"),
    ("a BETWEEN :s2 AND :s", BETWEEN_ORDER),
    ("a BETWEEN :s AND :n", BETWEEN_TYPES),
]


class TestCondition:
    PREFIX = ONE + "Invalid ConditionExpression: "
    TOO_LONG = "Expression size has exceeded the maximum allowed size;"

    def condition(self, table, expression, values=None):
        parameters = {"ConditionExpression": expression}
        if values:
            parameters["ExpressionAttributeValues"] = values
        table.delete(KEY, **parameters)

    @pytest.mark.parametrize("expression, message", GRAMMAR + CONDITIONS,
                             ids=[expression for expression, _ in GRAMMAR + CONDITIONS])
    def test_refused(self, table, expression, message):
        with refused(VALIDATION, self.PREFIX + message):
            self.condition(table, expression, values_in(expression))

    def test_unknown_attribute_type(self, table):
        with refused(VALIDATION) as refusal:
            self.condition(table, "attribute_type(a, :type)", {":type": S("1")})
        start = self.PREFIX + "Invalid attribute type name found; type: 1, valid types: {"
        assert refusal.message.startswith(start)
        assert refusal.message.endswith("}")
        types = refusal.message[len(start):-1].split(",")
        assert sorted(types) == sorted(
            ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"])

    def test_operators_at_the_limit(self, table):
        self.condition(table, " OR ".join(["a <> :n"] * 150), {":n": N(1)})
        with refused(VALIDATION, self.PREFIX + "The expression contains too many operators; "
                     "operator count: 301"):
            self.condition(table, " OR ".join(["a <> :n"] * 151), {":n": N(1)})

    def test_parentheses_and_functions_are_no_operators(self, table):
        terms = ["(attribute_not_exists(a))"] * 140 + ["a <> :n"]
        self.condition(table, " OR ".join(terms), {":n": N(1)})

    def test_size_at_the_limit(self, table):
        expression = "a <> :n" + " " * (4096 - len("a <> :n"))
        self.condition(table, expression, {":n": N(1)})
        with refused(VALIDATION, self.PREFIX + self.TOO_LONG):
            self.condition(table, expression + " ", {":n": N(1)})

    def test_size_is_checked_before_syntax(self, table):
        with refused(VALIDATION, self.PREFIX + self.TOO_LONG):
            self.condition(table, "?" * 4097)

    def test_operands_of_in_at_the_limit(self, table):
        def expression(count):
            return "a <> :n OR a IN (" + ", ".join([":n"] * count) + ")"

        self.condition(table, expression(100), {":n": N(1)})
        with refused(VALIDATION, self.PREFIX + "The IN operator is provided with too many "
                     "operands; number of operands: 101"):
            self.condition(table, expression(101), {":n": N(1)})

    def test_path_depth_at_the_limit(self, table):
        def path(depth):
            return ".".join(["a"] * depth)

        self.condition(table, f"attribute_not_exists({path(32)})")
        with refused(VALIDATION, self.PREFIX + "The document path has too many nesting levels; "
                     "nesting levels: 33"):
            self.condition(table, f"attribute_not_exists({path(33)})")

    def test_expression_is_checked_before_the_table(self, dynamodb):
        with refused(VALIDATION, self.PREFIX + syntax("<EOF>", "=")):
            dynamodb.delete_item(TableName="weir-no-such-table", Key=KEY, ConditionExpression="a =")

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_each_write_refuses_alike(self, table, operation):
        with refused(VALIDATION, self.PREFIX + "Invalid function name; function: frob"):
            getattr(table, operation)(KEY, ConditionExpression="frob(a)")


UPDATES = [
    ("", "The expression can not be empty;"),
    ("SET", syntax("<EOF>", "SET")),
    ("SET a", syntax("<EOF>", "a")),
    ("a = :n", syntax("a", "a =")),
    ("SET a = :n,", syntax("<EOF>", ",")),
    ("SET a = :n SET b = :n",
     'The "SET" section can only be used once in an update expression;'),
    ("REMOVE a REMOVE b", 'The "REMOVE" section can only be used once in an update expression;'),
    ("SET a = :n, a = :n", OVERLAP + "path one: [a], path two: [a]"),
    ("SET a = :n, a.b = :n", OVERLAP + "path one: [a], path two: [a, b]"),
    ("SET a = :n REMOVE a", OVERLAP + "path one: [a], path two: [a]"),
    ("SET a[0].b = :n REMOVE a[0]", OVERLAP + "path one: [a, [0], b], path two: [a, [0]]"),
    ("SET a.b = :n REMOVE a[1]", CONFLICT + "path one: [a, b], path two: [a, [1]]"),
    ("SET name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("SET a = :zz", "An expression attribute value used in expression is not defined; "
     "attribute value: :zz"),
    ("SET a = frob(b)", "Invalid function name; function: frob"),
    ("SET a = attribute_exists(b)",
     "The function is not allowed in an update expression; function: attribute_exists"),
    ("SET a = if_not_exists(b)", operand_count("if_not_exists", 1)),
    ("SET a = if_not_exists(:n, :n)", path_required("if_not_exists")),
    ("SET a = list_append(b, :s)", operand("list_append", "S")),
    ("SET a = b + :s", operand("+", "S")),
    ("SET a = b - :l", operand("-", "L")),
    ("ADD a :s", update_operand("ADD", "STRING")),
    ("ADD a :l", update_operand("ADD", "LIST")),
    ("DELETE a :s", update_operand("DELETE", "STRING")),
    ("DELETE a :n", update_operand("DELETE", "NUMBER")),
    ("SET a = b + c + d", syntax("+", "c + d")),
]


class TestUpdate:
    PREFIX = ONE + "Invalid UpdateExpression: "

    @pytest.mark.parametrize("expression, message", UPDATES, ids=[e for e, _ in UPDATES])
    def test_refused(self, table, expression, message):
        with refused(VALIDATION, self.PREFIX + message):
            table.update(KEY, expression, values_in(expression))
        assert table.get(KEY) is None

    def test_condition_syntax_comes_before_an_empty_update(self, table):
        with refused(VALIDATION, f"{ONE}Invalid ConditionExpression: {syntax('<EOF>', '=')}"):
            table.update(KEY, "", ConditionExpression="a =")


PROJECTIONS = [
    ("", "The expression can not be empty;"),
    ("a,", syntax("<EOF>", ",")),
    ("a b", syntax("b", "a b")),
    ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("#x", "An expression attribute name used in the document path is not defined; "
     "attribute name: #x"),
    ("a, a", OVERLAP + "path one: [a], path two: [a]"),
    ("a.b, a", OVERLAP + "path one: [a, b], path two: [a]"),
    ("a.b, a[0]", CONFLICT + "path one: [a, b], path two: [a, [0]]"),
    (".".join(["a"] * 33), "The document path has too many nesting levels; nesting levels: 33"),
]


class TestProjection:
    PREFIX = "Invalid ProjectionExpression: "

    @pytest.mark.parametrize("expression, message", PROJECTIONS, ids=[e for e, _ in PROJECTIONS])
    def test_refused(self, table, expression, message):
        with refused(VALIDATION, self.PREFIX + message):
            table.get(KEY, ProjectionExpression=expression)


class TestNamesAndValues:
    ONLY_WITH = "can only be specified when using expressions"

    def test_names_without_an_expression(self, table):
        with refused(VALIDATION, f"{ONE}ExpressionAttributeNames {self.ONLY_WITH}"):
            table.put(KEY, ExpressionAttributeNames={"#a": "a"})
        with refused(VALIDATION, f"ExpressionAttributeNames {self.ONLY_WITH}"):
            table.get(KEY, ExpressionAttributeNames={"#a": "a"})

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_values_without_an_expression(self, table, operation):
        with refused(VALIDATION, f"{ONE}ExpressionAttributeValues {self.ONLY_WITH}"):
            getattr(table, operation)(KEY, ExpressionAttributeValues={":a": N(1)})

    def test_no_names(self, table):
        with refused(VALIDATION, ONE + "ExpressionAttributeNames must not be empty"):
            table.put(KEY, ConditionExpression="a <> b", ExpressionAttributeNames={})

    def test_no_values(self, table):
        with refused(VALIDATION, ONE + "ExpressionAttributeValues must not be empty"):
            table.put(KEY, ConditionExpression="a <> b", ExpressionAttributeValues={})

    def test_unused_name(self, table):
        message = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}"
        names = {"#a": "a", "#x": "x"}
        with refused(VALIDATION, ONE + message):
            table.put(KEY, ConditionExpression="#a <> b", ExpressionAttributeNames=names)
        with refused(VALIDATION, message):
            table.get(KEY, ProjectionExpression="#a", ExpressionAttributeNames=names)

    def test_unused_value(self, table):
        with refused(VALIDATION, ONE + "Value provided in ExpressionAttributeValues unused in "
                     "expressions: keys: {:x}"):
            table.put(KEY, ConditionExpression="a <> :a",
                      ExpressionAttributeValues={":a": N(1), ":x": N(2)})

    def test_name_used_by_either_expression_is_used(self, table):
        table.update(KEY, "SET #a = :v", {":v": N(1)}, ConditionExpression="#b <> :v",
                     ExpressionAttributeNames={"#a": "a", "#b": "b"})
        assert table.get(KEY)["a"] == N(1)

    @pytest.mark.parametrize("name", ["a", "#", "#a b", "#a.b"])
    def test_name_key_syntax(self, table, name):
        with refused(VALIDATION, "ExpressionAttributeNames contains invalid key: "
                     f'Syntax error; key: "{name}"'):
            table.put(KEY, ConditionExpression="a <> b", ExpressionAttributeNames={name: "x"})

    @pytest.mark.parametrize("name", ["a", ":", ":a-b", "#a"])
    def test_value_key_syntax(self, table, name):
        with refused(VALIDATION, "ExpressionAttributeValues contains invalid key: "
                     f'Syntax error; key: "{name}"'):
            table.put(KEY, ConditionExpression="a <> b",
                      ExpressionAttributeValues={name: N(1)})

    @pytest.mark.parametrize("name", ["#0", "#_", "#a_1", "#" + "x" * 254])
    def test_name_keys_that_are_fine(self, table, name):
        table.put(KEY, ConditionExpression=f"{name} <> pk", ExpressionAttributeNames={name: "a"})
        assert table.get(KEY) == KEY
