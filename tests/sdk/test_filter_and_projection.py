# SPDX-License-Identifier: Apache-2.0
"""What both Query and Scan do with the items that they read: filters, projections, Select."""

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from reading import column, filled, query, scan
from values import BOOL, NULL, SS, B, L, M, N, S

COUNT = 8
ALL = [str(number) for number in range(COUNT)]
NO_COUNT = ONE + "Cannot specify the ProjectionExpression when choosing to get only the Count"
NO_ALL = ONE + "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"
NO_INDEX = ONE + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
NO_PROJECTION = (ONE + "Must specify the AttributesToGet or ProjectionExpression when choosing to "
                 "get SPECIFIC_ATTRIBUTES")


def item(number):
    """The item with a number from 0 to 7. Only even numbers have `even`, only those from 5 have
    `late`.
    """
    attributes = {
        "pk": S("p"), "sk": N(number), "n": N(number), "word": S("abcdefgh"[number]),
        "payload": B(bytes([number])), "tags": SS("all", f"t{number}"), "nothing": NULL,
        "doc": M(a=M(b=N(number), c=S("c")), list=L(N(10), N(number), M(x=S("x")))),
    }
    if number % 2 == 0:
        attributes["even"] = BOOL(True)
    if number >= 5:
        attributes["late"] = S("x" * number)
    return attributes


def query_all(table, **parameters):
    values = {":p": S("p"), **parameters.pop("ExpressionAttributeValues", {})}
    return query(table, "pk = :p", values, **parameters)


@pytest.fixture(params=[query_all, scan], ids=["query", "scan"])
def read(request):
    return request.param


@pytest.fixture(scope="module")
def table(dynamodb):
    with filled(dynamodb, [item(number) for number in range(COUNT)], "pk:S", "sk:N") as filled_one:
        yield filled_one


FILTERS = [
    ("n = :v", {":v": N(3)}, ["3"]),
    ("n <> :v", {":v": N(3)}, [n for n in ALL if n != "3"]),
    ("n < :v", {":v": N("2.5")}, ALL[:3]),
    (":v <= n", {":v": N(6)}, ["6", "7"]),
    ("n BETWEEN :v AND :w", {":v": N(2), ":w": N(4)}, ["2", "3", "4"]),
    ("n IN (:v, :w)", {":v": N(1), ":w": N(7)}, ["1", "7"]),
    ("n = :v", {":v": S("3")}, []),
    ("word > :v", {":v": S("f")}, ["6", "7"]),
    ("payload >= :v", {":v": B(b"\x07")}, ["7"]),
    ("begins_with(word, :v)", {":v": S("c")}, ["2"]),
    ("begins_with(late, :v)", {":v": S("xxxxxx")}, ["6", "7"]),
    ("contains(tags, :v)", {":v": S("t4")}, ["4"]),
    ("contains(late, :v)", {":v": S("xx")}, ALL[5:]),
    ("attribute_exists(even)", {}, ALL[::2]),
    ("attribute_not_exists(even)", {}, ALL[1::2]),
    ("attribute_type(late, :v)", {":v": S("S")}, ALL[5:]),
    ("attribute_type(nothing, :v)", {":v": S("NULL")}, ALL),
    ("size(late) >= :v", {":v": N(6)}, ["6", "7"]),
    ("late <> :v", {":v": S("xxxxx")}, [n for n in ALL if n != "5"]),
    ("late < :v", {":v": S("xxxxxx")}, ["5"]),
    ("doc.a.b = :v", {":v": N(5)}, ["5"]),
    ("doc.#list[1] > :v", {":v": N(5)}, ["6", "7"]),
    ("doc.#list[3] = :v", {":v": N(5)}, []),
    ("doc.#list[2].x = :v", {":v": S("x")}, ALL),
    ("doc.a.b = n", {}, ALL),
    ("n = :v OR n = :w", {":v": N(0), ":w": N(1)}, ["0", "1"]),
    ("n > :v AND even = :w", {":v": N(3), ":w": BOOL(True)}, ["4", "6"]),
    ("NOT n > :v", {":v": N(1)}, ["0", "1"]),
    ("n = :v OR n > :w AND even = :e", {":v": N(1), ":w": N(5), ":e": BOOL(True)}, ["1", "6"]),
    ("(n = :v OR n > :w) AND even = :e", {":v": N(1), ":w": N(5), ":e": BOOL(True)}, ["6"]),
    ("nowhere = :v", {":v": N(1)}, []),
]


class TestFilter:
    @pytest.mark.parametrize("expression, values, expected", FILTERS,
                             ids=[f"{e} {i}" for i, (e, _, _) in enumerate(FILTERS)])
    def test_items_that_meet_it(self, read, table, expression, values, expected):
        parameters = {"FilterExpression": expression}
        if values:
            parameters["ExpressionAttributeValues"] = values
        if "#list" in expression:
            parameters["ExpressionAttributeNames"] = {"#list": "list"}
        page = read(table, **parameters)
        assert column(page) == expected
        assert (page["Count"], page["ScannedCount"]) == (len(expected), COUNT)
        assert page["Items"] == [item(int(number)) for number in expected]

    def test_may_use_what_is_not_projected(self, read, table):
        page = read(table, FilterExpression="n = :v", ExpressionAttributeValues={":v": N(3)},
                    ProjectionExpression="word")
        assert page["Items"] == [{"word": S("d")}]

    @pytest.mark.parametrize("expression, key", [
        ("pk = :v", "pk"), ("sk > :v", "sk"), ("attribute_exists(sk)", "sk"),
        ("n = :v AND pk = :v", "pk"), ("n = :v OR size(pk) > :v", "pk"), ("NOT sk = :v", "sk")])
    def test_of_a_query_must_not_name_a_key(self, table, expression, key):
        values = {":v": N(1)} if ":v" in expression else {}
        with refused(VALIDATION, "Filter Expression can only contain non-primary key attributes: "
                     f"Primary key attribute: {key}"):
            query_all(table, FilterExpression=expression, ExpressionAttributeValues=values)

    def test_of_a_query_must_not_name_a_key_by_placeholder(self, table):
        with refused(VALIDATION, "Filter Expression can only contain non-primary key attributes: "
                     "Primary key attribute: sk"):
            query_all(table, FilterExpression="#s = :v", ExpressionAttributeNames={"#s": "sk"},
                      ExpressionAttributeValues={":v": N(1)})

    @pytest.mark.parametrize("expression, values, expected", [
        ("sk >= :v", {":v": N(6)}, ["6", "7"]), ("pk = :v", {":v": S("p")}, ALL),
        ("pk = :v", {":v": S("q")}, []), ("begins_with(pk, :v)", {":v": S("p")}, ALL)])
    def test_of_a_scan_may_name_keys(self, table, expression, values, expected):
        page = scan(table, FilterExpression=expression, ExpressionAttributeValues=values)
        assert (column(page), page["ScannedCount"]) == (expected, COUNT)

    @pytest.mark.parametrize("path, key", [("pk.a", "pk"), ("sk[0]", "sk")])
    def test_of_a_scan_must_not_look_into_a_key(self, table, path, key):
        with refused(VALIDATION, "Key attributes must be scalars; list random access '[]' and map "
                     f"lookup '.' are not allowed: Key: {key}"):
            scan(table, FilterExpression=f"{path} = :v", ExpressionAttributeValues={":v": N(1)})

    @pytest.mark.parametrize("expression, fault", [
        ("", "The expression can not be empty;"),
        ("n >", 'Syntax error; token: "<EOF>", near: ">"'),
        ("((n = :v))", "The expression has redundant parentheses;"),
        ("status = :v", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("n = :zz", "An expression attribute value used in expression is not defined; "
         "attribute value: :zz"),
        ("size(n)", "The function is not allowed to be used this way in an expression; "
         "function: size"),
        ("n = n", "The first operand must be distinct from the remaining operands for this "
         "operator or function; operator: =, first operand: [n]"),
        ("begins_with(n, :v)", "Incorrect operand type for operator or function; "
         "operator or function: begins_with, operand type: N"),
        ("n IN (" + ", ".join([":v"] * 101) + ")", "The IN operator is provided with too many "
         "operands; number of operands: 101"),
    ], ids=lambda text: text[:20])
    def test_faults(self, read, table, expression, fault):
        values = {":v": N(1)} if ":v" in expression else {}
        parameters = {"ExpressionAttributeValues": values} if values else {}
        with refused(VALIDATION, f"Invalid FilterExpression: {fault}"):
            read(table, FilterExpression=expression, **parameters)

    def test_key_condition_is_reported_before_the_filter(self, table):
        with refused(VALIDATION, "Invalid operator used in KeyConditionExpression: OR"):
            query(table, "pk = :p OR sk = :p", {":p": S("p")}, FilterExpression="n >")

    def test_filter_is_reported_before_the_projection(self, read, table):
        with refused(VALIDATION, 'Invalid FilterExpression: Syntax error; token: "<EOF>", '
                     'near: ">"'):
            read(table, FilterExpression="n >", ProjectionExpression="n,")


PROJECTIONS = [
    ("sk", lambda i: {"sk": N(i)}),
    ("sk, word", lambda i: {"sk": N(i), "word": item(i)["word"]}),
    ("doc.a.b", lambda i: {"doc": M(a=M(b=N(i)))}),
    ("doc.a", lambda i: {"doc": M(a=M(b=N(i), c=S("c")))}),
    ("doc.#list[1]", lambda i: {"doc": M(list=L(N(i)))}),
    ("doc.#list[1], doc.#list[0]", lambda i: {"doc": M(list=L(N(10), N(i)))}),
    ("doc.#list[2].x, sk", lambda i: {"sk": N(i), "doc": M(list=L(M(x=S("x"))))}),
    ("doc.#list[9], nowhere", lambda i: {}),
    ("late", lambda i: {"late": S("x" * i)} if i >= 5 else {}),
]


class TestProjection:
    @pytest.mark.parametrize("expression, expected", PROJECTIONS, ids=[e for e, _ in PROJECTIONS])
    def test_attributes(self, read, table, expression, expected):
        parameters = {"ProjectionExpression": expression}
        if "#list" in expression:
            parameters["ExpressionAttributeNames"] = {"#list": "list"}
        page = read(table, **parameters)
        assert page["Items"] == [expected(number) for number in range(COUNT)]
        assert page["Count"] == page["ScannedCount"] == COUNT

    @pytest.mark.parametrize("expression, fault", [
        ("", "The expression can not be empty;"),
        ("n,", 'Syntax error; token: "<EOF>", near: ","'),
        ("size", "Attribute name is a reserved keyword; reserved keyword: size"),
        ("n, n", "Two document paths overlap with each other; must remove or rewrite one of "
         "these paths; path one: [n], path two: [n]"),
        ("doc.a, doc.a.b", "Two document paths overlap with each other; must remove or rewrite "
         "one of these paths; path one: [doc, a], path two: [doc, a, b]"),
        ("doc.a, doc[1]", "Two document paths conflict with each other; must remove or rewrite "
         "one of these paths; path one: [doc, a], path two: [doc, [1]]"),
    ])
    def test_faults(self, read, table, expression, fault):
        with refused(VALIDATION, f"Invalid ProjectionExpression: {fault}"):
            read(table, ProjectionExpression=expression)


class TestSelect:
    def test_all_attributes(self, read, table):
        page = read(table, Select="ALL_ATTRIBUTES")
        assert page["Items"] == [item(number) for number in range(COUNT)]

    def test_specific_attributes(self, read, table):
        page = read(table, Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="sk")
        assert page["Items"] == [{"sk": N(number)} for number in range(COUNT)]

    def test_count(self, read, table):
        page = read(table, Select="COUNT")
        assert (page["Count"], page["ScannedCount"]) == (COUNT, COUNT)
        assert "Items" not in page

    def test_count_with_filter_and_limit(self, read, table):
        page = read(table, Select="COUNT", Limit=5, FilterExpression="n > :v",
                    ExpressionAttributeValues={":v": N(2)})
        assert (page["Count"], page["ScannedCount"]) == (2, 5)
        assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(4)}
        assert "Items" not in page

    @pytest.mark.parametrize("parameters, message", [
        ({"Select": "COUNT", "ProjectionExpression": "sk"}, NO_COUNT),
        ({"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "sk"}, NO_ALL),
        ({"Select": "SPECIFIC_ATTRIBUTES"}, NO_PROJECTION),
        ({"Select": "ALL_PROJECTED_ATTRIBUTES"}, NO_INDEX),
    ], ids=["count", "all", "specific", "projected"])
    def test_refused(self, read, table, parameters, message):
        with refused(VALIDATION, message):
            read(table, **parameters)

    def test_unknown_form(self, read, table):
        with refused(VALIDATION, f"{ONE}Value 'SOME' at 'select' failed to satisfy constraint: "
                     "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, "
                     "ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"):
            read(table, Select="SOME")


class TestNamesAndValues:
    def test_one_name_in_several_expressions(self, read, table):
        page = read(table, FilterExpression="#n = :v", ProjectionExpression="#n",
                    ExpressionAttributeNames={"#n": "n"}, ExpressionAttributeValues={":v": N(3)})
        assert page["Items"] == [{"n": N(3)}]

    def test_unused(self, read, table):
        with refused(VALIDATION, "Value provided in ExpressionAttributeNames unused in "
                     "expressions: keys: {#x}"):
            read(table, ProjectionExpression="n", ExpressionAttributeNames={"#x": "x"})

    def test_bad_key_of_a_value(self, read, table):
        with refused(VALIDATION,
                     'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'):
            read(table, FilterExpression="n = :v", ExpressionAttributeValues={"v": N(1)})

    def test_empty_set_as_value(self, read, table):
        with refused(VALIDATION, "ExpressionAttributeValues contains invalid value: "
                     f"{INVALID}An string set  may not be empty for key :v"):
            read(table, FilterExpression="tags = :v", ExpressionAttributeValues={":v": SS()})
