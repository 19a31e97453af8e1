# SPDX-License-Identifier: Apache-2.0
"""Writes numbered versions of items, and knows which of them must be in the stream."""

import dataclasses

TABLE = "work"
ITEMS = 40
OTHERS = 10  # items that a filter drops
PREFIX = "item-"


@dataclasses.dataclass
class Write:
    """`is_there`: whether the item is there afterwards."""

    key: str
    number: int
    is_there: bool


class Writer:
    """Each write of an item has the item's next number, deletions included. The clock must be
    stopped while it writes.
    """

    def __init__(self, random):
        self.random = random
        self.last = {}  # the last write of each item
        self.times = {}  # when each (key, number) was written, by the clock
        self.under_way = []  # writes that have not been answered
        self.begun = 0.0

    def write(self, calls, now, count):
        for _ in range(count):
            self.write_once(calls, now)

    def next(self, key, is_there=True):
        last = self.last.get(key)
        return Write(key, (last.number if last else 0) + 1, is_there)

    def write_once(self, calls, now):
        key = f"{PREFIX}{self.random.randrange(ITEMS)}"
        kind = self.random.randrange(10)
        last = self.last.get(key)
        if kind < 4:
            self.put(calls, now, key)
        elif kind < 6:
            self.send(calls, now, self.next(key), "UpdateItem", update)
        elif kind == 6 and last and last.is_there:
            deletion = self.next(key, is_there=False)
            self.send(calls, now, deletion, "DeleteItem", lambda write: {"Key": pk(write)})
        elif kind == 7:
            keys = self.random.sample(range(ITEMS), 3)
            writes = [self.next(f"{PREFIX}{k}") for k in keys]
            puts = [{"Put": {"TableName": TABLE, "Item": item(write)}} for write in writes]
            self.under_way, self.begun = writes, now
            calls.call("TransactWriteItems", TransactItems=puts)
            self.finish()
        else:
            other = f"other-{self.random.randrange(OTHERS)}"
            self.put(calls, now, other)

    def put(self, calls, now, key):
        self.send(calls, now, self.next(key), "PutItem", lambda write: {"Item": item(write)})

    def send(self, calls, now, write, operation, members):
        self.under_way, self.begun = [write], now
        calls.call(operation, TableName=TABLE, **members(write))
        self.finish()

    def finish(self):
        for write in self.under_way:
            self.last[write.key] = write
            self.times[write.key, write.number] = self.begun
        self.under_way = []

    def resolve(self, calls):
        """After a crash: finds out whether what had not been answered was done."""
        if not self.under_way:
            return []
        done = []
        for write in self.under_way:
            found = calls.call(
                "GetItem", TableName=TABLE, Key=pk(write), ConsistentRead=True
            ).get("Item")
            there = found is not None and int(found["n"]["N"]) == write.number
            done.append(there if write.is_there else found is None)
        writes = self.under_way
        if all(done):
            self.finish()
        self.under_way = []
        return [f"a transaction was done in part: {writes}"] if any(done) != all(done) else []

    def check_table(self, calls):
        """What was answered is there."""
        found = {i["pk"]["S"]: int(i["n"]["N"]) for i in calls.scan(TABLE)}
        wanted = {write.key: write.number for write in self.last.values() if write.is_there}
        return [] if found == wanted else [f"the table has {found}, not {wanted}"]


def pk(write):
    return {"pk": {"S": write.key}}


def item(write):
    return {**pk(write), "n": {"N": str(write.number)}}


def update(write):
    return {
        "Key": pk(write),
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": str(write.number)}},
    }
