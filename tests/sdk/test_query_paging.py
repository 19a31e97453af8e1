# SPDX-License-Identifier: Apache-2.0
"""Pages of a Query: Limit, LastEvaluatedKey, ExclusiveStartKey and its errors.

test_page_size.py tests the limit of 1 MB.
"""

import pytest
from errors import VALIDATION, refused
from reading import column, filled, pages, query
from values import BOOL, NULL, B, N, S

COUNT = 10
ALL = [str(number) for number in range(COUNT)]
PARTITION = {":p": S("p")}
START_KEY = "The provided starting key is invalid"
OUTSIDE = ("The provided starting key is outside query boundaries based on provided conditions")
PREDICATE = "The provided starting key does not match the range key predicate"
ONE_ROW = "The query can return at most one row and cannot be restarted"


def key(number):
    return {"pk": S("p"), "sk": N(number)}


@pytest.fixture(scope="module")
def numbered(dynamodb):
    """A table with the sort keys 0 to 9 in the partitions "p" and "q"."""
    items = [{**key(number), "odd": BOOL(number % 2 == 1)} for number in range(COUNT)]
    items += [{"pk": S("q"), "sk": N(number)} for number in range(COUNT)]
    with filled(dynamodb, items, "pk:S", "sk:N") as table:
        yield table


class TestLimit:
    @pytest.mark.parametrize("forward", [True, False])
    @pytest.mark.parametrize("limit", [1, 3, 5, 7, 9])
    def test_pages_join_to_the_whole(self, numbered, limit, forward):
        found = list(pages(query, numbered, "pk = :p", PARTITION, Limit=limit,
                           ScanIndexForward=forward))
        expected = ALL if forward else ALL[::-1]
        assert [text for page in found for text in column(page)] == expected
        assert [page["Count"] for page in found[:-1]] == [limit] * (len(found) - 1)

    @pytest.mark.parametrize("forward", [True, False])
    def test_last_evaluated_key_is_the_key_of_the_last_item(self, numbered, forward):
        page = query(numbered, "pk = :p", PARTITION, Limit=4, ScanIndexForward=forward)
        assert page["LastEvaluatedKey"] == key(3 if forward else 6)

    @pytest.mark.parametrize("forward", [True, False])
    def test_limit_reached_with_the_last_item(self, numbered, forward):
        """There is a key, although nothing follows it."""
        page = query(numbered, "pk = :p", PARTITION, Limit=COUNT, ScanIndexForward=forward)
        assert page["Count"] == COUNT
        assert page["LastEvaluatedKey"] == key(9 if forward else 0)
        rest = query(numbered, "pk = :p", PARTITION, Limit=COUNT, ScanIndexForward=forward,
                     ExclusiveStartKey=page["LastEvaluatedKey"])
        assert (rest["Items"], rest["Count"], rest["ScannedCount"]) == ([], 0, 0)
        assert "LastEvaluatedKey" not in rest

    @pytest.mark.parametrize("limit", [COUNT + 1, 1000, 2**31 - 1])
    def test_limit_not_reached(self, numbered, limit):
        page = query(numbered, "pk = :p", PARTITION, Limit=limit)
        assert page["Count"] == COUNT
        assert "LastEvaluatedKey" not in page

    def test_limit_counts_items_before_the_filter(self, numbered):
        page = query(numbered, "pk = :p", {**PARTITION, ":odd": BOOL(True)}, Limit=4,
                     FilterExpression="odd = :odd")
        assert column(page) == ["1", "3"]
        assert (page["Count"], page["ScannedCount"]) == (2, 4)
        assert page["LastEvaluatedKey"] == key(3)

    def test_key_of_an_item_that_the_filter_dropped(self, numbered):
        page = query(numbered, "pk = :p", {**PARTITION, ":x": S("x")}, Limit=3,
                     FilterExpression="odd = :x")
        assert (page["Items"], page["Count"], page["ScannedCount"]) == ([], 0, 3)
        assert page["LastEvaluatedKey"] == key(2)

    def test_limit_with_a_sort_condition(self, numbered):
        found = list(pages(query, numbered, "pk = :p AND sk BETWEEN :a AND :b",
                           {**PARTITION, ":a": N(2), ":b": N(6)}, Limit=2))
        assert [column(page) for page in found] == [["2", "3"], ["4", "5"], ["6"]]

    def test_query_for_one_item_ends(self, numbered):
        """A paginator gets the item once and no error, whether there is a key after it or not."""
        found = pages(query, numbered, "pk = :p AND sk = :s", {**PARTITION, ":s": N(5)}, Limit=1)
        assert [text for page in found for text in column(page)] == ["5"]

    def test_key_holds_only_the_key_whatever_is_projected(self, numbered):
        page = query(numbered, "pk = :p", PARTITION, Limit=2, ProjectionExpression="odd")
        assert page["Items"] == [{"odd": BOOL(False)}, {"odd": BOOL(True)}]
        assert page["LastEvaluatedKey"] == key(1)

    def test_query_of_a_hash_only_table_ends(self, table):
        table.put({"pk": S("a")})
        found = pages(query, table, "pk = :p", {":p": S("a")}, Limit=1)
        assert [item for page in found for item in page["Items"]] == [{"pk": S("a")}]

    def test_paginator(self, numbered):
        paginator = numbered.client.get_paginator("query")
        found = paginator.paginate(
            TableName=numbered.name, KeyConditionExpression="pk = :p",
            ExpressionAttributeValues=PARTITION, PaginationConfig={"PageSize": 3})
        assert [column(page) for page in found] == [ALL[0:3], ALL[3:6], ALL[6:9], ALL[9:]]

    def test_paginator_with_a_token(self, numbered):
        paginator = numbered.client.get_paginator("query")
        request = {"TableName": numbered.name, "KeyConditionExpression": "pk = :p",
                   "ExpressionAttributeValues": PARTITION}
        first = paginator.paginate(
            **request, PaginationConfig={"PageSize": 2, "MaxItems": 5}).build_full_result()
        assert column(first) == ALL[:5]
        rest = paginator.paginate(
            **request, PaginationConfig={"StartingToken": first["NextToken"]}).build_full_result()
        assert column(rest) == ALL[5:]


class TestStartKey:
    @pytest.mark.parametrize("place", range(COUNT))
    def test_is_exclusive(self, numbered, place):
        forward = query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=key(place))
        assert column(forward) == ALL[place + 1:]
        backward = query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=key(place),
                         ScanIndexForward=False)
        assert column(backward) == ALL[:place][::-1]

    @pytest.mark.parametrize("number, below", [
        ("-5", 0), ("0.5", 1), ("3.999", 4), ("8.5", 9), ("77", 10)])
    def test_need_not_exist(self, numbered, number, below):
        forward = query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=key(number))
        assert column(forward) == ALL[below:]
        backward = query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=key(number),
                         ScanIndexForward=False)
        assert column(backward) == ALL[:below][::-1]

    def test_equal_number_in_another_spelling(self, numbered):
        page = query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=key("7.00"))
        assert column(page) == ["8", "9"]

    def test_deleted_between_two_pages(self, make_table):
        table = make_table("pk:S", "sk:N")
        for number in range(4):
            table.put(key(number))
        page = query(table, "pk = :p", PARTITION, Limit=2)
        table.delete(page["LastEvaluatedKey"])
        rest = query(table, "pk = :p", PARTITION, ExclusiveStartKey=page["LastEvaluatedKey"])
        assert column(rest) == ["2", "3"]

    @pytest.mark.parametrize("condition, values, start, rest", [
        ("sk > :a", {":a": N(4)}, 6, ALL[7:]),
        ("sk >= :a", {":a": N(4)}, 4, ALL[5:]),
        ("sk < :a", {":a": N(4)}, 1, ALL[2:4]),
        ("sk <= :a", {":a": N(4)}, 4, []),
        ("sk BETWEEN :a AND :b", {":a": N(2), ":b": N(5)}, 3, ["4", "5"]),
    ])
    def test_inside_the_sort_condition(self, numbered, condition, values, start, rest):
        page = query(numbered, f"pk = :p AND {condition}", {**PARTITION, **values},
                     ExclusiveStartKey=key(start))
        assert column(page) == rest

    @pytest.mark.parametrize("condition, values, start", [
        ("sk > :a", {":a": N(4)}, 4),
        ("sk >= :a", {":a": N(4)}, 3),
        ("sk < :a", {":a": N(4)}, 4),
        ("sk <= :a", {":a": N(4)}, 5),
        (":a < sk", {":a": N(4)}, 4),
        ("sk BETWEEN :a AND :b", {":a": N(2), ":b": N(5)}, 1),
        ("sk BETWEEN :a AND :b", {":a": N(2), ":b": N(5)}, 6),
    ])
    @pytest.mark.parametrize("forward", [True, False])
    def test_outside_the_sort_condition(self, numbered, condition, values, start, forward):
        with refused(VALIDATION, PREDICATE):
            query(numbered, f"pk = :p AND {condition}", {**PARTITION, **values},
                  ExclusiveStartKey=key(start), ScanIndexForward=forward)

    def test_without_the_prefix_of_the_condition(self, make_table):
        table = make_table("pk:S", "sk:S")
        with refused(VALIDATION, PREDICATE):
            query(table, "pk = :p AND begins_with(sk, :v)", {**PARTITION, ":v": S("a")},
                  ExclusiveStartKey={"pk": S("p"), "sk": S("b")})

    def test_of_another_partition(self, numbered):
        with refused(VALIDATION, OUTSIDE):
            query(numbered, "pk = :p", PARTITION, ExclusiveStartKey={"pk": S("q"), "sk": N(1)})

    @pytest.mark.parametrize("condition, message", [("sk > :a", PREDICATE), ("sk < :a", ONE_ROW)])
    def test_of_another_partition_with_a_sort_condition(self, numbered, condition, message):
        """AWS compares the sort key first, and has this odd text for the partition."""
        with refused(VALIDATION, message):
            query(numbered, f"pk = :p AND {condition}", {**PARTITION, ":a": N(4)},
                  ExclusiveStartKey={"pk": S("q"), "sk": N(1)})

    def test_of_another_partition_in_a_query_for_one_item(self, numbered):
        with refused(VALIDATION, ONE_ROW):
            query(numbered, "pk = :p AND sk = :s", {**PARTITION, ":s": N(5)},
                  ExclusiveStartKey={"pk": S("q"), "sk": N(5)})

    def test_on_a_hash_only_table(self, table):
        with refused(VALIDATION, "The provided exclusive start key is invalid: "
                     "ExclusiveStartKey: {pk=AttributeValue: {S:p}}"):
            query(table, "pk = :p", PARTITION, ExclusiveStartKey={"pk": S("p")})

    @pytest.mark.parametrize("start", [
        {},
        {"pk": S("p")},
        {"sk": N(1)},
        {"pk": S("p"), "x": N(1)},
        {"pk": S("p"), "sk": N(1), "x": N(1)},
        {"pk": N(1), "sk": N(1)},
        {"pk": S("p"), "sk": S("1")},
        {"pk": S("p"), "sk": B(b"1")},
        {"pk": S("p"), "sk": NULL},
    ], ids=str)
    def test_that_does_not_fit_the_schema(self, numbered, start):
        with refused(VALIDATION, START_KEY):
            query(numbered, "pk = :p", PARTITION, ExclusiveStartKey=start)

    @pytest.mark.parametrize("value, fault", [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported "
         "datatypes"),
        ({"N": "1", "S": "1"}, "Supplied AttributeValue has more than one datatypes set, must "
         "contain exactly one of the supported datatypes"),
        ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
    ], ids=["none", "two", "number"])
    def test_value_that_is_none(self, numbered, unchecked, value, fault):
        with refused(VALIDATION, f"{START_KEY}: {fault}"):
            unchecked.query(
                TableName=numbered.name, KeyConditionExpression="pk = :p",
                ExpressionAttributeValues=PARTITION,
                ExclusiveStartKey={"pk": S("p"), "sk": value})
