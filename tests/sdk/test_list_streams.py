# SPDX-License-Identifier: Apache-2.0
"""ListStreams: which streams are listed, for how long, and paging."""

import pytest
from errors import VALIDATION, refused
from stream_reader import await_status
from tables import unique_name


def pages(streams, **parameters):
    while True:
        page = streams.list_streams(**parameters)
        yield page
        if "LastEvaluatedStreamArn" not in page:
            return
        parameters["ExclusiveStartStreamArn"] = page["LastEvaluatedStreamArn"]


def listed(streams, **parameters):
    return [s["StreamArn"] for page in pages(streams, **parameters) for s in page["Streams"]]


def test_members(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    described = table.describe()
    reply = streams.list_streams(TableName=table.name)
    assert reply["Streams"] == [{
        "StreamArn": described["LatestStreamArn"],
        "StreamLabel": described["LatestStreamLabel"],
        "TableName": table.name,
    }]


def test_all_tables(streams, make_table):
    arns = {make_table(view="KEYS_ONLY").stream_arn for _ in range(3)}
    found = listed(streams)
    assert arns <= set(found)
    assert len(found) == len(set(found))


def test_table_without_a_stream(streams, table):
    reply = streams.list_streams(TableName=table.name)
    assert reply["Streams"] == []
    assert "LastEvaluatedStreamArn" not in reply


def test_unknown_table(streams):
    assert streams.list_streams(TableName=unique_name())["Streams"] == []


def test_earlier_streams_stay_listed(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    first = table.stream_arn
    table.set_stream(None)
    assert listed(streams, TableName=table.name) == [first]
    table.set_stream("NEW_IMAGE")
    assert sorted(listed(streams, TableName=table.name)) == sorted([first, table.stream_arn])


def test_streams_of_deleted_tables_stay_listed(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    arn = table.stream_arn
    table.drop()
    await_status(streams, arn, "DISABLED")
    assert listed(streams, TableName=table.name) == [arn]
    assert arn in listed(streams)


class TestPaging:
    @pytest.fixture
    def three(self, make_table):
        """A table with three streams, and their ARNs."""
        table = make_table(view="KEYS_ONLY")
        arns = {table.stream_arn}
        for view in ("NEW_IMAGE", "OLD_IMAGE"):
            table.set_stream(None)
            table.set_stream(view)
            arns.add(table.stream_arn)
        assert len(arns) == 3
        return table, arns

    def test_full_pages_name_their_last_stream(self, streams, three):
        table, arns = three
        seen = []
        for page in pages(streams, TableName=table.name, Limit=2):
            seen += [stream["StreamArn"] for stream in page["Streams"]]
            if len(page["Streams"]) == 2:
                assert page["LastEvaluatedStreamArn"] == seen[-1]
            else:
                assert "LastEvaluatedStreamArn" not in page
        assert len(seen) == 3
        assert set(seen) == arns

    def test_pages_of_one(self, streams, three):
        table, arns = three
        assert sorted(listed(streams, TableName=table.name, Limit=1)) == sorted(arns)

    def test_a_page_that_is_not_full_is_the_last(self, streams, three):
        table, _ = three
        reply = streams.list_streams(TableName=table.name, Limit=4)
        assert len(reply["Streams"]) == 3
        assert "LastEvaluatedStreamArn" not in reply

    def test_paging_goes_on_after_the_table_is_deleted(self, streams, three):
        table, arns = three
        first = streams.list_streams(TableName=table.name, Limit=1)
        table.drop()
        rest = listed(streams, TableName=table.name,
                      ExclusiveStartStreamArn=first["LastEvaluatedStreamArn"])
        assert {first["LastEvaluatedStreamArn"], *rest} == arns
        assert len(rest) == 2

    @pytest.mark.parametrize("limit", [0, 101, -1])
    def test_limit_out_of_range(self, unchecked_streams, limit):
        with refused(VALIDATION):
            unchecked_streams.list_streams(Limit=limit)

    def test_nonsense_start(self, unchecked_streams):
        with refused(VALIDATION):
            unchecked_streams.list_streams(ExclusiveStartStreamArn="nonsense" * 6)
