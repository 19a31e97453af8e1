# SPDX-License-Identifier: Apache-2.0
"""Writes items at a given rate and changes shards meanwhile."""

import json
import random
import threading
import time
import urllib.request

from differential.http_client import Connection
from sdk.clients import client

TABLE = "consumed"
KEYS = 100  # of each writer; writers do not share keys
WRITERS = 2
BATCH = 25  # the most items of a BatchWriteItem


def create_table(endpoint):
    """Creates the table and returns the ARN of its stream."""
    answer = client("dynamodb", endpoint).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return answer["TableDescription"]["LatestStreamArn"]


class Shards:
    """The control endpoint /_weir/shards for the table."""

    def __init__(self, endpoint):
        self._url = endpoint + "/_weir/shards"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _call(self, target, body=None):
        with self._opener.open(target, data=body, timeout=30) as answer:
            return json.load(answer)["Shards"]

    def list(self):
        return self._call(f"{self._url}?table={TABLE}")

    def change(self, action, shard_id):
        body = {"TableName": TABLE, "Action": action, "ShardId": shard_id}
        return self._call(self._url, json.dumps(body).encode())


class _Worker(threading.Thread):
    """Calls `act` at its times until told to stop. Keeps the error that ended it."""

    def __init__(self, name):
        super().__init__(name=name, daemon=True)
        self.stopping = threading.Event()
        self.error = None

    def run(self):
        due = time.monotonic()
        try:
            while not self.stopping.wait(max(0.0, due - time.monotonic())):
                due += self.act()
        except Exception as error:  # raised by Load.stop
            self.error = error

    def act(self):
        """Returns the seconds until the next call is due."""
        raise NotImplementedError


class _Writer(_Worker):
    """Puts `rate` items per second, single ones and batches of different keys."""

    def __init__(self, endpoint, history, number, rate):
        super().__init__(f"writer {number}")
        self._connection = Connection(endpoint)
        self._history = history
        self._keys = [f"{number}-{key}" for key in range(KEYS)]
        self._random = random.Random(number)
        self._rate = rate

    def act(self):
        keys = self._random.sample(self._keys, self._random.choice((1, BATCH, BATCH)))
        items = [{"pk": {"S": key}, "n": {"N": str(self._history.next(key))}} for key in keys]
        if len(items) == 1:
            self._connection.send("PutItem", {"TableName": TABLE, "Item": items[0]})
        else:
            puts = [{"PutRequest": {"Item": item}} for item in items]
            self._connection.send("BatchWriteItem", {"RequestItems": {TABLE: puts}})
        answer = self._connection.receive()
        if not answer.ok or answer.body.get("UnprocessedItems"):
            raise AssertionError(f"not written: {answer}")
        return len(items) / self._rate


class _ShardChanger(_Worker):
    """Changes an open shard every `period` seconds, one after the other."""

    def __init__(self, endpoint, actions, period, most_open):
        super().__init__("shard changer")
        self._shards = Shards(endpoint)
        self._actions = actions
        self._period = period
        self._most_open = most_open
        self._random = random.Random(0)
        self.done = dict.fromkeys(actions, 0)

    def act(self):
        shards = [shard["ShardId"] for shard in self._shards.list() if shard["State"] == "OPEN"]
        actions = [a for a in self._actions if a != "SPLIT" or len(shards) < self._most_open]
        if shards:
            action = self._random.choice(actions)
            self._shards.change(action, self._random.choice(shards))
            self.done[action] += 1
        return self._period


class Load:
    """All that happens to a table while a consumer reads its stream."""

    def __init__(self, endpoint, history, rate, period, actions=("SPLIT", "ROTATE"), most_open=16):
        self.changer = _ShardChanger(endpoint, actions, period, most_open)
        self._workers = [
            _Writer(endpoint, history, number, rate / WRITERS) for number in range(WRITERS)
        ] + [self.changer]

    def start(self):
        for worker in self._workers:
            worker.start()

    def stop(self):
        """Ends all workers. Raises the error that ended one of them, if any."""
        for worker in self._workers:
            worker.stopping.set()
        for worker in self._workers:
            worker.join()
        for worker in self._workers:
            if worker.error:
                raise worker.error
