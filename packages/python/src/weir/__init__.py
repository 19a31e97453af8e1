# SPDX-License-Identifier: Apache-2.0
"""Weir, a local DynamoDB with real Streams, as a server that a test starts and ends.

    with weir.Server() as server:
        dynamodb = boto3.client("dynamodb", **server.client_args())

With pytest, the fixtures of weir.pytest_plugin do this; they need no import.
"""

from weir.clock import Clock
from weir.errors import WeirError
from weir.server import Server
from weir.shards import Shard, Shards

__all__ = ["Clock", "Server", "Shard", "Shards", "WeirError"]
