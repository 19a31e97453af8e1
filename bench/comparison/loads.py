# SPDX-License-Identifier: Apache-2.0
"""The loads: what wrk sends, to which table, and the target for its cost."""

import dataclasses
import itertools

from . import tables
from .wrk import Script

SMALL_TABLE = 1000  # items
COUNTS_OF_A_RUN = 5_000_000  # more counts than a run of some seconds can use
_runs = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Load:
    """`at_most` is the target for the CPU time per request, as a multiple of the Beast floor's;
    None if there is no target. `items_per_key` is the number of items of its table that share a
    key.
    """

    name: str
    title: str
    script: str
    table: str
    at_most: float | None = None
    items_per_key: int = 1

    def run(self, items):
        """The script of one run, with counts that no other run uses."""
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

# How each table is created, and the function that makes its items. The items of Wide are one
# partition of several pages.
WIDE_ITEMS = 20_000
TABLES = {
    "Plain": ({}, tables.plain),
    "Streamed": ({"stream": True}, tables.plain),
    "Ranged": ({"sort_key": True}, tables.ranged),
    "Batched": ({}, tables.small),
    "Wide": ({"sort_key": True}, tables.wide),
}


def prepare(server, table, items):
    """Creates and fills `table`, unless the server is a floor, which has no tables."""
    if server.subject.is_floor:
        return
    how, make = TABLES[table]
    tables.create(server, table, **how)
    tables.fill(server, table, range(items), make)
