# SPDX-License-Identifier: Apache-2.0
"""DescribeStream: the description, the shards, their lineage, and paging."""

import datetime
import re

import pytest
from errors import VALIDATION, refused
from stream_reader import await_status, describe_shards
from values import S

SHARD_ID = re.compile(r"^shardId-[0-9]{20}-[a-zA-Z0-9]{1,36}$")
SEQUENCE_NUMBER = re.compile(r"^[0-9]{21,40}$")


def describe(streams, arn, **parameters):
    return streams.describe_stream(StreamArn=arn, **parameters)["StreamDescription"]


def test_members(streams, make_table):
    table = make_table("pk:S", "sk:N", view="OLD_IMAGE")
    described = table.describe()
    description = await_status(streams, described["LatestStreamArn"], "ENABLED")
    assert description.pop("Shards")
    created = description.pop("CreationRequestDateTime")
    label = datetime.datetime.fromisoformat(described["LatestStreamLabel"] + "+00:00")
    assert abs((created - label).total_seconds()) < 1
    assert description == {
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "StreamArn": described["LatestStreamArn"],
        "StreamLabel": described["LatestStreamLabel"],
        "StreamStatus": "ENABLED",
        "StreamViewType": "OLD_IMAGE",
        "TableName": table.name,
    }


class TestShards:
    def test_four_on_a_new_on_demand_table(self, streams, make_table):
        assert len(describe_shards(streams, make_table(view="KEYS_ONLY").stream_arn)) == 4

    def test_one_on_a_new_provisioned_table(self, streams, make_table):
        table = make_table(view="KEYS_ONLY", units=(5, 5))
        assert len(describe_shards(streams, table.stream_arn)) == 1

    def test_new_shards_are_open_and_have_no_parent(self, streams, make_table):
        for shard in describe_shards(streams, make_table(view="KEYS_ONLY").stream_arn):
            assert shard.keys() == {"ShardId", "SequenceNumberRange"}
            assert SHARD_ID.match(shard["ShardId"])
            assert shard["SequenceNumberRange"].keys() == {"StartingSequenceNumber"}
            assert SEQUENCE_NUMBER.match(shard["SequenceNumberRange"]["StartingSequenceNumber"])

    def test_id_holds_the_time_of_creation(self, streams, make_table):
        description = describe(streams, make_table(view="KEYS_ONLY").stream_arn)
        created = description["CreationRequestDateTime"].timestamp()
        for shard in description["Shards"]:
            assert abs(int(shard["ShardId"].split("-")[1]) / 1000 - created) < 60

    def test_closed_shards_have_an_ordered_range(self, streams, make_table):
        table = make_table(view="KEYS_ONLY")
        arn = table.stream_arn
        for number in range(20):
            table.put({"pk": S(str(number))})
        table.set_stream(None)
        description = await_status(streams, arn, "DISABLED")
        for shard in description["Shards"]:
            bounds = shard["SequenceNumberRange"]
            assert SEQUENCE_NUMBER.match(bounds["EndingSequenceNumber"])
            assert int(bounds["StartingSequenceNumber"]) <= int(bounds["EndingSequenceNumber"])

    def test_disabling_closes_the_shards_that_were_there(self, streams, make_table):
        table = make_table(view="KEYS_ONLY")
        arn = table.stream_arn
        before = [shard["ShardId"] for shard in describe_shards(streams, arn)]
        table.set_stream(None)
        await_status(streams, arn, "DISABLED")
        assert [shard["ShardId"] for shard in describe_shards(streams, arn)] == before


class TestPaging:
    @pytest.fixture
    def arn(self, make_table):
        return make_table(view="KEYS_ONLY").stream_arn

    def test_shards_come_in_the_order_of_their_ids(self, streams, arn):
        ids = [shard["ShardId"] for shard in describe_shards(streams, arn)]
        assert ids == sorted(ids)
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
    def test_pages_are_the_whole_in_parts(self, streams, arn, limit):
        assert describe_shards(streams, arn, Limit=limit) == describe_shards(streams, arn)

    def test_page_names_its_last_shard_only_if_there_are_more(self, streams, arn):
        shards = describe(streams, arn)["Shards"]
        first = describe(streams, arn, Limit=3)
        assert first["Shards"] == shards[:3]
        assert first["LastEvaluatedShardId"] == shards[2]["ShardId"]
        second = describe(streams, arn, Limit=3, ExclusiveStartShardId=shards[2]["ShardId"])
        assert second["Shards"] == shards[3:]
        assert "LastEvaluatedShardId" not in second
        assert "LastEvaluatedShardId" not in describe(streams, arn, Limit=len(shards))

    def test_page_repeats_the_description(self, streams, arn):
        whole, page = describe(streams, arn), describe(streams, arn, Limit=1)
        for part in (whole, page):
            del part["Shards"]
        page.pop("LastEvaluatedShardId", None)
        assert page == whole

    def test_start_is_exclusive(self, streams, arn):
        shards = describe(streams, arn)["Shards"]
        for index, shard in enumerate(shards):
            page = describe(streams, arn, ExclusiveStartShardId=shard["ShardId"])
            assert page["Shards"] == shards[index + 1:]

    def test_unknown_start_is_an_empty_page(self, streams, arn):
        last = describe(streams, arn)["Shards"][-1]["ShardId"]
        for unknown in ("shardId-00000999999999999999-ffffffff", last + "0"):
            page = describe(streams, arn, ExclusiveStartShardId=unknown)
            assert page["Shards"] == []
            assert "LastEvaluatedShardId" not in page

    @pytest.mark.parametrize("limit", [0, 101, -1])
    def test_limit_out_of_range(self, unchecked_streams, arn, limit):
        with refused(VALIDATION):
            unchecked_streams.describe_stream(StreamArn=arn, Limit=limit)

    def test_malformed_start(self, unchecked_streams, arn):
        with refused(VALIDATION):
            unchecked_streams.describe_stream(StreamArn=arn, ExclusiveStartShardId="shard-1")


class TestShardFilter:
    @pytest.fixture
    def arn(self, make_table):
        return make_table(view="KEYS_ONLY").stream_arn

    def test_leaf_has_no_children(self, streams, arn):
        for shard in describe_shards(streams, arn):
            page = describe(streams, arn, ShardFilter={
                "Type": "CHILD_SHARDS", "ShardId": shard["ShardId"]})
            assert page["Shards"] == []

    @pytest.mark.parametrize("shard_filter", [
        {}, {"ShardId": "shardId-00000999999999999999-ffffffff"}, {"Type": "CHILD_SHARDS"},
        {"Type": "PARENTS", "ShardId": "shardId-00000999999999999999-ffffffff"},
        {"Type": "CHILD_SHARDS", "ShardId": "x"},
    ], ids=str)
    def test_refused(self, unchecked_streams, arn, shard_filter):
        with refused(VALIDATION) as refusal:
            unchecked_streams.describe_stream(StreamArn=arn, ShardFilter=shard_filter)
        assert "shardFilter" in refusal.message


class TestErrors:
    def test_unknown_label(self, streams, make_table):
        arn = make_table(view="KEYS_ONLY").stream_arn
        unknown = arn[:arn.rindex("/")] + "/2001-02-03T04:05:06.789"
        with refused("ResourceNotFoundException",
                     f"Requested resource not found: Stream: {unknown} not found"):
            streams.describe_stream(StreamArn=unknown)

    def test_unknown_table(self, streams, region):
        unknown = (f"arn:aws:dynamodb:{region}:000000000000:table/weir-no-such-table"
                   "/stream/2001-02-03T04:05:06.789")
        with refused("ResourceNotFoundException",
                     f"Requested resource not found: Stream: {unknown} not found"):
            streams.describe_stream(StreamArn=unknown)

    @pytest.mark.parametrize("arn", [
        "nonsense", "n" * 40, "arn:aws:s3:::some-bucket/with/a/long/name/of/a/key"])
    def test_nonsense(self, unchecked_streams, arn):
        with refused(VALIDATION):
            unchecked_streams.describe_stream(StreamArn=arn)

    def test_missing_arn(self, unchecked_streams):
        with refused(VALIDATION):
            unchecked_streams.describe_stream()
