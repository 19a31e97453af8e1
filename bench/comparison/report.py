# SPDX-License-Identifier: Apache-2.0
"""Writes results as Markdown."""

from .loads import BY_NAME, LOADS
from .measures import measures
from .scaling import CONNECTIONS

NONE = "-"
PAGES = {
    "scan": "Scan of 1 MB pages",
    "query_pages": "Query of 1 MB pages",
    "get_records": "GetRecords, the whole stream",
}

THREADS = f"""\
{CONNECTIONS} connections. Weir and wrk share the machine: where both together take all its cores,
another thread of Weir can only take its time from wrk.
"""
LOCKS = f"""\
Every lock that at least one request in a hundred takes, by the function that takes it; "waited for"
is the share of the times it is taken. Of whole processes of a Weir that counts
(bench/lock_profile.cc), with {CONNECTIONS} connections and as many threads as cores. What asio's locks
are held over are the system calls of their one connection.
"""


def _table(head, rows):
    """A Markdown table with aligned columns: the first to the left, the others to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]

    def line(row):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
        return "| " + " | ".join(cells) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(head), line(rule), *map(line, rows)]) + "\n"


def _milliseconds(microseconds):
    return f"{microseconds / 1e3:.2f}"


def _number(value):
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def measures_table(results):
    rows = [
        (one.name, f"{one.sign} {one.target:g} {one.unit}", f"{one.measured:.2f}",
         "ok" if one.ok else f"missed, {min(one.of_target, 99):.2f} ×")
        for one in measures(results)
    ]
    return _table(("measure", "target", "measured", ""), rows)


def _load_rows(title, figures, titles):
    weir = figures["subjects"].get("weir")
    for name, column in titles.items():
        row = figures["subjects"].get(name)
        if row is None:
            if name in figures["missing"]:
                yield (title, column, *[NONE] * 6, figures["load_average"])
            continue
        to_weir = row["cpu"] / weir["cpu"] if weir else None
        yield (
            title,
            column,
            f"{row['cpu']:.1f}",
            f"{row['ratio']:.2f}" if "ratio" in row else NONE,
            f"{to_weir:.2f}" if to_weir else NONE,
            f"{row['rate']:,.0f}",
            _milliseconds(row["p50"]),
            _milliseconds(row["p99"]),
            figures["load_average"],
        )


LOAD_HEAD = ("load", "server", "CPU µs", "× Beast", "× Weir", "requests/s", "p50 ms", "p99 ms",
             "load average")


def loads_table(results, titles):
    found = results.get("loads", {})
    rows = [
        row
        for load in LOADS
        if load.name in found
        for row in _load_rows(load.title, found[load.name], titles)
    ]
    return _table(LOAD_HEAD, rows)


def connections_table(results, titles):
    rows = []
    for figures in results.get("connections", {}).values():
        title = f"{BY_NAME[figures['load']].title}, {figures['connections']} connections"
        rows += _load_rows(title, figures, titles)
    return _table(LOAD_HEAD, rows)


def pages_table(results, titles):
    rows = []
    for name, figures in results.get("pages", {}).items():
        for subject, column in titles.items():
            row = figures["subjects"].get(subject)
            if row:
                rows.append((PAGES[name], column, _number(row["bytes"] / 1e6),
                             f"{row['units']:,.0f}", figures["load_average"]))
            elif subject in figures["missing"]:
                rows.append((PAGES[name], column, NONE, NONE, figures["load_average"]))
    head = ("read", "server", "MB of JSON a CPU s", "pages or records a CPU s", "load average")
    return _table(head, rows)


def processes_table(results, titles):
    rows = []
    for subject, column in titles.items():
        row = results.get("processes", {}).get(subject)
        if row:
            stored = row["per_item"] is not None
            rows.append((
                column,
                f"{row['start'] * 1e3:.1f}",
                f"{row['idle'] / 1e6:.1f}",
                f"{row['per_item']:.0f}" if stored else NONE,
                f"{row['items']:,}" if stored else NONE,
                f"{row['given_back'] * 100:.1f}" if row["given_back"] is not None else NONE,
                f"{row['binary'] / 1e6:.1f}" if "binary" in row else NONE,
                row["load_average"],
            ))
    head = ("server", "first answer ms", "idle MB", "B an item", "items", "given back %",
            "stripped MB", "load average")
    return _table(head, rows)


def growth_table(results):
    rows = []
    for name, figures in results.get("sizes", {}).items():
        rows += [
            (BY_NAME[name].title, f"{items:,} items", f"{cpu:.1f}",
             f"{cpu / figures['cpu'][0]:.2f}", figures["load_average"])
            for items, cpu in zip(figures["items"], figures["cpu"], strict=False)
        ]
    log = results.get("log")
    if log:
        for length, cpu in zip((1000, log["log"]), log["cpu"], strict=False):
            rows.append((BY_NAME["put_stream"].title, f"{length:,} records in the log",
                         f"{cpu:.1f}", f"{cpu / log['cpu'][0]:.2f}", log["load_average"]))
    return _table(("load", "with", "CPU µs", "× first", "load average"), rows)


def threads_table(results):
    rows = []
    for name, figures in results.get("threads", {}).items():
        counted = {count: row for count, row in figures.items() if count.isdigit()}
        first = counted["1"]["rate"]
        rows += [
            (BY_NAME[name].title, count, f"{row['rate']:,.0f}", f"{row['rate'] / first:.2f}",
             f"{row['cpu']:.1f}", f"{row['busy']:.2f}", f"{row['driver']:.2f}",
             f"{row['busy'] + row['driver']:.2f}", figures["load_average"])
            for count, row in counted.items()
        ]
    head = ("load", "threads", "requests/s", "× 1 thread", "CPU µs", "cores of Weir",
            "cores of wrk", "of both", "load average")
    return _table(head, rows)


def _microseconds(nanoseconds):
    return f"{nanoseconds / 1e3:,.2f}"


def locks_table(results):
    rows = [
        (f"{BY_NAME[name].title}: `{lock['function']}`", lock["kind"],
         f"{lock['taken'] / figures['requests']:.2f}",
         f"{100 * lock['waited'] / lock['taken']:.2f}",
         _microseconds(lock["wait"] / lock["taken"]),
         _microseconds(lock["held"] / lock["taken"]))
        for name, figures in results.get("locks", {}).items()
        for lock in figures["locks"]
    ]
    head = ("load: function", "lock", "taken a request", "waited for %", "wait µs", "held µs")
    return _table(head, rows)


def waiting_lines(results):
    return "".join(
        f"- {BY_NAME[name].title}: {figures['threads']} threads, "
        f"{100 * figures['waiting']:.1f} % of their time waiting for locks\n"
        for name, figures in results.get("locks", {}).items()
    )


def reasons(results):
    """Why figures are missing (`-`): {"server, load": reason}."""
    found = {}
    for part in ("loads", "pages", "connections"):
        for name, figures in results.get(part, {}).items():
            for subject, reason in figures["missing"].items():
                found[f"{subject}, {name}"] = reason
    for subject, figures in results.get("processes", {}).items():
        if figures["reason"]:
            found[f"{subject}, memory"] = figures["reason"]
    return found


def records_lines(results):
    """How many records each stream had for its number of puts."""
    figures = results.get("loads", {}).get("put_stream", {}).get("subjects", {})
    return [
        f"{subject}: {row['records']['found']:,} records of {row['records']['answered']:,} puts "
        f"answered and at most {row['records']['made']:,} made"
        for subject, row in figures.items()
        if "records" in row
    ]


def full(results, machine, titles, method):
    """The whole page."""
    parts = [
        "# Performance\n",
        "Written by `bench/compare`; edit that instead.\n",
        method,
        "\n".join(f"- {name}: {value}" for name, value in machine.items()) + "\n",
        "## Targets\n",
        measures_table(results),
        "## Requests\n",
        loads_table(results, titles),
    ]
    lines = records_lines(results)
    if lines:
        parts += ["Records of the streams:\n", "".join(f"- {line}\n" for line in lines)]
    for part, heading, text in (
        ("connections", "Connections", connections_table(results, titles)),
        ("pages", "Pages", pages_table(results, titles)),
        ("sizes", "Growth", growth_table(results)),
        ("processes", "Processes", processes_table(results, titles)),
        ("threads", "Threads", f"{THREADS}\n{threads_table(results)}"),
        ("locks", "Locks", f"{LOCKS}\n{locks_table(results)}\n{waiting_lines(results)}"),
    ):
        if results.get(part):
            parts += [f"## {heading}\n", text]
    found = reasons(results)
    if found:
        parts += ["## What is missing\n",
                  "".join(f"- {where}: `{reason}`\n" for where, reason in found.items())]
    return "\n".join(parts)
