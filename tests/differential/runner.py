# SPDX-License-Identifier: Apache-2.0
"""Runs epochs in several processes (lanes) at once. Each lane has its own servers."""

import multiprocessing
import queue
import signal
import time
import traceback

from . import rules_ddblocal, rules_dynoxide
from .epoch import Epoch, EpochGone
from .report import Report
from .rules import RuleBook
from .servers import Server, weir_command

NEWS_EVERY = 20.0  # seconds between two lines about the run's progress


def rulebook():
    return RuleBook(rules_ddblocal.RULES + rules_dynoxide.RULES)


def make_servers(options):
    servers = [Server("weir", options.weir_url or weir_command(options.weir))]
    return servers + [Server(name, where) for name, where in options.oracles]


def interrupt(*_):
    raise KeyboardInterrupt


def run_lane(options, lane, done, results):
    """Runs every `options.lanes`-th epoch until all lanes together have sent enough requests."""
    # Whatever ends the lane, the servers that it started must end, too.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends its lanes
    report, rules, servers = Report(), rulebook(), make_servers(options)
    failure = None
    try:
        for server in servers:
            server.start()
        number = lane if options.replay_epoch is None else options.replay_epoch
        while done.value < options.requests:
            _run_epoch(options, number, servers, rules, report, done, results)
            if options.replay_epoch is not None:
                break
            number += options.lanes
    except KeyboardInterrupt:
        failure = "interrupted"
    except Exception:  # noqa: BLE001 - told to the main process, which fails the run
        failure = traceback.format_exc()
    finally:
        for server in servers:
            server.stop()
        report.pages = []
        results.put(("end", report, rules.hits, failure))


def _run_epoch(options, number, servers, rules, report, done, results):
    before = report.requests.total()
    epoch = Epoch(options, number, servers, rules, report)
    try:
        epoch.run()
    except EpochGone as problem:
        report.lost(epoch.place, problem)
        problem.server.restart()
    finally:
        for page in report.pages:
            results.put(("page", page))
        report.pages = []
        with done.get_lock():
            done.value += report.requests.total() - before


def run(options, out=print):
    """Runs all lanes to the end. Returns (report, rules with hits, failures)."""
    context = multiprocessing.get_context("fork")
    done, results = context.Value("q", 0), context.Queue()
    arguments = [(options, lane, done, results) for lane in range(options.lanes)]
    lanes = [context.Process(target=run_lane, args=a, daemon=True) for a in arguments]
    for lane in lanes:
        lane.start()
    report, rules, failures = Report(), rulebook(), []
    running, told, started = len(lanes), time.monotonic(), time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: [lane.terminate() for lane in lanes])
    while running:
        try:
            kind, *content = results.get(timeout=1.0)
        except queue.Empty:
            kind = "nothing"
            if not any(lane.is_alive() for lane in lanes) and results.empty():
                failures.append("a lane ended without a report")
                break
        if kind == "page":
            out(content[0])
        elif kind == "end":
            running -= 1
            report.merge(content[0])
            for name, hits in content[1].items():
                rules.hits[name] += hits
            failures += [content[2]] if content[2] else []
        if time.monotonic() - told > NEWS_EVERY:
            told = time.monotonic()
            out(f"... {done.value} requests after {told - started:.0f} s")
    for lane in lanes:
        lane.join()
    return report, rules, failures
