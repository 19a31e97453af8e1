# SPDX-License-Identifier: Apache-2.0
"""The parts of a comparison. Each takes a Plan and returns figures for `results.json` as plain
data.
"""

import contextlib
import dataclasses
import statistics

from . import pages, process, tables
from .client import CannotServe
from .loads import BY_NAME, LOADS, SMALL_TABLE, WIDE_ITEMS, prepare
from .rounds import Effort, circumstances, in_turns, ratio
from .servers import Server

PAGE_READERS = {"scan": pages.scan, "query_pages": pages.query, "get_records": pages.drain}
SIZED_LOADS = ("get_item", "put_item", "put_stream", "update_item", "query")
CONNECTED_LOADS = ("get_item", "put_item")
FLOOR = "beast"


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to measure and how thoroughly. `sizes` is the ascending numbers of items for the part
    `sizes`, `log` the number of records in the long log, `stored` the number of items with which
    memory is measured.
    """

    weir: object  # Subject, on one thread
    subjects: tuple  # all servers, Weir first
    binary: object  # path of Weir's binary
    locks: object  # path of the binary that counts its locks
    effort: Effort
    sizes: tuple
    connections: tuple
    log: int
    stored: int
    starts: int
    page_seconds: float = 1.0
    peer_stored: int = 50_000
    peer_seconds: float = 60.0

    @property
    def own(self):
        """Weir and the floors."""
        return [one for one in self.subjects if one.is_floor or one.name.startswith("weir")]

    @property
    def single(self):
        """The servers that have tables, without Weir's second column."""
        return [one for one in self.subjects if not one.is_floor and one.name != "weir-all"]


def say(text):
    print(text, flush=True)


def _filled(stack, subject, wanted, reasons):
    """A server with the tables `wanted`: [(table, items)]. If it cannot have one, `reasons` gets
    the reason.
    """
    server = stack.enter_context(Server(subject))
    for table, items in wanted:
        try:
            prepare(server, table, items)
        except CannotServe as reason:
            reasons[(subject.name, table)] = str(reason)
    return server


def _summaries(tallies):
    """{subject: figures}, with the ratio to the floor if the floor was measured, too."""
    floor = next((one for one in tallies if one.server.subject.name == FLOOR), None)
    rows = {}
    for tally in tallies:
        row = tally.summary()
        if floor:
            row["ratio"] = ratio(tally, floor)
        rows[tally.server.subject.name] = row
    return rows


def _records(tally, before):
    """Compares the number of the stream's records with the puts. Puts that the end of a run cut off
    may have been done or not.
    """
    found = pages.drain(tally.server)[0] - before
    return {
        "found": found,
        "answered": tally.answered,
        "made": tally.made,
        "ok": tally.answered <= found <= tally.made,
    }


def _records_before(servers):
    """How many records each server's stream has, and the reasons why some streams cannot be read.
    """
    found, without = {}, {}
    for server in servers:
        if not server.subject.is_floor:
            try:
                found[server.subject.name] = pages.drain(server)[0]
            except CannotServe as reason:
                without[server.subject.name] = str(reason)
    return found, without


def _load(load, servers, reasons, effort):
    entries, missing = [], {}
    for server in servers:
        name = server.subject.name
        if (name, load.table) in reasons:
            missing[name] = reasons[(name, load.table)]
        else:
            entries.append((server, lambda: load.run(SMALL_TABLE)))
    before = {}
    if load.name == "put_stream":
        before, without = _records_before([server for server, _ in entries])
        entries = [entry for entry in entries if entry[0].subject.name not in without]
        missing |= without
    tallies, failed = in_turns(entries, effort)
    figures = {"subjects": _summaries(tallies), "missing": missing | failed, **circumstances()}
    for tally in tallies if before else ():
        name = tally.server.subject.name
        try:
            if name in before:
                figures["subjects"][name]["records"] = _records(tally, before[name])
        except CannotServe as reason:
            figures["missing"][f"{name}, records"] = str(reason)
    return figures


def loads(plan, names):
    """Measures each load on all servers, with SMALL_TABLE items."""
    wanted = [BY_NAME[name] for name in names]
    needed = sorted({load.table for load in wanted})
    results, reasons = {}, {}
    with contextlib.ExitStack() as stack:
        servers = [
            _filled(stack, subject, [(table, SMALL_TABLE) for table in needed], reasons)
            for subject in plan.subjects
        ]
        for load in wanted:
            say(f"{load.title} …")
            results[load.name] = _load(load, servers, reasons, plan.effort)
    return results


def _page_rounds(server, read, rounds, seconds):
    """The median over `rounds`, after a warm-up, of (units per CPU second, bytes per CPU second).
    """
    read(server)
    units, sizes = [], []
    for _ in range(rounds):
        before = server.cpu_seconds()
        count, size = read(server)
        while server.cpu_seconds() - before < seconds:
            more = read(server)
            count, size = count + more[0], size + more[1]
        cpu = server.cpu_seconds() - before
        units.append(count / cpu)
        sizes.append(size / cpu)
    return {"units": statistics.median(units), "bytes": statistics.median(sizes)}


def page_reads(plan, names):
    """Measures Scan, Query and GetRecords over all pages, with a second of CPU time in each round.
    """
    results = {name: {"subjects": {}, "missing": {}} for name in names}
    for subject in plan.single:
        say(f"pages of {subject.title} …")
        reasons = {}
        wanted = [("Wide", WIDE_ITEMS)] + [("Streamed", WIDE_ITEMS)] * ("get_records" in names)
        with contextlib.ExitStack() as stack:
            server = _filled(stack, subject, wanted, reasons)
            for name in names:
                table = "Streamed" if name == "get_records" else "Wide"
                try:
                    if (subject.name, table) in reasons:
                        raise CannotServe(reasons[(subject.name, table)])
                    results[name]["subjects"][subject.name] = _page_rounds(
                        server, PAGE_READERS[name], plan.effort.rounds, plan.page_seconds
                    )
                except CannotServe as reason:
                    results[name]["missing"][subject.name] = str(reason)
    for figures in results.values():
        figures.update(circumstances())
    return results


def sizes(plan):
    """Measures Weir on one thread with tables of different sizes, in turns."""
    results = {}
    for table in ("Plain", "Ranged", "Streamed"):
        with contextlib.ExitStack() as stack:
            servers = []
            for items in plan.sizes:
                say(f"{table} with {items} items …")
                servers.append((_filled(stack, plan.weir, [(table, items)], {}), items))
            for load in (one for one in LOADS if one.table == table and one.name in SIZED_LOADS):
                entries = [
                    (server, lambda load=load, items=items: load.run(items))
                    for server, items in servers
                ]
                tallies, _ = in_turns(entries, plan.effort)
                results[load.name] = {
                    "cpu": [statistics.median(tally.cpu) for tally in tallies],
                    "ratio": ratio(tallies[-1], tallies[0]),
                    "items": list(plan.sizes),
                    **circumstances(),
                }
    return results


def _another(number, count):
    """The next put of one of SMALL_TABLE items. It always changes the item."""
    return tables.plain(number % SMALL_TABLE, SMALL_TABLE + count)


def long_log(plan):
    """Measures PutItem and GetRecords on Weir with an almost empty log and with plan.log records in
    it.
    """
    load = BY_NAME["put_stream"]
    with contextlib.ExitStack() as stack:
        short = _filled(stack, plan.weir, [("Streamed", SMALL_TABLE)], {})
        long = _filled(stack, plan.weir, [("Streamed", SMALL_TABLE)], {})
        say(f"a log of {plan.log} records …")
        tables.fill(long, "Streamed", range(plan.log - SMALL_TABLE), _another)
        before = long.cpu_seconds()
        records, size = pages.drain(long)
        cpu = long.cpu_seconds() - before
        entries = [(server, lambda: load.run(SMALL_TABLE)) for server in (short, long)]
        tallies, _ = in_turns(entries, plan.effort)
        return {
            "cpu": [statistics.median(tally.cpu) for tally in tallies],
            "ratio": ratio(tallies[1], tallies[0]),
            "log": plan.log,
            "drained": records,
            "records": records / cpu,
            "bytes": size / cpu,
            **circumstances(),
        }


def connections(plan):
    """Measures loads with few and with many connections."""
    results, reasons = {}, {}
    with contextlib.ExitStack() as stack:
        servers = [
            _filled(stack, subject, [("Plain", SMALL_TABLE)], reasons) for subject in plan.own
        ]
        for name in CONNECTED_LOADS:
            for count in plan.connections:
                say(f"{BY_NAME[name].title}, {count} connections …")
                effort = dataclasses.replace(plan.effort, connections=count)
                figures = _load(BY_NAME[name], servers, reasons, effort)
                results[f"{name} {count}"] = figures | {"load": name, "connections": count}
    return results


def processes(plan):
    """Measures start, memory and size on disk of all servers that store items."""
    results = {}
    for subject in plan.single:
        say(f"start and memory of {subject.title} …")
        is_weir = subject is plan.weir
        items = plan.stored if is_weir else plan.peer_stored
        seconds = 600.0 if is_weir else plan.peer_seconds
        figures, reason = process.memory(subject, items, seconds)
        figures["start"] = process.start_seconds(subject, plan.starts)
        results[subject.name] = figures | {"items": items, "reason": reason} | circumstances()
    results["weir"]["binary"] = process.stripped_bytes(plan.binary)
    return results
