# SPDX-License-Identifier: Apache-2.0
"""One run: the server, the triggers, what is written, and what is looked at."""

import http.client
import os
import pathlib
import random
import signal
import threading
import time
import uuid

from support.indexed_table import indexed_table
from support.weir_server import WeirServer

from trigger_soak.calls import Calls
from trigger_soak.checks import Check, DeadLetters, Notes
from trigger_soak.faults import Deck
from trigger_soak.processes import await_end, descendants, with_variable
from trigger_soak.triggers import KINDS, NOTES_TABLE, Trigger
from trigger_soak.writes import TABLE, Writer

HOUR = 3600
SHORT_STEP = (0.2, 30)  # seconds of the clock between writes
LONG_STEP = (60, 600)
WRITES_A_STEP = 8  # at most
COLLECT_EVERY = 10  # steps; the server keeps only so many dead letters
OPEN_SHARDS = 8
SHARD_CHANGES = 0.04  # a step
LONGEST_WORK = 0.8  # seconds that a server works before it is killed
WORK_STEP = (0.01, 5)  # seconds of the clock between its writes
QUIET_STEPS = 20  # minutes until all that was held up is done
MEMORY_GROWTH = 1.3
MEMORY_SLACK = 80 << 20  # the lines that functions log are kept, up to 64 MB of them
MOST_FILES = 300  # that the server has open: some for each function process, and shard
REDRIVEN = 3  # dead letters that are sent again at each look


class Run:
    def __init__(self, arguments, folder):
        self.weir = arguments.weir
        self.folder = pathlib.Path(folder)
        self.random = random.Random(arguments.seed)
        self.marker = f"soak-{uuid.uuid4().hex}"
        self.flags = ["--log-level", "error"]
        if arguments.data_dir or arguments.kills:
            self.flags += ["--data-dir", str(self.folder / "data"), "--durability", "always"]
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.server = None
        self.starts = 0
        self.start()
        self.now = self.calls.change_clock(freeze=True)
        self.begun = self.now
        self.writer = Writer(self.random)
        self.letters = DeadLetters()
        self.kills = 0
        self.steps = 0
        self.levels = []
        self.faults = []
        self.triggers = [Trigger(self, kind) for kind in KINDS]
        self.notes = [Notes(trigger) for trigger in self.triggers]
        longest = min(arguments.hours * HOUR / 8, 2 * HOUR)
        self.deck = Deck(self.triggers, self.random, longest, arguments.quick)

    def start(self):
        port = ["--port", str(self.server.port)] if self.server else []
        command = [f"TMPDIR={self.temporary}", self.weir, *self.flags, *port]
        self.server = WeirServer("env", command, cwd=self.folder)
        self.calls = Calls(self.server)
        self.starts += 1

    def set_up(self):
        self.calls.call("CreateTable", **indexed_table(TABLE, by="group"))
        key = {"AttributeName": "pk", "KeyType": "HASH"}
        self.calls.call(
            "CreateTable",
            TableName=NOTES_TABLE,
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        stream = self.calls.call("DescribeTable", TableName=TABLE)["Table"]["LatestStreamArn"]
        for trigger in self.triggers:
            trigger.create(stream)

    def advance(self, span):
        self.now = self.calls.change_clock(advance=round(span, 3))

    def step(self, until, fault_rate):
        if self.random.random() < fault_rate:
            self.calls.settle()  # nothing is under way when it begins
            self.deck.deal(self.now)
        if self.random.random() < SHARD_CHANGES:
            self.change_shards()
        self.writer.write(self.calls, self.now, self.random.randrange(WRITES_A_STEP + 1))
        span = self.random.uniform(*(SHORT_STEP if self.random.random() < 0.6 else LONG_STEP))
        self.advance(max(0.001, min(span, until - self.now, self.deck.next_end() - self.now)))
        self.deck.end_due(self.now)
        self.steps += 1
        if self.steps % COLLECT_EVERY == 0:
            self.letters.collect(self.calls)

    def change_shards(self):
        answer = self.calls.rest("GET", f"/_weir/shards?table={TABLE}")
        shards = [shard["ShardId"] for shard in answer["Shards"] if shard["State"] == "OPEN"]
        if not shards:
            return
        split = len(shards) < OPEN_SHARDS and self.random.random() < 0.5
        action = "SPLIT" if split else "ROTATE"
        change = {"TableName": TABLE, "Action": action, "ShardId": self.random.choice(shards)}
        self.calls.rest("POST", "/_weir/shards", change)
        self.deck.counts[action] = self.deck.counts.get(action, 0) + 1

    def work_until_killed(self, calls, seed):
        """Writes and moves the clock until the server is gone."""
        chance = random.Random(seed)
        try:
            while True:
                self.writer.write(calls, self.now, chance.randrange(WRITES_A_STEP + 1))
                self.now = calls.change_clock(advance=round(chance.uniform(*WORK_STEP), 3))
        except (OSError, http.client.HTTPException):
            pass

    def end_at_work(self, number):
        """Ends the server by a signal while it works, and starts it again."""
        worker = threading.Thread(
            target=self.work_until_killed,
            args=(Calls(self.server), self.random.random()),
            daemon=True,
        )
        worker.start()
        time.sleep(self.random.uniform(0, LONGEST_WORK))
        processes = descendants(self.server.pid)
        status = self.server.stop(number)
        worker.join()
        if status != (0 if number == signal.SIGTERM else -number):
            self.faults.append(f"the server ended with {status}: {self.server.stderr}")
        self.kills += 1
        self.faults += [f"{number.name} has left {what}" for what in await_end(processes)]
        self.restarted()

    def restarted(self):
        before = self.now
        self.start()
        self.now = self.calls.now()
        if self.now < before:
            self.faults.append(f"the clock has gone back from {before} to {self.now}")
        self.faults += self.writer.resolve(self.calls)
        for trigger in self.triggers:
            trigger.check_survival()
        self.letters.collect(self.calls)
        self.calls.settle()
        self.deck.end_due(self.now)

    def checks(self):
        for notes in self.notes:
            notes.collect(self.calls)
        self.letters.collect(self.calls)
        was_killed = self.kills > 0
        return [Check(n.trigger, n, self.letters, self.writer, was_killed) for n in self.notes]

    def look(self):
        """Ends all faults, and returns what is wrong then."""
        self.deck.end_due(float("inf"))
        for _ in range(QUIET_STEPS):
            self.advance(60)
            if not any(check.missing() for check in self.checks()):
                break
        faults = [fault for check in self.checks() for fault in check.run()]
        faults += self.writer.check_table(self.calls) + self.check_files() + self.check_counts()
        for trigger in self.triggers:
            faults += self.redrive(trigger)
            faults += trigger.faults
            trigger.faults.clear()
        faults += self.letters.faults + self.faults
        self.letters.faults.clear()
        self.faults.clear()
        self.show()
        return faults

    def redrive(self, trigger):
        letters = [letter for letter in self.letters.of(trigger) if not letter["removed"]]
        notes = next(notes for notes in self.notes if notes.trigger is trigger)
        faults = []
        for letter in self.random.sample(letters, min(REDRIVEN, len(letters))):
            try:
                answer = self.calls.rest("POST", f"/_weir/dlq/{letter['id']}/redrive")
            except RuntimeError as refusal:
                faults.append(str(refusal))
                continue
            letter["removed"] = True
            again = notes.collect(self.calls)
            writes = [write for invocation in again for write in invocation["writes"]]
            if answer["functionError"] or writes != letter["writes"]:
                faults.append(f"dead letter {letter['id']} sent again: {answer}, {writes}")
            notes.forget(again)
        return faults

    def check_files(self):
        count = len(os.listdir(f"/proc/{self.server.pid}/fd"))
        return [f"the server has {count} files open"] if count > MOST_FILES else []

    def check_counts(self):
        """What the server counts is what there was. After a restart it counts anew."""
        faults = []
        answer = self.calls.rest("GET", "/_weir/triggers")
        shown = {counts["uuid"]: counts for counts in answer["triggers"]}
        for trigger in self.triggers:
            counts = shown[trigger.uuid]
            given_up = sum(letter["batchSize"] for letter in self.letters.of(trigger))
            if self.starts == 1 and counts["deadLetters"] != given_up:
                faults.append(f"{trigger.kind.name}: {given_up} were given up, not {counts}")
            if counts["lost"] or counts["waiting"] or counts["inFlight"]:
                faults.append(f"{trigger.kind.name}: lost or waiting: {counts}")
        return faults

    def show(self):
        memory = self.calls.rest("GET", "/_weir/health?verbose")["memory"]["residentBytes"]
        self.levels.append(memory)
        invocations = sum(len(notes.invocations) for notes in self.notes)
        print(
            f"hour {(self.now - self.begun) / HOUR:5.1f}: {len(self.writer.times):6} writes,"
            f" {invocations:6} invocations, {len(self.letters.letters):4} dead letters,"
            f" {sum(self.deck.counts.values()):4} faults, {self.kills:3} ends,"
            f" {memory >> 20:4} MB resident",
            flush=True,
        )

    def last_writes(self):
        """What is written after all faults is done, not given up."""
        before = len(self.letters.letters)
        for key in sorted(self.writer.last):
            self.writer.put(self.calls, self.now, key)
        faults = self.look()
        if len(self.letters.letters) != before:
            faults.append("records that were written after all faults were given up")
        return faults

    def memory_faults(self):
        half = len(self.levels) // 2
        before, after = max(self.levels[:half]), max(self.levels[half:])
        if after > before * MEMORY_GROWTH + MEMORY_SLACK:
            return [f"the memory has grown from {before >> 20} MB to {after >> 20} MB"]
        return []

    def restart(self):
        """Ends the server as it should be ended, and starts it again."""
        faults = self.stop_server()
        self.restarted()
        return faults

    def stop_server(self):
        processes = descendants(self.server.pid)
        status = self.server.stop()
        faults = [] if status == 0 else [f"the server ended with {status}: {self.server.stderr}"]
        return faults + [f"the server has left {what}" for what in await_end(processes)]

    def end(self):
        for trigger in self.triggers:
            trigger.detach()
            self.faults += trigger.faults
        faults = self.faults + self.stop_server()
        left = await_end(with_variable(self.marker)) + list(self.temporary.iterdir())
        return faults + [f"left at the end: {what}" for what in left]

    def abandon(self):
        """Ends what runs, after an error of this program."""
        for trigger in self.triggers:
            if trigger.runner is not None:
                trigger.runner.end(signal.SIGKILL)
        self.server.stop(signal.SIGKILL)
