# SPDX-License-Identifier: Apache-2.0
"""The 1 MB that a page of Query and Scan holds.

Items are added until the total is over 1 MB, so the item that crosses the limit is on the page.
"""

import pytest

from reading import column, filled, pages, query, scan
from values import N, S

# Of 100,000 bytes each, ten stay below 1 MB and the eleventh crosses it.
ITEM = 100_000
PER_PAGE = 11


def items_of(count, size, name="v"):
    """`count` items of the partition "p", with the sort keys 10, 11, ..: each of
    these numbers counts two bytes."""
    text = S("x" * (size - len("pk" + "p" + "sk" + name) - 2))
    return [{"pk": S("p"), "sk": N(10 + i), name: text} for i in range(count)]


def query_all(table, **parameters):
    values = {":p": S("p"), **parameters.pop("ExpressionAttributeValues", {})}
    return query(table, "pk = :p", values, **parameters)


@pytest.fixture(scope="module")
def big(dynamodb):
    """25 items of 100,000 bytes in one partition."""
    with filled(dynamodb, items_of(25, ITEM), "pk:S", "sk:N") as table:
        yield table


@pytest.fixture(params=[query_all, scan], ids=["query", "scan"])
def read(request):
    return request.param


def sort_keys(first, count):
    return [str(10 + first + i) for i in range(count)]


def test_page_ends_with_the_item_that_crosses_the_limit(read, big):
    page = read(big)
    assert column(page) == sort_keys(0, PER_PAGE)
    assert page["Count"] == page["ScannedCount"] == PER_PAGE
    assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(20)}


def test_pages_join_to_the_whole(read, big):
    found = [column(page) for page in pages(read, big)]
    assert found == [sort_keys(0, 11), sort_keys(11, 11), sort_keys(22, 3)]


def test_backwards(big):
    found = [column(page) for page in pages(query_all, big, ScanIndexForward=False)]
    assert [len(page) for page in found] == [11, 11, 3]
    assert [text for page in found for text in page] == sort_keys(0, 25)[::-1]


def test_page_is_measured_before_the_filter(read, big):
    page = read(big, FilterExpression="v = :x", ExpressionAttributeValues={":x": S("x")})
    assert (page["Items"], page["Count"], page["ScannedCount"]) == ([], 0, PER_PAGE)
    assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(20)}


def test_page_is_measured_before_the_projection(read, big):
    page = read(big, ProjectionExpression="sk")
    assert page["Items"] == [{"sk": N(text)} for text in sort_keys(0, PER_PAGE)]
    assert "LastEvaluatedKey" in page


def test_count_is_paged_too(read, big):
    found = list(pages(read, big, Select="COUNT"))
    assert [page["Count"] for page in found] == [11, 11, 3]
    assert all("Items" not in page for page in found)


@pytest.mark.parametrize("limit, count", [(5, 5), (11, 11), (12, 11), (100, 11)])
def test_the_smaller_of_limit_and_1_mb_ends_the_page(read, big, limit, count):
    page = read(big, Limit=limit)
    assert column(page) == sort_keys(0, count)
    assert page["LastEvaluatedKey"] == {"pk": S("p"), "sk": N(9 + count)}


@pytest.mark.parametrize("consistent, units", [(True, 269), (False, 134.5)])
def test_capacity_of_a_page(big, consistent, units):
    """11 items of 100,000 bytes, rounded up to 4 KB together."""
    page = query_all(big, ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL")
    assert page["ConsumedCapacity"]["CapacityUnits"] == units


@pytest.mark.parametrize("count, keyed", [(10, False), (11, True)])
def test_last_item_of_all_crosses_the_limit(dynamodb, read, count, keyed):
    """The key is given though nothing follows it."""
    with filled(dynamodb, items_of(count, ITEM), "pk:S", "sk:N") as table:
        page = read(table)
        assert page["Count"] == count
        assert ("LastEvaluatedKey" in page) == keyed
        if keyed:
            rest = read(table, ExclusiveStartKey=page["LastEvaluatedKey"])
            assert rest["Items"] == []
            assert "LastEvaluatedKey" not in rest


def test_largest_items(dynamodb, read):
    """Two items of 400 KB are below 1 MB, the third crosses it."""
    with filled(dynamodb, items_of(4, 400 * 1024), "pk:S", "sk:N") as table:
        assert [column(page) for page in pages(read, table)] == [sort_keys(0, 3), sort_keys(3, 1)]


@pytest.mark.parametrize("size, name, keyed", [(41_660, "v", True), (41_914, "v" * 255, False)],
                         ids=["short name", "long name"])
def test_page_counts_the_stored_size(dynamodb, read, size, name, keyed):
    """Observed on AWS: 25 items of 41,660 bytes with short names end in a key, 25 of 41,914 bytes
    of which 255 are a name do not; both are below 1 MB by the documented size of an item."""
    with filled(dynamodb, items_of(25, size, name), "pk:S", "sk:N") as table:
        page = read(table)
        assert page["Count"] == 25
        assert ("LastEvaluatedKey" in page) == keyed
