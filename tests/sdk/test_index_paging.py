# SPDX-License-Identifier: Apache-2.0
"""Pages of queries and scans of secondary indexes: Limit, 1 MB, start keys and their faults,
segments."""

import pytest
from errors import INVALID, VALIDATION, refused
from indexes import index, indexed_table, query_index, repr_of, scan_index
from reading import column
from values import BOOL, NULL, B, N, S

COUNT = 12
START_KEY = "The provided starting key is invalid"
OUTSIDE = "The provided starting key is outside query boundaries based on provided conditions"
PREDICATE = "The provided starting key does not match the range key predicate"
KEYS = ("pk:S", "sk:N")
INDEXES = {
    "more": ["g:S", "h:N", "l:S"],
    "gsi": [index("sorted", "g", "h"), index("unsorted", "g", wanted="KEYS_ONLY")],
    "lsi": [index("local", "pk", "l", ["odd"])],
}


def item_of(place):
    """An item. Three neighbours have the same `h`, four the same `l`."""
    return {"pk": S("p"), "sk": N(place), "g": S("x"), "h": N(place // 3), "l": S(str(place // 4)),
            "odd": BOOL(place % 2 == 1)}


@pytest.fixture(scope="module")
def table(dynamodb):
    items = [item_of(place) for place in range(COUNT)]
    items += [{**item_of(place), "pk": S("q"), "g": S("y")} for place in range(COUNT)]
    items += [{"pk": S("p"), "sk": N(100)}]
    with indexed_table(dynamodb, *KEYS, items=items[::2] + items[1::2], **INDEXES) as made:
        yield made


# For each index, the query for the one partition with all items.
QUERIES = {
    "sorted": ("g = :v", {":v": S("x")}),
    "unsorted": ("g = :v", {":v": S("x")}),
    "local": ("pk = :v", {":v": S("p")}),
}


def find(table, name, **parameters):
    return query_index(table, name, *QUERIES[name], **parameters)


def follow(read, *arguments, **parameters):
    """All pages. Each starts after the end of the last one."""
    found = []
    while True:
        found.append(read(*arguments, **parameters))
        if "LastEvaluatedKey" not in found[-1]:
            return found
        assert len(found) < 100, "the pages do not end"
        parameters["ExclusiveStartKey"] = found[-1]["LastEvaluatedKey"]


def places(found):
    return [int(place) for page in found for place in column(page)]


def start_of(name, item):
    keys = {"sorted": "gh", "unsorted": "g", "local": "l"}[name]
    return {key: item[key] for key in ("pk", "sk", *keys)}


@pytest.mark.parametrize("name", QUERIES)
class TestLimit:
    @pytest.mark.parametrize("limit", [1, 2, 3, 5, 11])
    @pytest.mark.parametrize("forward", [True, False])
    def test_pages_join_to_the_whole(self, table, name, limit, forward):
        """Although many index keys are equal, no item comes twice and none is missing."""
        whole = places([find(table, name, ScanIndexForward=forward)])
        assert sorted(whole) == list(range(COUNT))
        found = follow(find, table, name, Limit=limit, ScanIndexForward=forward)
        assert places(found) == whole
        assert [page["Count"] for page in found[:-1]] == [limit] * (len(found) - 1)

    def test_key_of_a_page(self, table, name):
        page = find(table, name, Limit=4)
        assert page["LastEvaluatedKey"] == start_of(name, item_of(int(column(page)[-1])))

    def test_backward_is_forward_turned_round(self, table, name):
        forward, backward = (places([find(table, name, ScanIndexForward=way)])
                             for way in (True, False))
        assert backward == forward[::-1]

    def test_limit_reached_with_the_last_item(self, table, name):
        page = find(table, name, Limit=COUNT)
        assert page["Count"] == COUNT
        rest = find(table, name, Limit=COUNT, ExclusiveStartKey=page["LastEvaluatedKey"])
        assert rest["Items"] == []
        assert "LastEvaluatedKey" not in rest

    def test_limit_not_reached(self, table, name):
        assert "LastEvaluatedKey" not in find(table, name, Limit=COUNT + 1)

    def test_key_whatever_is_projected(self, table, name):
        page = find(table, name, Limit=1, ProjectionExpression="sk")
        assert set(page["Items"][0]) == {"sk"}
        assert set(page["LastEvaluatedKey"]) == set(start_of(name, item_of(0)))

    def test_count_is_paged(self, table, name):
        found = follow(find, table, name, Limit=5, Select="COUNT")
        assert [page["Count"] for page in found] == [5, 5, 2]
        assert all("Items" not in page for page in found)

    def test_start_key_that_does_not_exist(self, table, name):
        start = {**start_of(name, item_of(5)), "sk": N("5.5")}
        whole = places([find(table, name)])
        forward = places([find(table, name, ExclusiveStartKey=start)])
        backward = places([find(table, name, ExclusiveStartKey=start, ScanIndexForward=False)])
        # The start key splits the items into those before it and those after it.
        assert backward[::-1] + forward == whole

    def test_item_deleted_between_two_pages(self, dynamodb, name):
        items = [item_of(place) for place in range(6)]
        with indexed_table(dynamodb, *KEYS, items=items, **INDEXES) as made:
            whole = places([find(made, name)])
            page = find(made, name, Limit=3)
            made.delete({key: page["LastEvaluatedKey"][key] for key in ("pk", "sk")})
            rest = find(made, name, ExclusiveStartKey=page["LastEvaluatedKey"])
            assert places([page, rest]) == whole

    def test_item_moved_between_two_pages(self, dynamodb, name):
        """An item that moves to a place after the page's end is found again: pages are no snapshot.
        """
        items = [{**item_of(place), "h": N(place), "l": S(f"{place:02}")} for place in range(6)]
        with indexed_table(dynamodb, *KEYS, items=items, **INDEXES) as made:
            page = find(made, name, Limit=3)
            key = {key: page["LastEvaluatedKey"][key] for key in ("pk", "sk")}
            made.update(key, "SET h = :h, l = :l", {":h": N(99), ":l": S("99")})
            rest = places([find(made, name, ExclusiveStartKey=page["LastEvaluatedKey"])])
            if name == "unsorted":
                assert len(rest) == 3
            else:
                assert rest == [3, 4, 5, 2]


def test_limit_counts_items_before_the_filter(table):
    """The first eight items are two groups of four with equal sort keys."""
    page = query_index(table, "local", "pk = :v", {":v": S("p"), ":o": BOOL(True)}, Limit=8,
                       FilterExpression="odd = :o")
    assert (page["Count"], page["ScannedCount"]) == (4, 8)
    assert page["LastEvaluatedKey"]["l"] == S("1")
    assert sorted(places([page])) == [1, 3, 5, 7]


class TestStartKeyOfAQuery:
    @pytest.mark.parametrize("start", [
        {},
        {"pk": S("p"), "sk": N(1)},
        {"g": S("x"), "h": N(0)},
        {"g": S("x"), "pk": S("p"), "sk": N(1)},
        {"g": S("x"), "h": N(0), "pk": S("p")},
        {"g": S("x"), "h": N(0), "pk": S("p"), "sk": N(1), "l": S("0")},
        {"g": S("x"), "h": N(0), "pk": S("p"), "x": N(1)},
        {"g": S("x"), "h": S("0"), "pk": S("p"), "sk": N(1)},
        {"g": B(b"x"), "h": N(0), "pk": S("p"), "sk": N(1)},
        {"g": S("x"), "h": N(0), "pk": N(1), "sk": N(1)},
        {"g": S("x"), "h": N(0), "pk": S("p"), "sk": NULL},
    ], ids=str)
    def test_that_does_not_fit(self, table, start):
        with refused(VALIDATION, START_KEY):
            find(table, "sorted", ExclusiveStartKey=start)

    def test_of_a_local_index_without_its_sort_key(self, table):
        with refused(VALIDATION, START_KEY):
            find(table, "local", ExclusiveStartKey={"pk": S("p"), "sk": N(1)})

    def test_of_an_index_for_the_table(self, table):
        with refused(VALIDATION, START_KEY):
            table.client.query(
                TableName=table.name, KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": S("p")},
                ExclusiveStartKey=start_of("sorted", item_of(1)))

    @pytest.mark.parametrize("name, change", [
        ("sorted", {"g": S("y")}), ("unsorted", {"g": S("nobody")}), ("local", {"pk": S("q")})])
    def test_of_another_partition(self, table, name, change):
        with refused(VALIDATION, OUTSIDE):
            find(table, name, ExclusiveStartKey={**start_of(name, item_of(1)), **change})

    @pytest.mark.parametrize("condition, values, sort", [
        ("h > :a", {":a": N(1)}, 1),
        ("h >= :a", {":a": N(1)}, 0),
        ("h < :a", {":a": N(2)}, 2),
        ("h <= :a", {":a": N(2)}, 3),
        ("h = :a", {":a": N(2)}, 1),
        ("h BETWEEN :a AND :b", {":a": N(1), ":b": N(2)}, 0),
        ("h BETWEEN :a AND :b", {":a": N(1), ":b": N(2)}, 3),
    ])
    @pytest.mark.parametrize("forward", [True, False])
    def test_outside_the_sort_condition(self, table, condition, values, sort, forward):
        start = {**start_of("sorted", item_of(1)), "h": N(sort)}
        with refused(VALIDATION, PREDICATE):
            query_index(table, "sorted", f"g = :g AND {condition}", {":g": S("x"), **values},
                        ExclusiveStartKey=start, ScanIndexForward=forward)

    def test_inside_an_equal_sort_key(self, table):
        """Unlike a table's key, a whole index key may belong to many items, so the query may
        continue.
        """
        found = follow(query_index, table, "sorted", "g = :g AND h = :h",
                       {":g": S("x"), ":h": N(1)}, Limit=1)
        assert sorted(places(found)) == [3, 4, 5]
        found = follow(query_index, table, "local", "pk = :p AND l = :l",
                       {":p": S("p"), ":l": S("1")}, Limit=3)
        assert sorted(places(found)) == [4, 5, 6, 7]

    @pytest.mark.parametrize("forward", [True, False])
    def test_pages_inside_a_sort_condition(self, table, forward):
        found = follow(query_index, table, "sorted", "g = :g AND h BETWEEN :a AND :b",
                       {":g": S("x"), ":a": N(1), ":b": N(2)}, Limit=2, ScanIndexForward=forward)
        assert sorted(places(found)) == [3, 4, 5, 6, 7, 8]


class TestScan:
    @pytest.mark.parametrize("name", QUERIES)
    @pytest.mark.parametrize("limit", [1, 5, 24])
    def test_pages_join_to_the_whole(self, table, name, limit):
        whole = scan_index(table, name)
        assert whole["Count"] == 2 * COUNT
        found = follow(scan_index, table, name, Limit=limit)
        assert [item for page in found for item in page["Items"]] == whole["Items"]
        for page in found[:-1]:
            assert page["Count"] == limit
            assert set(page["LastEvaluatedKey"]) == set(start_of(name, item_of(0)))

    @pytest.mark.parametrize("name", QUERIES)
    @pytest.mark.parametrize("total", [1, 2, 5, 50])
    def test_segments_join_to_the_whole(self, table, name, total):
        whole = sorted(scan_index(table, name)["Items"], key=repr_of)
        found = []
        for segment in range(total):
            for page in follow(scan_index, table, name, TotalSegments=total, Segment=segment,
                               Limit=7):
                found += page["Items"]
        assert sorted(found, key=repr_of) == whole

    def test_segments_of_many_partitions(self, dynamodb):
        """A global index is divided by the hash of its own partition key, so a partition stays in
        one segment.
        """
        items = [{"pk": S(str(i)), "g": N(i % 20)} for i in range(100)]
        with indexed_table(dynamodb, "pk:S", more=["g:N"], items=items,
                           gsi=[index("by-g", "g")]) as made:
            segments = [scan_index(made, "by-g", TotalSegments=4, Segment=segment)["Items"]
                        for segment in range(4)]
            assert sum(len(segment) for segment in segments) == 100
            parts = [{item["g"]["N"] for item in segment} for segment in segments]
            assert sum(len(part) for part in parts) == 20
            assert sum(bool(part) for part in parts) > 1

    def test_start_key_of_another_segment(self, table):
        total = 16
        for segment in range(total):
            page = scan_index(table, "sorted", TotalSegments=total, Segment=segment, Limit=1)
            if page["Items"]:
                break
        other = (segment + 1) % total
        with refused(VALIDATION, f"{START_KEY}: Invalid ExclusiveStartKey. Please use "
                     f"ExclusiveStartKey with correct Segment. TotalSegments: {total} Segment: "
                     f"{other}"):
            scan_index(table, "sorted", TotalSegments=total, Segment=other,
                       ExclusiveStartKey=page["LastEvaluatedKey"])

    @pytest.mark.parametrize("start", [
        {"pk": S("p"), "sk": N(1)},
        {"g": S("x"), "h": N(0)},
        {"g": S("x"), "h": N(0), "pk": S("p"), "sk": N(1), "l": S("0")},
        {"g": S("x"), "h": N(0), "pk": S("p"), "x": N(1)},
    ], ids=str)
    def test_start_key_that_does_not_fit(self, table, start):
        with refused(VALIDATION, START_KEY):
            scan_index(table, "sorted", ExclusiveStartKey=start)

    @pytest.mark.parametrize("change, name, expected, actual", [
        ({"g": N(1)}, "g", "S", "N"), ({"h": S("0")}, "h", "N", "S")])
    def test_start_key_of_a_wrong_type(self, table, change, name, expected, actual):
        start = {**start_of("sorted", item_of(0)), **change}
        with refused(VALIDATION, f"{INVALID}Type mismatch for Index Key {name} Expected: "
                     f"{expected} Actual: {actual} IndexName: sorted"):
            scan_index(table, "sorted", ExclusiveStartKey=start)

    @pytest.mark.parametrize("start", [{"pk": N(1), "sk": N(1)}, {"pk": S("p"), "sk": S("1")}],
                             ids=str)
    def test_start_key_of_a_wrong_type_for_the_table(self, table, start):
        """A table with indexes answers like an index. Which index AWS names is not known."""
        with refused(VALIDATION) as refusal:
            table.client.scan(TableName=table.name, ExclusiveStartKey=start)
        assert refusal.message.startswith(f"{INVALID}Type mismatch for Index Key ")

    def test_index_comes_before_the_start_key(self, table):
        with refused(VALIDATION, "The table does not have the specified index: none"):
            scan_index(table, "none", ExclusiveStartKey={"g": N(1)}, ConsistentRead=True)


class TestPageSize:
    """A page of an index ends with the entry that reaches 1 MB. Only projected attributes count."""

    @pytest.fixture(scope="class")
    @staticmethod
    def big(dynamodb):
        """14 items of 100,000 bytes with 60,000 more that only the table has."""
        items = [{"pk": S("p"), "sk": N(10 + i), "g": S("x"), "v": S("v" * 99_986),
                  "w": S("w" * 60_000)} for i in range(14)]
        with indexed_table(dynamodb, *KEYS, more=["g:S"], items=items, units=(5, 5), gsi=[
                index("include", "g", "sk", ["v"], units=(5, 5)),
                index("keys", "g", "sk", "KEYS_ONLY", units=(5, 5)),
                index("all", "g", "sk", units=(5, 5))]) as made:
            yield made

    @staticmethod
    def query(table, name, **parameters):
        return query_index(table, name, "g = :g", {":g": S("x")}, **parameters)

    @pytest.fixture(params=["query", "scan"])
    def read(self, request):
        return {"query": self.query, "scan": scan_index}[request.param]

    @pytest.mark.parametrize("name, expected", [
        ("include", [11, 3]), ("keys", [14]), ("all", [7, 7, 0])])
    def test_pages(self, big, read, name, expected):
        found = follow(read, big, name)
        assert [page["Count"] for page in found] == expected
        assert places(found) == list(range(10, 24))

    def test_measured_before_the_filter_and_the_projection(self, big, read):
        page = read(big, "include", ProjectionExpression="pk",
                    FilterExpression="attribute_not_exists(v)")
        assert (page["Count"], page["ScannedCount"]) == (0, 11)
        assert page["LastEvaluatedKey"] == {
            "pk": S("p"), "sk": N(20), "g": S("x")}

    def test_backwards(self, big):
        found = follow(self.query, big, "include", ScanIndexForward=False)
        assert [page["Count"] for page in found] == [11, 3]
        assert places(found) == list(range(23, 9, -1))

    def test_count(self, big, read):
        found = follow(read, big, "include", Select="COUNT")
        assert [page["Count"] for page in found] == [11, 3]
