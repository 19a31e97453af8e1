# SPDX-License-Identifier: Apache-2.0
"""Parallel scan: the segments of a table do not overlap and are complete together."""

import collections

import pytest
from errors import ONE, VALIDATION, refused
from reading import filled, pages, scan
from values import N, S

COUNT = 600
MOST = 1_000_000
NO_TOTAL = ("The TotalSegments parameter is required but was not present in the request when "
            "Segment parameter is present")
NO_SEGMENT = ("The Segment parameter is required but was not present in the request when "
              "parameter TotalSegments is present")


def keys(items):
    return [(item["pk"]["S"], item["sk"]["N"]) for item in items]


def segment(table, number, total, **parameters):
    """The items of one segment, over all pages."""
    found = pages(scan, table, Segment=number, TotalSegments=total, **parameters)
    return [item for page in found for item in page["Items"]]


@pytest.fixture(scope="module")
def table(dynamodb):
    items = [{"pk": S(f"p{i // 2}"), "sk": N(i)} for i in range(COUNT)]
    with filled(dynamodb, items, "pk:S", "sk:N") as filled_one:
        yield filled_one


@pytest.fixture(scope="module")
def whole(table):
    return sorted(keys(scan(table)["Items"]))


@pytest.mark.parametrize("total", [1, 2, 3, 4, 7, 64, 1000])
def test_each_item_is_in_one_segment(table, whole, total):
    found = [key for number in range(total) for key in keys(segment(table, number, total))]
    assert len(found) == COUNT
    assert sorted(found) == whole


@pytest.mark.parametrize("total", [2, 4, 7])
def test_segments_are_of_like_size(table, total):
    sizes = [len(segment(table, number, total)) for number in range(total)]
    assert min(sizes) > COUNT / total / 2
    assert max(sizes) < COUNT / total * 2


def test_segment_answers_the_same_again(table):
    assert segment(table, 3, 7) == segment(table, 3, 7)


@pytest.mark.parametrize("limit", [1, 10])
def test_pages_of_a_segment(table, limit):
    for number in range(3):
        assert segment(table, number, 3, Limit=limit) == segment(table, number, 3)


def test_filter_and_count_of_segments(table):
    counts = collections.Counter()
    for number in range(5):
        page = scan(table, Segment=number, TotalSegments=5, Select="COUNT",
                    FilterExpression="sk < :v", ExpressionAttributeValues={":v": N(100)})
        counts.update({name: page[name] for name in ("Count", "ScannedCount")})
    assert counts == {"Count": 100, "ScannedCount": COUNT}


def test_most_segments(table, whole):
    """Reads two of a million segments: whatever items they have, none is in both."""
    first, last = (keys(segment(table, number, MOST)) for number in (0, MOST - 1))
    assert not set(first) & set(last)
    assert set(first) | set(last) < set(whole)


def test_paginator_of_a_segment(table):
    paginator = table.client.get_paginator("scan")
    found = paginator.paginate(TableName=table.name, Segment=1, TotalSegments=2,
                               PaginationConfig={"PageSize": 50}).build_full_result()
    assert found["Items"] == segment(table, 1, 2)


def test_start_key_of_another_segment(table):
    inside = segment(table, 1, 2)[0]
    start = {"pk": inside["pk"], "sk": inside["sk"]}
    assert scan(table, Segment=1, TotalSegments=2, ExclusiveStartKey=start)["Count"] > 0
    with refused(VALIDATION, "The provided starting key is invalid: Invalid ExclusiveStartKey. "
                 "Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0"):
        scan(table, Segment=0, TotalSegments=2, ExclusiveStartKey=start)


class TestErrors:
    def test_segment_alone(self, table):
        with refused(VALIDATION, NO_TOTAL):
            scan(table, Segment=0)

    def test_total_alone(self, table):
        with refused(VALIDATION, NO_SEGMENT):
            scan(table, TotalSegments=2)

    @pytest.mark.parametrize("number, total", [(5, 5), (1, 1), (999_999, 10), (6, 5)])
    def test_segment_not_less_than_total(self, table, number, total):
        with refused(VALIDATION, "The Segment parameter is zero-based and must be less than "
                     f"parameter TotalSegments: Segment: {number} is not less than "
                     f"TotalSegments: {total}"):
            scan(table, Segment=number, TotalSegments=total)

    @pytest.mark.parametrize("number, total, member, rule", [
        (-1, 2, "Segment", "greater than or equal to 0"),
        (MOST, 2, "Segment", "less than or equal to 999999"),
        (0, 0, "TotalSegments", "greater than or equal to 1"),
        (0, MOST + 1, "TotalSegments", "less than or equal to 1000000"),
    ])
    def test_range(self, unchecked, number, total, member, rule):
        with refused(VALIDATION, f"{ONE}Value at '{member}' failed to satisfy constraint: Member "
                     f"must have value {rule}"):
            unchecked.scan(TableName="weir-table", Segment=number, TotalSegments=total)

    def test_all_numbers_and_the_name(self, unchecked):
        fault = "Value at '{}' failed to satisfy constraint: Member must have {}"
        with refused(VALIDATION, "4 validation errors detected: " + "; ".join([
                fault.format("Limit", "value greater than or equal to 1"),
                fault.format("Segment", "value greater than or equal to 0"),
                fault.format("TotalSegments", "value greater than or equal to 1"),
                fault.format("TableName", "length greater than or equal to 1")])):
            unchecked.scan(TableName="", Limit=0, Segment=-1, TotalSegments=0)
