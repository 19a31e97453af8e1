# SPDX-License-Identifier: Apache-2.0
"""Statements that ExecuteStatement refuses because of their text or members."""

import pytest
from errors import ONE, constraint
from partiql import refuses
from values import BOOL, NULL, SS, M, N, S, nested

MALFORMED = "Statement wasn't well formed, can't be processed: "

GRAMMAR = [
    ("SELECT * FROM $t WHERE", "Unexpected term"),
    ("SELECT * FROM $t WHERE;", "Unexpected term"),
    ("SELECT * FROM $t WHERE (", "Unexpected term"),
    ("SELECT * FROM", "Unexpected term"),
    ("SELECT * FROM $t WHERE pk = 'a' AND", "Missing right-hand side expression of infix operator"),
    ("SELECT * FROM $t WHERE ORDER BY pk", "Unexpected keyword"),
    ("SELECT * FROM $t WHERE IS NULL", "Unexpected operator"),
    ("SELECT * FROM $t WHERE a IS FOO", "Expected type name"),
    ("SELECT * FROM $t WHERE m.inner = 1", "Invalid path dot component"),
    ("SELECT * FROM $t WHERE pk = 'a' foo", "Unexpected token after expression"),
    ("SELECT * FROM $t; SELECT * FROM $t",
     "Unexpected token after semicolon. (Only one query is allowed.)"),
    ("SLECT * FROM $t", "Expected data manipulation"),
    ("DELETE FROM", "Expected identifier for simple path"),
    ("INSERT INTO $t t VALUE {'pk': 'x'}", "Unexpected token after expression"),
    ("SELECT * FROM $t WHERE pk = 'a", ""),
    ("SELECT * FROM $t WHERE n = 1e99999999999", ""),
    ("SELECT * FROM $t # note", ""),
    ("SELECT * FROM $t /* note", ""),
]


@pytest.mark.parametrize("statement, detail", GRAMMAR, ids=[text for text, _ in GRAMMAR])
def test_grammar(table, statement, detail):
    refuses(table, statement, MALFORMED + detail)


MEANING = [
    ("a", "Unsupported operation: Id"),
    ("x IS INT4", "Unsupported operation: IsType"),
    ("SELECT * FROM $t t", "Aliasing is not supported"),
    ("SELECT * FROM $t AS t WHERE pk = 'a'", "Aliasing is not supported"),
    ("SELECT COUNT(*) FROM $t", "Unexpected path component at 1:8:5"),
    ("SELECT l[-1] FROM $t", "List index is not within the allowable range; index: [-1] at 1:11:1"),
    ("SELECT * FROM tab LIMIT 5", "Unsupported clause: LIMIT at 1:25:1"),
    ("SELECT * FROM $t ORDER BY pk",
     "Must have WHERE clause in the statement when using ORDER BY clause."),
    ("SELECT * FROM tab WHERE a = 1\nAND foo(b)", "Unrecognized function: foo at 2:5:3"),
    ("SELECT * FROM $t WHERE a = MISSING", "MISSING must be compared using IS operator"),
    ("SELECT * FROM $t WHERE a = <<>>", "Empty bags are not supported"),
    ("SELECT * FROM $t WHERE attribute_exists('a')",
     "Operator or function requires a document path; operator or function: attribute_exists"),
    ("SELECT * FROM $t WHERE a = 1e126", "Number overflow. Attempting to store a number with "
                                         "magnitude larger than supported range under root"),
    ("INSERT INTO tab VALUE {'pk': 'a', 'l': [?]}",
     "Unsupported data type: Parameter under key root[0] at 1:41:1"),
    ("UPDATE tab SET a = 1\n, s = set_add(s, 'x') WHERE pk = 'a'",
     "The second argument to SET_ADD must be a value with type SET at 2:15:1"),
    ("SELECT * FROM \"\" WHERE pk = 'a'", "Path component cannot be an empty string"),
]


@pytest.mark.parametrize("statement, message", MEANING, ids=[text for text, _ in MEANING])
def test_meaning(table, statement, message):
    refuses(table, statement, message, S("x"))


@pytest.mark.parametrize("operand", [BOOL(True), NULL, SS("a"), M(a=N(1))],
                         ids=lambda value: next(iter(value)))
@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_operands_without_an_order(table, operator, operand):
    """The fault is found before the table is looked up."""
    refuses(table, f"SELECT * FROM none WHERE pk = ? AND a {operator} ?",
            "Incorrect operand type for operator or function; operator or function: "
            f"{operator}, operand type: {next(iter(operand))}", S("x"), operand)


NEST = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
        "beyond supported limit")
WORDS = "The parameter cannot be converted to a numeric value"
PARAMETERS = [
    (N(""), WORDS),
    (N("abc"), WORDS + ": abc"),
    (N("1e99999999999"), WORDS + ": 1e99999999999"),
    (N("1e126"), "Number overflow. Attempting to store a number with magnitude larger than "
                 "supported range"),
    (nested(40, S("leaf")), NEST),
    ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
]


@pytest.mark.parametrize("parameter, message", PARAMETERS,
                         ids=[text[:40] for _, text in PARAMETERS])
def test_parameters(table, unchecked, parameter, message):
    table.client = unchecked
    refuses(table, "SELECT * FROM $t WHERE pk = ?", message, parameter)


def test_parameters_come_between_grammar_and_meaning(table, unchecked):
    table.client = unchecked
    refuses(table, "SELECT * FROM $t WHERE pk = = ?", MALFORMED + "Unexpected operator", {})
    empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    refuses(table, "SELECT * FROM $t.a.b WHERE pk = ?", empty, {})
    refuses(table, "SELECT * FROM $t t WHERE pk = ?", empty, {})


def test_members(table, unchecked):
    table.client = unchecked
    at_least = "have length greater than or equal to 1"
    refuses(table, "", ONE + constraint("''", "statement", at_least))
    refuses(table, "SELECT * FROM $t", ONE + constraint("'[]'", "parameters", at_least),
            Parameters=[])
    refuses(table, "SELECT * FROM $t",
            ONE + constraint("'0'", "limit", "have value greater than or equal to 1"), Limit=0)
    refuses(table, "SELECT * FROM $t WHERE pk = ?",
            "Number of parameters in request and statement don't match.")
    long = refuses(table, "SELECT * FROM $t -- " + "x" * 8192, None).message
    assert long.endswith("Member must have length less than or equal to 8192")
    refuses(table, "SELECT * FROM $t", "2 validation errors detected: " + constraint(
        "'X'", "returnValuesOnConditionCheckFailure", "satisfy enum value set: [ALL_OLD, NONE]"
    ) + "; " + constraint("'Y'", "returnConsumedCapacity",
                          "satisfy enum value set: [INDEXES, TOTAL, NONE]"),
            ReturnValuesOnConditionCheckFailure="X", ReturnConsumedCapacity="Y")
