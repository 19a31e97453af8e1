# SPDX-License-Identifier: Apache-2.0
"""ExecuteStatement's SELECT: the items that it finds, their order, and its pages."""

import pytest
from errors import INVALID, NOT_VALID
from indexes import index, indexed_table
from partiql import execute, items, pages, refuses
from reading import column, filled
from values import BOOL, NS, NULL, SS, B, L, M, N, S

TOO_MANY = "Too many decomposed read operations for a given query."
OVERLAP = "Overlapping conditions with range keys are not supported in where clause"
MISMATCH = "Key attribute's data type should match its data type in table's schema: Key "


def item(pk, number):
    return {
        "pk": S(pk), "sk": N(number), "n": N(number), "s": S("abc"[:number]), "flag": BOOL(True),
        "none": NULL, "tags": SS("a", f"t{number}"), "numbers": NS(1, number + 10),
        "data": B(bytes([number])), "doc": M(x=N(number), parts=L(S("p"), M(y=S("q")))),
    }


@pytest.fixture(scope="module")
def table(dynamodb):
    contents = [item(pk, number) for pk in "pq" for number in (1, 2, 3)]
    with filled(dynamodb, contents, "pk:S", "sk:N") as filled_one:
        yield filled_one


def found(table, clauses, *parameters):
    return [row["pk"]["S"] + row["sk"]["N"]
            for row in items(table, "SELECT * FROM $t WHERE " + clauses, *parameters)]


FOUND = [
    ("pk = 'p' AND sk = 2", "p2"),
    ("pk = 'p' AND sk = 9", ""),
    ("'p' = pk", "p1 p2 p3"),
    ("pk = 'p' AND sk > 1 AND sk <= 3", "p2 p3"),
    ("pk = 'p' AND sk BETWEEN 2 AND 9", "p2 p3"),
    ("pk = 'p' AND sk NOT BETWEEN 2 AND 9", "p1"),
    ("pk = 'p' AND sk <> 2", "p1 p3"),
    ("pk = 'p' AND sk IN [3, 1]", "p3 p1"),
    ("pk IN ('q', 'p') AND sk = 1", "q1 p1"),
    ("pk = 'q' AND sk = 1 OR pk = 'p' AND sk > 2", "q1 p3"),
    ("pk = 'p' AND n = 2", "p2"),
    ("pk = 'p' AND (n = 1 OR s = 'abc')", "p1 p3"),
    ("pk = 'p' AND NOT n = 1", "p2 p3"),
    ("pk = 'p' AND n IN [1, 2] AND n NOT IN [2]", "p1"),
    ("pk = 'p' AND begins_with(s, 'ab')", "p2 p3"),
    ("pk = 'p' AND contains(tags, 't2')", "p2"),
    ("pk = 'p' AND SIZE(s) = 2", "p2"),
    ("pk = 'p' AND attribute_type(doc, 'M') AND n = 1", "p1"),
    ("pk = 'p' AND attribute_exists(doc.x) = true AND n > 2", "p3"),
    ("pk = 'p' AND attribute_not_exists(doc.x)", ""),
    ("pk = 'p' AND none IS NULL AND flag IS BOOL AND doc IS STRUCT AND n = 1", "p1"),
    ("pk = 'p' AND absent IS MISSING AND n IS NOT MISSING AND n = 1", "p1"),
    ("pk = 'p' AND doc.parts[1].y = 'q' AND doc['x'] = 3", "p3"),
    ("pk = 'p' AND numbers = <<12, 1>>", "p2"),
    ("pk = 'p' AND doc = {'x': 1, 'parts': ['p', {'y': 'q'}]}", "p1"),
    ("pk = 'p' AND n = 1e0 -- one", "p1"),
    ("pk = 'p' /* all */ ORDER BY sk DESC", "p3 p2 p1"),
    ("pk = 'p' ORDER BY pk, sk ASC NULLS LAST;", "p1 p2 p3"),
    ("pk IN ['p', 'q'] ORDER BY pk DESC, sk DESC", "q3 q2 q1 p3 p2 p1"),
]


@pytest.mark.parametrize("clauses, expected", FOUND, ids=[clauses for clauses, _ in FOUND])
def test_select_finds(table, clauses, expected):
    assert found(table, clauses) == expected.split()


@pytest.mark.parametrize("value", [
    SS("t2", "a"), NS(12, 1), B(b"\x02"), L(S("p"), M(y=S("q"))), M(x=N(2)), NULL, BOOL(True),
], ids=lambda value: next(iter(value)))
def test_parameters_of_every_type_are_compared_by_content(table, value):
    names = {"SS": "tags", "NS": "numbers", "B": "data", "L": "doc.parts", "M": "doc",
             "NULL": "none", "BOOL": "flag"}
    name = names[next(iter(value))]
    equal = found(table, f"pk = ? AND sk = 2 AND {name} = ?", S("p"), value)
    unequal = found(table, f"pk = ? AND sk = 2 AND {name} <> ?", S("p"), value)
    assert sorted(equal + unequal) == ["p2"]
    assert (equal == ["p2"]) == (name != "doc")


def test_a_scan_reads_all(table):
    assert len(items(table, "SELECT * FROM $t")) == 6
    assert len(items(table, "SELECT * FROM $t WHERE n = 2")) == 2
    assert len(items(table, "SELECT * FROM $t WHERE pk > 'p'")) == 3


def test_columns_have_the_last_names_of_their_paths(table):
    where = " FROM $t WHERE pk = 'p' AND sk = 2"
    assert items(table, "SELECT sk, doc.x, doc.parts[0], absent" + where) == [
        {"sk": N(2), "x": N(2), "parts[0]": S("p")}]
    assert items(table, "SELECT doc.parts[1].y" + where) == [{"y": S("q")}]
    assert items(table, "SELECT absent" + where) == [{}]


def test_gui_statements(table):
    """Statements that NoSQL Workbench, DataGrip and the console send."""
    assert len(items(table, "SELECT * FROM $t")) == 6
    assert column({"Items": items(table, 'SELECT * FROM $t WHERE "pk" = \'p\' AND "sk" > 1')}) == [
        "2", "3"]
    assert items(table, 'select "pk", "sk" from $t where "pk"=? and "sk"=?', S("p"), N(1)) == [
        {"pk": S("p"), "sk": N(1)}]
    assert found(table, "\"pk\" = 'p'\nORDER BY \"sk\" DESC\n;") == ["p3", "p2", "p1"]


@pytest.mark.parametrize("rest", [
    "", " WHERE pk = 'p'", " WHERE pk = 'p' ORDER BY sk DESC", " WHERE n > 1",
    " WHERE pk IN ['q', 'p'] AND sk IN [2, 1]", " WHERE pk = 'q' OR pk = 'p' AND sk > 1",
])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_add_up(table, rest, limit):
    statement = "SELECT * FROM $t" + rest
    paged = [row for page in pages(table, statement, Limit=limit) for row in page["Items"]]
    assert paged == items(table, statement)


def test_limit_counts_what_is_read(table):
    page = execute(table, "SELECT * FROM $t WHERE pk = 'p' AND n = 3", Limit=2)
    assert page["Items"] == [] and page["NextToken"]
    assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(2)}
    whole_key = "SELECT * FROM $t WHERE pk = 'p' AND sk = 3"
    assert "NextToken" not in execute(table, whole_key, Limit=2)
    page = execute(table, whole_key, Limit=1)
    assert len(page["Items"]) == 1 and "LastEvaluatedKey" not in page
    page = execute(table, whole_key, Limit=1, NextToken=page["NextToken"])
    assert page["Items"] == [] and "NextToken" not in page


def test_a_token_is_bound_to_statement_and_parameters(table):
    statement = "SELECT * FROM $t WHERE pk = ?"
    token = execute(table, statement, S("p"), Limit=1)["NextToken"]
    assert len(items(table, statement, S("p"), NextToken=token)) == 2
    other = "NextToken does not match request"
    refuses(table, statement, other, S("q"), NextToken=token)
    refuses(table, statement + " ", other, S("p"), NextToken=token)
    refuses(table, "SELECT * FROM $t", other, NextToken=token)
    refuses(table, statement, "Invalid NextToken", S("p"), NextToken=token[:-4])
    refuses(table, statement, "Invalid NextToken", S("p"), NextToken="nonsense")


BAD_KEYS = [
    ("pk = 1", MISMATCH + "pk"),
    ("pk IN ['p', 1]", MISMATCH + "pk"),
    ("pk = 'p' AND sk >= 'x'", MISMATCH + "sk"),
    ("pk = ''", NOT_VALID + "The AttributeValue for a key attribute cannot contain an empty string "
                            "value. Key: pk"),
    ("pk = 'p' AND s = '1' OR pk = 'p' AND sk = 2", OVERLAP),
    ("pk = 'p' AND sk > 1 OR pk = 'p' AND sk = 2", OVERLAP),
    ("pk IN [" + ", ".join(f"'{n}'" for n in range(51)) + "]", TOO_MANY),
    ("pk = 'p' ORDER BY n", "Attribute n in ORDER BY clause must be part of the primary key"),
    ("pk IN ['p', 'q'] ORDER BY sk", "Must have hash key in ORDER BY clause when more than one "
                                     "hash key condition specified in WHERE clause."),
    ("n = 1 ORDER BY sk", "Must have at least one non-optional hash key condition in WHERE clause "
                          "when using ORDER BY clause."),
]


@pytest.mark.parametrize("clauses, message", BAD_KEYS,
                         ids=[clauses[:40] for clauses, _ in BAD_KEYS])
def test_select_refuses(table, clauses, message):
    refuses(table, "SELECT * FROM $t WHERE " + clauses, message)


def test_a_missing_table(table):
    for statement in ('SELECT * FROM "no.such-table"', "SELECT * FROM none WHERE pk = 'p'"):
        refuses(table, statement, "Requested resource not found", code="ResourceNotFoundException")


@pytest.fixture(scope="module")
def with_indexes(dynamodb):
    contents = [{"pk": S("p"), "sk": N(n), "g": S("ab"[n % 2]), "l": N(-n), "n": N(n)}
                for n in (1, 2, 3)]
    with indexed_table(
            dynamodb, "pk:S", "sk:N", items=contents, more=("g:S", "l:N", "h:S"),
            gsi=[index("all", "g", "sk"), index("keys", "g", wanted="KEYS_ONLY"),
                 index("many", "g h")],
            lsi=[index("local", "pk", "l", wanted="KEYS_ONLY")]) as indexed_one:
        yield indexed_one


def test_select_reads_indexes(with_indexes):
    table = with_indexes
    assert column(execute(table, "SELECT * FROM $t.\"all\" WHERE g = 'b' ORDER BY sk DESC")) == [
        "3", "1"]
    assert items(table, "SELECT * FROM $t.\"keys\" WHERE g = 'a'") == [
        {"pk": S("p"), "sk": N(2), "g": S("a")}]
    assert column(execute(table, "SELECT * FROM $t.\"local\" WHERE pk = 'p'",
                          ConsistentRead=True)) == ["3", "2", "1"]
    assert items(table, "SELECT n FROM $t.\"local\" WHERE pk = 'p' AND l < -2") == [{"n": N(3)}]
    assert len(items(table, 'SELECT * FROM $t."keys"')) == 3


INDEX_FAULTS = [
    ('SELECT * FROM $t."none"', "The table does not have the specified index"),
    ('SELECT * FROM $t."all"."x"', "A path may contain at most 2 components in the FROM clause"),
    ("SELECT n FROM $t.\"keys\" WHERE g = 'a'",
     INVALID + "Global secondary index keys does not project [n]"),
    ("SELECT * FROM $t.\"keys\" WHERE g = 'a' AND n = 1",
     INVALID + "Secondary index keys does not project one or more filter attributes: [n]"),
    ("SELECT * FROM $t.\"local\" WHERE pk = 'p' AND n IS MISSING",
     INVALID + "Secondary index local does not project one or more filter attributes: [n]"),
    ('SELECT COUNT(*) FROM $t."many"',
     "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
     "multi-attribute RANGE keys."),
    ("UPDATE $t.\"all\" SET n = 1 WHERE pk = 'p'", "This operation is not supported on an index"),
]


@pytest.mark.parametrize("statement, message", INDEX_FAULTS, ids=[text for text, _ in INDEX_FAULTS])
def test_indexes_refuse(with_indexes, statement, message):
    refuses(with_indexes, statement, message)


def test_global_indexes_are_not_consistent(with_indexes):
    refuses(with_indexes, "SELECT * FROM $t.\"all\" WHERE g = 'a'",
            "Strongly consistent read is not supported on Global Secondary Indexes",
            ConsistentRead=True)


def units(table, statement, **members):
    return execute(table, statement, ReturnConsumedCapacity="TOTAL", **members)[
        "ConsumedCapacity"]["CapacityUnits"]


def test_capacity_is_that_of_get_query_and_scan(table, with_indexes):
    one = "SELECT * FROM $t WHERE pk = 'p' AND sk = 1"
    assert units(table, one) == 0.5
    assert units(table, one, ConsistentRead=True) == 1.0
    assert units(table, "SELECT * FROM $t WHERE pk = 'p' AND sk IN [1, 2, 9]") == 1.5
    assert units(table, "SELECT * FROM $t WHERE pk = 'p'") == 0.5
    scan = table.client.scan(TableName=table.name, ReturnConsumedCapacity="TOTAL")
    assert units(table, "SELECT pk FROM $t WHERE n = 1") == scan["ConsumedCapacity"][
        "CapacityUnits"]
    shown = execute(with_indexes, "SELECT n FROM $t.\"local\" WHERE pk = 'p'",
                    ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert shown == {
        "TableName": with_indexes.name, "CapacityUnits": 2.0, "Table": {"CapacityUnits": 1.5},
        "LocalSecondaryIndexes": {"local": {"CapacityUnits": 0.5}}}
