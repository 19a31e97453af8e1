# SPDX-License-Identifier: Apache-2.0
"""The shards of a stream, which a test can split, rotate and close."""

from __future__ import annotations

import dataclasses
import datetime
import urllib.parse
from typing import Any, Callable


@dataclasses.dataclass(frozen=True)
class Shard:
    """One shard. Ids and sequence numbers are texts, as in the answers of DynamoDB Streams.

    `state` is "OPEN", "CLOSED", or "VACANT": closed, with a child that opens at the next record of
    its range. `first_hash` and `last_hash` are the ends of that range, 16 hexadecimal digits each.
    An open shard has no `ending_sequence_number` and no `closed_at`.
    """

    id: str
    parent_id: str | None
    state: str
    first_hash: str
    last_hash: str
    starting_sequence_number: str
    ending_sequence_number: str | None
    created_at: datetime.datetime
    closed_at: datetime.datetime | None


def _time(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def _shard(member: dict[str, Any]) -> Shard:
    closing = member.get("ClosingDateTime")
    return Shard(
        id=member["ShardId"],
        parent_id=member.get("ParentShardId"),
        state=member["State"],
        first_hash=member["FirstHash"],
        last_hash=member["LastHash"],
        starting_sequence_number=member["StartingSequenceNumber"],
        ending_sequence_number=member.get("EndingSequenceNumber"),
        created_at=_time(member["CreationDateTime"]),
        closed_at=None if closing is None else _time(closing),
    )


class Shards(list[Shard]):
    """The shards of one stream as they were when they were asked for, in the order of their ids.

    The methods change the stream and return its shards afterwards, without those that were closed
    before; this list stays as it is. They raise WeirError for a change that the server refuses.
    `stream_arn` is the stream's.
    """

    def __init__(self, request: Callable[..., Any], answer: dict[str, Any]) -> None:
        """`request` is Server.request; `answer` is what the server said."""
        super().__init__(map(_shard, answer["Shards"]))
        self._request = request
        self.stream_arn: str = answer["StreamArn"]

    def split(self, shard_id: str | None = None) -> Shards:
        """Closes an open shard, or all of them, and gives each two children."""
        return self._change("SPLIT", ShardId=shard_id)

    def rotate(self, shard_id: str | None = None) -> Shards:
        """Closes an open shard, or all of them, and gives each one child."""
        return self._change("ROTATE", ShardId=shard_id)

    def close(self, shard_id: str | None = None) -> Shards:
        """Closes an open shard, or all of them. The child of each opens with the next record."""
        return self._change("CLOSE", ShardId=shard_id)

    def set(self, count: int) -> Shards:
        """Splits the widest shards until `count` are open."""
        return self._change("SET", OpenShards=count)

    def _change(self, action: str, **members: Any) -> Shards:
        body = {"StreamArn": self.stream_arn, "Action": action, **members}
        body = {name: value for name, value in body.items() if value is not None}
        return Shards(self._request, self._request("POST", "/_weir/shards", body))


def list_shards(request: Callable[..., Any], table: str) -> Shards:
    """All shards of the latest stream of `table`, also of those that the server has on further
    pages.
    """
    query = {"table": table}
    pages = []
    while True:
        page = request("GET", "/_weir/shards?" + urllib.parse.urlencode(query))
        pages += page["Shards"]
        if "LastEvaluatedShardId" not in page:
            return Shards(request, {**page, "Shards": pages})
        query = {"stream": page["StreamArn"], "after": page["LastEvaluatedShardId"]}
