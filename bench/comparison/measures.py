# SPDX-License-Identifier: Apache-2.0
"""Compares the figures with the targets that Weir is to reach."""

import dataclasses
import operator

from .loads import LOADS

BATCH = 25
AT_MOST, AT_LEAST = "≤", "≥"
HOLDS = {AT_MOST: operator.le, AT_LEAST: operator.ge}


@dataclasses.dataclass(frozen=True)
class Measure:
    name: str
    sign: str
    target: float
    measured: float
    unit: str

    @property
    def ok(self):
        return HOLDS[self.sign](self.measured, self.target)

    @property
    def of_target(self):
        """1 or less if the target is reached; 2 if it is missed by a factor of two."""
        low, high = sorted((self.target, self.measured))
        factor = high / low if low > 0 else float("inf")
        return 1 / factor if self.ok else factor


def _of_loads(results):
    loads = results.get("loads", {})
    for load in LOADS:
        weir = loads.get(load.name, {}).get("subjects", {}).get("weir", {})
        if load.at_most and "ratio" in weir:
            name = f"{load.title}: CPU a request"
            yield Measure(name, AT_MOST, load.at_most, weir["ratio"], "× Beast")
        if "records" in weir:
            records = weir["records"]
            # 1 if there are as many records as puts. Else how far their number is off: always below
            # 1.
            share = 1.0 if records["ok"] else records["found"] / records["answered"]
            missed = 1.0 if share == 1.0 else min(share, 1 / share)
            yield Measure("records of the stream, of its puts", AT_LEAST, 1.0, missed, "")
        if load.name == "batch_write" and weir:
            item = weir["cpu"] / BATCH
            yield Measure("BatchWriteItem: CPU an item of 252 B", AT_MOST, 8.0, item, "µs")


def _of_pages(results):
    reads = results.get("pages", {})
    for name, title in (("scan", "Scan"), ("query_pages", "Query")):
        figures = reads.get(name, {}).get("subjects", {}).get("weir")
        if figures:
            title = f"{title} of 1 MB pages: JSON a core"
            yield Measure(title, AT_LEAST, 300.0, figures["bytes"] / 1e6, "MB/s")
    figures = reads.get("get_records", {}).get("subjects", {}).get("weir")
    if figures:
        yield Measure("GetRecords: records a core", AT_LEAST, 500.0, figures["units"] / 1e3, "k/s")


def _of_process(results):
    weir = results.get("processes", {}).get("weir")
    if not weir:
        return
    yield Measure("exec to first answer", AT_MOST, 5.0, weir["start"] * 1e3, "ms")
    yield Measure("idle RSS", AT_MOST, 6.5, weir["idle"] / 1e6, "MB")
    yield Measure("stripped binary", AT_MOST, 12.5, weir["binary"] / 1e6, "MB")
    if weir["per_item"] is not None:
        name = f"RSS a stored item of 252 B ({weir['items']:,} items)"
        yield Measure(name, AT_MOST, 330.0, weir["per_item"], "B")
    if weir["given_back"] is not None:
        # Pages that also hold other data may stay: up to a hundredth.
        back = weir["given_back"] * 100
        yield Measure("given back after DeleteTable", AT_LEAST, 99.0, back, "%")


def _of_growth(results):
    sizes = results.get("sizes", {})
    for load in LOADS:
        if load.name in sizes:
            few, many = sizes[load.name]["items"][0], sizes[load.name]["items"][-1]
            name = f"{load.title}: {many:,} items against {few:,}"
            yield Measure(name, AT_MOST, 1.5, sizes[load.name]["ratio"], "×")
    log = results.get("log")
    if log:
        # The target is "as with none", within the difference of two equal runs.
        name = f"PutItem with {log['log']:,} records in the log against 1,000"
        yield Measure(name, AT_MOST, 1.1, log["ratio"], "×")
        name = f"GetRecords of those {log['log']:,}: records a core"
        yield Measure(name, AT_LEAST, 500.0, log["records"] / 1e3, "k/s")


def measures(results):
    """All measures for which there are figures."""
    parts = (_of_loads, _of_pages, _of_process, _of_growth)
    return [measure for part in parts for measure in part(results)]
