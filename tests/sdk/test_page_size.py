# SPDX-License-Identifier: Apache-2.0
"""The limit of 1 MB for a page of Query or Scan.

Items are added to the page until the total has reached 1 MB, so the item that reaches it is
included.
"""

import pytest
from reading import column, filled, pages, put_all, query, scan
from values import BS, NS, SS, B, N, S

# Ten items of 100,000 bytes stay below 1 MB, and the eleventh reaches it.
ITEM = 100_000
PER_PAGE = 11


def items_of(count, size):
    """`count` items of `size` bytes in the partition "p". Their sort keys 10, 11, ... count two
    bytes each.
    """
    text = S("x" * (size - len("pk" + "p" + "sk" + "v") - 2))
    return [{"pk": S("p"), "sk": N(10 + i), "v": text} for i in range(count)]


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
    """The size of 11 items of 100,000 bytes is rounded up to 4 KB in total."""
    page = query_all(big, ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL")
    assert page["ConsumedCapacity"]["CapacityUnits"] == units


@pytest.mark.parametrize("count, keyed", [(10, False), (11, True)])
def test_last_item_of_all_crosses_the_limit(dynamodb, read, count, keyed):
    """There is a key, although nothing follows it."""
    with filled(dynamodb, items_of(count, ITEM), "pk:S", "sk:N") as table:
        page = read(table)
        assert page["Count"] == count
        assert ("LastEvaluatedKey" in page) == keyed
        if keyed:
            rest = read(table, ExclusiveStartKey=page["LastEvaluatedKey"])
            assert rest["Items"] == []
            assert "LastEvaluatedKey" not in rest


def test_largest_items(dynamodb, read):
    """Two items of 400 KB are below 1 MB, and the third reaches it."""
    with filled(dynamodb, items_of(4, 400 * 1024), "pk:S", "sk:N") as table:
        assert [column(page) for page in pages(read, table)] == [sort_keys(0, 3), sort_keys(3, 1)]


class TestStoredSize:
    """Where exactly a page ends: when its items take 1,048,576 bytes in AWS's storage.

    Each case is a boundary found on AWS, exact to the byte. All of them fit these rules. A value
    takes its size and the bytes of its length (a string 1 below 128 bytes, 2 below 16,384, else 3;
    a number or binary 1; a set 1 and 1 for each element). An attribute takes its value and 1 byte,
    however long its name is. An item takes 2 bytes, its attributes without the sort key, and 18
    bytes and the sort key for each started 3,072 bytes of these.
    """

    COUNT = 25
    PARTITION = S("partition1")

    def page(self, dynamodb, kind, items, read):
        with filled(dynamodb, items, "pk:S", f"sk:{kind}") as table:
            if read is scan:
                return scan(table)
            return query(table, "pk = :p", {":p": self.PARTITION})

    @pytest.mark.parametrize("name", ["v", "v" * 255], ids=["short", "long"])
    @pytest.mark.parametrize("digits, more, room", [
        (2, {}, 41_645), (5, {"c": S("abcde")}, 41_596), (6, {"c": S("abcde")}, 41_582)],
        ids=["2", "5", "6"])
    def test_string_sort_key(self, dynamodb, read, digits, more, room, name):
        items = [{"pk": self.PARTITION, "sk": S(f"{i:0{digits}}"), name: S("x" * room), **more}
                 for i in range(self.COUNT)]
        page = self.page(dynamodb, "S", items, read)
        assert page["Count"] == self.COUNT
        assert "LastEvaluatedKey" not in page
        items[-1][name] = S("x" * (room + 1))
        page = self.page(dynamodb, "S", items, read)
        assert page["Count"] == self.COUNT
        assert page["LastEvaluatedKey"] == {key: items[-1][key] for key in ("pk", "sk")}

    def test_number_sort_key(self, dynamodb, read):
        """The sort key 0 counts one byte less than the others, 14 times."""
        items = [{"pk": self.PARTITION, "sk": N(i), "c": S("abcde"), "v": S("x" * 41_638)}
                 for i in range(self.COUNT)]
        items[-1]["v"] = S("x" * (41_638 + 14))
        page = self.page(dynamodb, "N", items, read)
        assert page["Count"] == self.COUNT
        assert "LastEvaluatedKey" not in page
        items[-1]["v"] = S("x" * (41_638 + 15))
        page = self.page(dynamodb, "N", items, read)
        assert page["LastEvaluatedKey"] == {key: items[-1][key] for key in ("pk", "sk")}

    @pytest.mark.parametrize("missing, count", [(46, 25), (45, 24)])
    def test_all_types_without_sort_key(self, dynamodb, missing, count):
        """The last item but one determines whether there is room for the last."""
        room = 43_412
        items = [{"pk": S(f"{i:02}")} for i in range(self.COUNT)]
        with filled(dynamodb, items, "pk:S") as table:
            items = scan(table)["Items"]
            for item in items:
                item["b"] = S("x" * (room - 1))
            items[-2].update({
                "b": S("x" * (room - missing)), "c": N("12.3456"), "d": B(b"\x01\x02"),
                "e": SS("a", "bc"), "f": NS("1.23", "12.3"),
                "g": BS(b"\x01", b"\x02", b"\x01\x02")})
            items[-1]["b"] = S("b")
            put_all(dynamodb, table.name, items)
            page = scan(table)
            assert [item["pk"] for item in page["Items"]] == [
                item["pk"] for item in items[:count]]
            if count < self.COUNT:
                assert page["LastEvaluatedKey"] == {"pk": items[-2]["pk"]}
