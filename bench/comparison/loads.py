# SPDX-License-Identifier: Apache-2.0
"""The loads: what wrk sends, to which table, and what the answer may cost."""

import dataclasses
import itertools

from . import tables
from .wrk import Script

SMALL_TABLE = 1000  # items
COUNTS_OF_A_RUN = 5_000_000  # beyond what a run of some seconds can use
_runs = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Load:
    """`at_most`: the target of its CPU time a request, in those of the Beast floor; None if it has
    none. `keys_of` tells the number of keys in its table when that has so many items."""

    name: str
    title: str
    script: str
    table: str
    at_most: float | None = None
    items_per_key: int = 1

    def run(self, items):
        """The script of one run: its counts are those of no other run."""
        first = next(_runs) % 1700 * COUNTS_OF_A_RUN
        return Script(self.script, self.table, items // self.items_per_key, first)


LOADS = (
    Load("get_item", "GetItem", "get_item", "Plain", 1.0),
    Load("put_item", "PutItem, 300 B", "put_item", "Plain", 1.25),
    Load("put_stream", "PutItem, 300 B, NEW_AND_OLD_IMAGES", "put_item", "Streamed", 1.35),
    Load("update_item", "UpdateItem, expressions", "update_item", "Plain", 1.5),
    Load("query", "Query of 10 items", "query", "Ranged", 1.8, items_per_key=tables.QUERIED),
    Load("batch_write", "BatchWriteItem, 25 × 252 B", "batch_write", "Batched"),
    Load("transact_write", "TransactWriteItems, 10 × 252 B", "transact_write", "Batched"),
)
BY_NAME = {load.name: load for load in LOADS}

# Each table's items; those of Wide are one partition of several pages.
WIDE_ITEMS = 20_000
TABLES = {
    "Plain": ({}, tables.plain),
    "Streamed": ({"stream": True}, tables.plain),
    "Ranged": ({"sort_key": True}, tables.ranged),
    "Batched": ({}, tables.small),
    "Wide": ({"sort_key": True}, tables.wide),
}


def prepare(server, table, items):
    """Makes and fills `table`; a floor has none."""
    if server.subject.is_floor:
        return
    how, make = TABLES[table]
    tables.create(server, table, **how)
    tables.fill(server, table, range(items), make)
