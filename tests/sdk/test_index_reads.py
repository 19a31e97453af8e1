# SPDX-License-Identifier: Apache-2.0
"""Query and Scan of secondary indexes: Select, projections, consistency, filters, and the
attributes that a local index fetches from its table.
"""

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from indexes import index, indexed_table, query_index, scan_index
from reading import column
from values import BOOL, L, M, N, S

KEYS = ("pk:S", "sk:N")
ITEMS = [
    {"pk": S("p"), "sk": N(place), "g": S("x"), "l": N(-place), "x": M(a=L(N(place), S("deep"))),
     "y": S("only in the table"), "even": BOOL(place % 2 == 0)}
    for place in range(4)
]
GLOBAL = ["all", "keys", "include"]
LOCAL = ["local-all", "local-keys", "local-include"]


@pytest.fixture(scope="module")
def table(dynamodb):
    included = ["x", "even"]
    with indexed_table(
            dynamodb, *KEYS, more=["g:S", "l:N"], items=ITEMS,
            gsi=[index("all", "g", "sk"), index("keys", "g", "sk", "KEYS_ONLY"),
                 index("include", "g", "sk", included)],
            lsi=[index("local-all", "pk", "l"), index("local-keys", "pk", "l", "KEYS_ONLY"),
                 index("local-include", "pk", "l", included)]) as made:
        yield made


def query_all(table, name, values=None, **parameters):
    partition, value = ("pk", "p") if name.startswith("local") else ("g", "x")
    return query_index(table, name, f"{partition} = :part", {":part": S(value), **(values or {})},
                       **parameters)


def scan_all(table, name, values=None, **parameters):
    if values:
        parameters["ExpressionAttributeValues"] = values
    return scan_index(table, name, **parameters)


@pytest.fixture(params=[query_all, scan_all], ids=["query", "scan"])
def read(request):
    return request.param


def only(*names):
    """All items with only those attributes."""
    return [{name: item[name] for name in names} for item in ITEMS]


# The attributes of an item that each index has.
PROJECTED = {
    "all": ("pk", "sk", "g", "l", "x", "y", "even"),
    "keys": ("pk", "sk", "g"),
    "include": ("pk", "sk", "g", "x", "even"),
    "local-all": ("pk", "sk", "g", "l", "x", "y", "even"),
    "local-keys": ("pk", "sk", "l"),
    "local-include": ("pk", "sk", "l", "x", "even"),
}


def in_order(name, items):
    """The items in the order of the index. Local indexes are sorted by `l`, which falls as `sk`
    grows.
    """
    return items[::-1] if name.startswith("local") else items


@pytest.mark.parametrize("name", PROJECTED)
class TestSelect:
    def test_default_and_all_projected_attributes(self, table, read, name):
        expected = in_order(name, only(*PROJECTED[name]))
        assert read(table, name)["Items"] == expected
        assert read(table, name, Select="ALL_PROJECTED_ATTRIBUTES")["Items"] == expected

    def test_count(self, table, read, name):
        page = read(table, name, Select="COUNT")
        assert (page["Count"], page["ScannedCount"]) == (4, 4)
        assert "Items" not in page

    @pytest.mark.parametrize("select", [{}, {"Select": "SPECIFIC_ATTRIBUTES"}],
                             ids=["implied", "given"])
    def test_specific_attributes(self, table, read, name, select):
        page = read(table, name, ProjectionExpression="sk, pk", **select)
        assert page["Items"] == in_order(name, only("pk", "sk"))

    def test_projection_with_another_select(self, table, read, name):
        for select, text in (
                ("COUNT", "only the Count"), ("ALL_ATTRIBUTES", "ALL_ATTRIBUTES"),
                ("ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")):
            with refused(VALIDATION, f"{ONE}Cannot specify the ProjectionExpression when choosing "
                         f"to get {text}"):
                read(table, name, Select=select, ProjectionExpression="sk")

    def test_specific_attributes_without_projection(self, table, read, name):
        with refused(VALIDATION, f"{ONE}Must specify the AttributesToGet or ProjectionExpression "
                     "when choosing to get SPECIFIC_ATTRIBUTES"):
            read(table, name, Select="SPECIFIC_ATTRIBUTES")


def test_all_projected_attributes_of_a_table(table):
    with refused(VALIDATION, f"{ONE}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using "
                 "an IndexName"):
        table.client.scan(TableName=table.name, Select="ALL_PROJECTED_ATTRIBUTES")


class TestGlobalIndex:
    def test_all_attributes_if_all_are_projected(self, table, read):
        assert read(table, "all", Select="ALL_ATTRIBUTES")["Items"] == ITEMS

    @pytest.mark.parametrize("name", ["keys", "include"])
    def test_all_attributes_if_not_all_are_projected(self, table, read, name):
        with refused(VALIDATION, f"{INVALID}Select type ALL_ATTRIBUTES is not supported for global "
                     f"secondary index {name} because its projection type is not ALL"):
            read(table, name, Select="ALL_ATTRIBUTES")

    @pytest.mark.parametrize("name", GLOBAL)
    def test_consistent_read(self, table, read, name):
        with refused(VALIDATION,
                     "Consistent reads are not supported on global secondary indexes"):
            read(table, name, ConsistentRead=True)
        assert read(table, name, ConsistentRead=False)["Count"] == 4

    def test_consistent_read_comes_before_select_and_start_key(self, table, read):
        with refused(VALIDATION,
                     "Consistent reads are not supported on global secondary indexes"):
            read(table, "keys", ConsistentRead=True, Select="ALL_ATTRIBUTES",
                 ExclusiveStartKey={"g": S("x")})

    @pytest.mark.parametrize("name, expression, missing", [
        ("keys", "x", "x"), ("keys", "sk, y, x.a[0], l", "l, x, y"), ("include", "x, l", "l"),
        ("include", "g, y", "y"), ("keys", "nothing", "nothing")])
    def test_projection_of_what_it_does_not_hold(self, table, read, name, expression, missing):
        with refused(VALIDATION, f"{INVALID}Global secondary index {name} does not project "
                     f"[{missing}]"):
            read(table, name, ProjectionExpression=expression)

    def test_projection_of_nested_attributes(self, table, read):
        page = read(table, "include", ProjectionExpression="x.a[0]")
        assert page["Items"] == [{"x": M(a=L(N(place)))} for place in range(4)]

    def test_newest_write_is_seen(self, dynamodb):
        """AWS's global indexes lag a little behind the table; Weir's do not."""
        with indexed_table(dynamodb, "pk:S", more=["g:S"], gsi=[index("by-g", "g")]) as made:
            for number in range(20):
                made.put({"pk": S(str(number)), "g": S("x")})
                page = query_index(made, "by-g", "g = :g", {":g": S("x")})
                assert page["Count"] == number + 1


class TestFetching:
    """A local index can return all attributes of the table's items: it fetches those that it lacks.
    """

    @pytest.mark.parametrize("name", LOCAL)
    @pytest.mark.parametrize("consistent", [True, False])
    def test_all_attributes(self, table, read, name, consistent):
        page = read(table, name, Select="ALL_ATTRIBUTES", ConsistentRead=consistent)
        assert page["Items"] == ITEMS[::-1]

    @pytest.mark.parametrize("name", LOCAL)
    @pytest.mark.parametrize("expression, names", [
        ("y", ["y"]), ("x, y", ["x", "y"]), ("sk, g", ["sk", "g"]), ("l, even", ["l", "even"]),
        ("nothing", [])])
    def test_projection(self, table, read, name, expression, names):
        assert read(table, name, ProjectionExpression=expression)["Items"] == only(*names)[::-1]

    def test_nested_projection(self, table, read):
        page = read(table, "local-keys", ProjectionExpression="x.a[1], sk", Limit=1)
        assert page["Items"] == [{"x": M(a=L(S("deep"))), "sk": N(3)}]

    def test_limit_and_start_key(self, table, read):
        page = read(table, "local-keys", Select="ALL_ATTRIBUTES", Limit=3)
        assert page["Items"] == ITEMS[:0:-1]
        assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(1), "l": N(-1)}
        page = read(table, "local-keys", Select="ALL_ATTRIBUTES",
                    ExclusiveStartKey=page["LastEvaluatedKey"])
        assert page["Items"] == ITEMS[:1]

    def test_filter_on_what_is_projected(self, table, read):
        page = read(table, "local-include", {":e": BOOL(True)}, Select="ALL_ATTRIBUTES",
                    FilterExpression="even = :e")
        assert page["Items"] == [ITEMS[2], ITEMS[0]]
        assert page["ScannedCount"] == 4

    def test_filter_and_projection(self, table, read):
        page = read(table, "local-include", {":e": BOOL(True)}, FilterExpression="even = :e",
                    ProjectionExpression="y, sk")
        assert page["Items"] == [{"y": ITEMS[0]["y"], "sk": N(place)} for place in (2, 0)]

    def test_page_of_1_mb(self, dynamodb):
        """A page counts each fetched item as its size rounded up to 4 KB, and all of its entries in
        the index together (AWS's guide to local indexes).
        """
        size = 4 * 1024 + 1
        items = [{"pk": S("p"), "sk": N(100 + place), "l": N(100 + place)} for place in range(130)]
        for item in items:
            # Counts "pk", "p", "sk", "l", "v", and two numbers of two or three bytes.
            number = 3 if int(item["sk"]["N"]) % 100 else 2
            item["v"] = S("v" * (size - len("pk" "p" "sk" "l" "v") - 2 * number))
        with indexed_table(dynamodb, *KEYS, more=["l:N"], items=items,
                           lsi=[index("local", "pk", "l", "KEYS_ONLY")]) as made:
            def page(**parameters):
                return query_index(made, "local", "pk = :p", {":p": S("p")}, **parameters)

            assert page()["Count"] == 130
            first = page(Select="ALL_ATTRIBUTES")
            assert first["Items"] == items[:128]
            rest = page(Select="ALL_ATTRIBUTES", ExclusiveStartKey=first["LastEvaluatedKey"])
            assert rest["Items"] == items[128:]
            assert "LastEvaluatedKey" not in rest
            assert page(ProjectionExpression="v")["Count"] == 128

    def test_largest_items_fill_a_page(self, dynamodb):
        items = [{"pk": S("p"), "sk": N(place), "l": N(place), "v": S("v" * 400_000)}
                 for place in range(5)]
        with indexed_table(dynamodb, *KEYS, more=["l:N"], items=items,
                           lsi=[index("local", "pk", "l", "KEYS_ONLY")]) as made:
            first = query_index(made, "local", "pk = :p", {":p": S("p")}, Select="ALL_ATTRIBUTES")
            assert column(first) == ["0", "1", "2"]
            assert first["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(2), "l": N(2)}


class TestFilter:
    @pytest.mark.parametrize("name", ["all", "include", "local-all", "local-include"])
    def test_on_what_is_projected(self, table, read, name):
        page = read(table, name, {":e": BOOL(True), ":n": N(0)},
                    FilterExpression="even = :e AND x.a[0] > :n")
        assert page["Items"] == only(*PROJECTED[name])[2:3]
        assert (page["Count"], page["ScannedCount"]) == (1, 4)

    def test_on_the_keys_of_the_table(self, table):
        """The table's keys are not the index's keys, so a query may filter by them."""
        page = query_all(table, "keys", {":p": S("p")}, FilterExpression="pk = :p")
        assert page["Count"] == 4
        page = query_all(table, "local-keys", {":n": N(1)}, FilterExpression="sk > :n")
        assert column(page) == ["3", "2"]

    @pytest.mark.parametrize("name, key", [
        ("all", "g"), ("all", "sk"), ("keys", "g"), ("local-all", "pk"), ("local-keys", "l")])
    def test_query_by_the_keys_of_the_index(self, table, name, key):
        with refused(VALIDATION, "Filter Expression can only contain non-primary key attributes: "
                     f"Primary key attribute: {key}"):
            query_all(table, name, FilterExpression=f"attribute_exists({key})")

    @pytest.mark.parametrize("name, condition, expected", [
        ("all", "g = :s", ["0", "1", "2", "3"]), ("keys", "sk > :n", ["2", "3"]),
        ("local-keys", "l < :m", ["3", "2"])])
    def test_scan_by_the_keys_of_the_index(self, table, name, condition, expected):
        values = {":s": S("x"), ":n": N(1), ":m": N(-1)}
        used = {text: value for text, value in values.items() if text in condition}
        page = scan_all(table, name, used, FilterExpression=condition)
        assert column(page) == expected

    @pytest.mark.parametrize("name", ["keys", "local-keys"])
    @pytest.mark.parametrize("select", [None, "COUNT"])
    def test_query_by_what_is_not_projected(self, table, name, select):
        parameters = {} if select is None else {"Select": select}
        with refused(VALIDATION, f"{INVALID}Secondary index {name} does not project one or more "
                     "filter attributes: [x, y]"):
            query_all(table, name, {":v": S("x")}, FilterExpression="y = :v OR x.a[0] = :v",
                      **parameters)

    def test_counts(self, table, read):
        page = read(table, "include", {":e": BOOL(False)}, Select="COUNT",
                    FilterExpression="even = :e")
        assert (page["Count"], page["ScannedCount"]) == (2, 4)
