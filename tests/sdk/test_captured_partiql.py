# SPDX-License-Identifier: Apache-2.0
"""PartiQL as AWS answers it, by recordings of October 2026. The numbers in comments are those of
docs/recorded-answers.md.
"""

import pytest
from errors import INVALID, VALIDATION, refused
from partiql import execute, items, refuses, text_of
from reading import filled
from values import L, N, S

OVERLAP = "Overlapping conditions with range keys are not supported in where clause"
NOT_PINNED = ("Must have at least one non-optional hash key condition in WHERE clause when using "
              "ORDER BY clause.")
EMPTY_NAME = "Path component cannot be an empty string"
TOO_MANY = "The expression contains too many operators; operator count: 301"


@pytest.fixture(scope="module")
def ranged(dynamodb):
    contents = [{"pk": S(p), "sk": N(n), "a": N(10 * n)} for p in "ab" for n in (1, 2, 3)]
    with filled(dynamodb, contents, "pk:S", "sk:N") as table:
        yield table


@pytest.fixture(scope="module")
def hashed(dynamodb):
    with filled(dynamodb, [{"pk": N(1)}], "pk:N") as table:
        yield table


def found(table, clauses):
    rows = items(table, "SELECT * FROM $t WHERE " + clauses)
    return " ".join(row["pk"]["S"] + row["sk"]["N"] for row in rows)


@pytest.mark.parametrize("where", [  # 1
    "pk = 'a' AND (sk = 1 OR a = 10)",
    "pk = 'a' AND (a = 30 OR sk > 2)",
    "pk = 'a' AND (sk = 1 OR sk = 1)",
    "(pk = 'a' OR pk = 'a') AND sk = 1",
    "pk IN ['a', 'a']",
    "pk = 'a' AND sk IN [1, 1]",
    "pk = 'a' OR pk = 'a' AND sk = 1",
])
def test_branches_that_overlap(ranged, where):
    refuses(ranged, "SELECT * FROM $t WHERE " + where, OVERLAP)


def test_equal_branches_without_a_sort_key(hashed):  # 1
    refuses(hashed, "SELECT * FROM $t WHERE pk = 1 OR pk = 1.0", OVERLAP)


@pytest.mark.parametrize("where, keys", [  # 2
    ("pk = 'a' AND sk > 0 AND sk < 3 OR pk = 'a'", "a1 a2 a3"),
    ("pk = 'a' AND NOT sk = 1 OR pk = 'a' AND sk = 2", "a2 a3"),
    ("pk = 'a' AND (sk = 3 OR sk < 2)", "a1 a3"),
    ("pk = 'a' AND (a = 10 OR a = 30)", "a1 a3"),
])
def test_branches_that_run(ranged, where, keys):
    assert sorted(found(ranged, where).split()) == keys.split()


@pytest.mark.parametrize("where", [  # 3
    "pk > 'a' ORDER BY sk", "begins_with(pk, 'a') ORDER BY sk", "pk = 'a' AND pk = 'b' ORDER BY sk",
    "pk <> 'a' ORDER BY pk", "NOT pk = 'a' ORDER BY pk", "pk = 'a' OR a = 10 ORDER BY pk",
])
def test_order_needs_one_partition_in_each_branch(ranged, where):
    refuses(ranged, "SELECT * FROM $t WHERE " + where, NOT_PINNED)


@pytest.mark.parametrize("clauses, keys", [  # 4
    ("pk = 'a' ORDER BY pk", "a3 a2 a1"),
    ("pk = 'a' ORDER BY pk DESC", "a3 a2 a1"),
    ("pk IN ['b', 'a'] ORDER BY pk DESC", "b3 b2 b1 a3 a2 a1"),
    ("pk IN ['b', 'a'] ORDER BY pk", "a3 a2 a1 b3 b2 b1"),
    ("pk = 'a' ORDER BY pk, sk", "a1 a2 a3"),
])
def test_order_by_the_partition_key_alone_reads_downwards(ranged, clauses, keys):
    assert found(ranged, clauses) == keys


@pytest.mark.parametrize("statement", [  # 5
    "INSERT INTO $t VALUE {'pk': 'e', 'sk': 1, 'm': {'': 1}}",
    "UPDATE $t SET m = {'': 1} WHERE pk = 'a' AND sk = 1",
    "SELECT * FROM $t WHERE pk = 'a' AND m = {'x': {'': 1}}",
    "SELECT * FROM $t WHERE pk = 'a' AND m IN [{'': 1}]",
    "INSERT INTO none VALUE {'pk': 'e', 'm': {'': 1}}",
])
def test_an_empty_name_in_a_literal(ranged, statement):
    refuses(ranged, statement, EMPTY_NAME)


@pytest.mark.parametrize("condition, most", [  # 6, 41
    ("begins_with(s, 'a')", 149), ("size(s) > 0", 99), ("x IS NOT NULL", 99), ("x IS NULL", 149),
    ("NOT begins_with(s, 'a')", 99), ("x NOT IN [1]", 99), ("x NOT BETWEEN 1 AND 2", 99),
])
def test_what_counts_as_an_operator(ranged, condition, most):
    start = "SELECT * FROM $t WHERE pk = 'a'"
    assert items(ranged, start + f" AND {condition}" * most) is not None
    with refused(VALIDATION) as refusal:
        execute(ranged, start + f" AND {condition}" * (most + 1))
    assert "too many operators; operator count: 301" in refusal.message


def test_many_times_not(ranged):  # 41
    refuses(ranged, "SELECT * FROM $t WHERE " + "NOT " * 1020 + "a = 1", TOO_MANY)


@pytest.mark.parametrize("where, parameters", [  # 13
    ("pk = ? AND pk = 'x'", [N(1)]),
    ("pk = 'a' AND sk > 0 AND sk < 'x'", []),
    ("a = 1 OR pk = ?", [N(1)]),
])
def test_key_types_that_are_not_looked_at(ranged, where, parameters):
    assert items(ranged, "SELECT * FROM $t WHERE " + where, *parameters) == []


def test_a_long_key_among_several(ranged):  # 14
    long = "x" * 2049
    assert found(ranged, f"pk IN ['{long}', 'b']") == "b1 b2 b3"
    with refused(VALIDATION) as refusal:
        execute(ranged, f"SELECT * FROM $t WHERE pk = '{long}'")
    assert "Size of hashkey has exceeded the maximum size limit of2048 bytes" in refusal.message


def test_parameters_may_be_compared_that_nest_32_levels(ranged):  # 16, 40
    def nested(levels):
        value = N(1)
        for _ in range(levels):
            value = L(value)
        return value

    assert items(ranged, "SELECT * FROM $t WHERE l = ?", nested(32)) == []
    with refused(VALIDATION) as refusal:
        execute(ranged, "SELECT * FROM $t WHERE l = ?", nested(33))
    assert refusal.message.startswith("Nesting Levels have exceeded supported limits: Attributes")
    refuses(ranged, "INSERT INTO $t VALUE {'pk': 'n', 'sk': 1, 'l': ?}",
            "Nesting Levels have exceeded supported limits", nested(32))
    refuses(ranged, "INSERT INTO $t VALUE {'pk': 'a', 'sk': 1, 'l': ?}",
            "Duplicate primary key exists in table", nested(32), code="DuplicateItemException")


def test_keys_that_exclude_each_other_cost_the_whole_table(ranged):  # 26
    def units(where):
        answer = execute(ranged, "SELECT * FROM $t WHERE " + where, ReturnConsumedCapacity="TOTAL")
        assert answer["Items"] == []
        return answer["ConsumedCapacity"]["CapacityUnits"]

    assert units("pk = 'a' AND pk = 'b'") == units("a = 4711") > units("pk = 'none'")


@pytest.mark.parametrize("statement, message", [  # 37
    ("SELECT * FROM $t ORDER BY m.x",
     "Must have WHERE clause in the statement when using ORDER BY clause."),
    ("SELECT * FROM $t WHERE a = 1 ORDER BY a",
     "Attribute a in ORDER BY clause must be part of the primary key"),
    ("SELECT * FROM $t WHERE pk = 'a' ORDER BY a, m.x",
     "Attribute a in ORDER BY clause must be part of the primary key"),
    ("SELECT * FROM $t WHERE pk = 'a' OR pk = 'a' ORDER BY sk", OVERLAP),
])
def test_what_is_told_first_of_order_by(ranged, statement, message):
    refuses(ranged, statement, message)


def test_a_missing_table_is_told_before_order_by(ranged):  # 37
    refuses(ranged, 'SELECT * FROM "Missing" ORDER BY sk', "Requested resource not found",
            code="ResourceNotFoundException")


@pytest.mark.parametrize("literal, message", [  # 38
    ("<<2, 1, 2>>", INVALID + "Input collection [2, 1, 2] contains duplicates! under root.s"),
    ("<<1, null>>", INVALID + "Numeric sets may not contain null under root.s"),
    ("<<1, true>>", "Unsupported data type in Bag. DynamoDB only supports either numbers or "
                    "strings in bags"),
    ("<<'a', 'b', 'a'>>", INVALID + "Input collection [a, b, a] contains duplicates."),
    ("[" * 32 + "1" + "]" * 32,  # 39
     "Nesting Levels have exceeded supported limits under root.s" + "[0]" * 31),
])
def test_bags_and_nesting(ranged, literal, message):
    refuses(ranged, "INSERT INTO $t VALUE {'pk': 'e', 'sk': 1, 's': " + literal + "}", message)


@pytest.mark.parametrize("statement, message", [  # 43
    ("SELECT * FROM $t WHERE a < true AND foo(b) = 1", "Unrecognized function: foo at 1:"),
    ("SELECT * FROM $t WHERE size(a, b) > 1 AND c = 1e200",
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ("SELECT * FROM $t WHERE a < true AND b = MISSING",
     "MISSING must be compared using IS operator"),
    ("UPDATE $t SET a = a + true WHERE pk = 'a' AND sk = 1 AND foo(b)",
     "Unrecognized function: foo at 1:"),
    ("SELECT * FROM $t WHERE size(s) AND b = 1",  # 44
     "Incorrect operand type for operator or function; operator or function: AND, operand type: N"),
    ("SELECT * FROM $t WHERE EXISTS(SELECT * FROM $t WHERE pk = 'a')",
     "Unsupported token in expression: SELECT at 1:"),
    ("SET a = 1", "Only select from a single table or index is supported."),
    ("REMOVE a", "Only select from a single table or index is supported."),
    ("SELECT FROM $t", "Statement wasn't well formed, can't be processed: Expected identifier or an "
                       "expression but found unexpected keyword 'from' in a select list."),
    ("SELECT * FROM $t WHERE a = `2024-01-01T`", "Ion Literals are not supported: TIMESTAMP under"),
    ("SELECT * FROM $t WHERE a = `{b: 1}`", "Ion Literals are not supported: STRUCT under"),
    ("SELECT * FROM $t WHERE a = `abc`", "Ion Literals are not supported: SYMBOL under"),
    ("SELECT * FROM $t WHERE a = 1e2147483646",  # 36
     "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
])
def test_texts(ranged, statement, message):
    with refused(VALIDATION) as refusal:
        execute(ranged, statement)
    assert refusal.message.startswith(message), refusal.message


def test_a_token_is_bound_to_the_scale_of_numbers(ranged):  # 7
    statement = "SELECT * FROM $t WHERE pk = 'a' AND a >= ?"
    token = execute(ranged, statement, {"N": "0"}, Limit=1)["NextToken"]
    assert len(items(ranged, statement, {"N": "0"}, NextToken=token)) == 2
    refuses(ranged, statement, "NextToken does not match request", {"N": "0.0"}, NextToken=token)


def test_the_length_of_a_statement_is_counted_in_code_points(ranged):  # 15
    statement = "SELECT * FROM $t WHERE a = '"
    room = 8192 - len(statement.replace("$t", f'"{ranged.name}"')) - 1
    assert items(ranged, statement + "\N{GRINNING FACE}" * room + "'") == []
    with refused(VALIDATION) as refusal:
        execute(ranged, statement + "\N{GRINNING FACE}" * (room + 1) + "'")
    assert "Member must have length less than or equal to 8192" in refusal.message


def test_a_canceled_transaction_tells_a_conditional_delete_of_nothing(ranged):  # 20
    statements = ["DELETE FROM $t WHERE pk = 'none' AND sk = 1 AND a = 1",
                  "UPDATE $t SET a = 1 WHERE pk = 'a' AND sk = 1 AND a = 4711"]
    members = [{"Statement": text_of(ranged, text)} for text in statements]
    with refused("TransactionCanceledException") as refusal:
        ranged.client.execute_transaction(TransactStatements=members)
    reasons = refusal.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["ConditionalCheckFailed"] * 2
    assert "Item" not in reasons[0]
    ranged.client.execute_transaction(TransactStatements=members[:1])


def test_a_failed_member_is_charged_to_the_total_alone(ranged):  # 24, 25
    def member(text):
        return {"Statement": text_of(ranged, text)}

    ranged.client.put_item(TableName=ranged.name, Item={
        "pk": S("large"), "sk": N(1), "pad": S("x" * 3000)})
    answer = ranged.client.batch_execute_statement(
        Statements=[member("UPDATE $t SET b = 1 WHERE pk = 'a' AND sk = 2"),
                    member("UPDATE $t SET b = 1 WHERE pk = 'large' AND sk = 1 AND b = 2"),
                    member("UPDATE $t SET sk = 2 WHERE pk = 'a' AND sk = 3")],
        ReturnConsumedCapacity="INDEXES")
    [figure] = answer["ConsumedCapacity"]
    assert (figure["CapacityUnits"], figure["Table"]["CapacityUnits"]) == (4.0, 1.0)
    assert answer["Responses"][2]["TableName"] == ranged.name
    assert answer["Responses"][2]["Error"]["Code"] == "ValidationError"
