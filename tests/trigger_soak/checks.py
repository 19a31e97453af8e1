# SPDX-License-Identifier: Apache-2.0
"""What a trigger has promised, held against what its function has noted and what was given up."""

import collections
import datetime
import json

from trigger_soak.function_code.witness import write_of
from trigger_soak.triggers import NOTES_TABLE

TIME_SLACK = 0.001  # seconds; times are microseconds on one side, floating point on the other
SHOWN = 5  # faults of one kind
KEPT_LETTERS = 200  # the server keeps 1000 at most


class Notes:
    """The invocations of one function, as it has noted them, in the order in which they began."""

    def __init__(self, trigger):
        self.trigger = trigger
        self.offset = 0
        self.invocations = {}

    def lines(self, calls):
        """The notes since the last call."""
        if self.trigger.kind.name == "strict":
            items = calls.scan(NOTES_TABLE)
            for item in items:
                calls.call("DeleteItem", TableName=NOTES_TABLE, Key={"pk": item["pk"]})
            return [item["note"]["S"] for item in items]
        path = self.trigger.folder / "notes"
        if not path.exists():
            return []
        with path.open() as file:
            file.seek(self.offset)
            text = file.read()
        self.offset += len(text)
        return text.splitlines()

    def collect(self, calls):
        """Adds what is new. Returns the new invocations."""
        notes = [json.loads(line) for line in self.lines(calls)]
        notes.sort(key=lambda note: note["at"])
        new = []
        for note in notes:
            if note["kind"] == "given":
                note["writes"] = [tuple(write) for write in note["writes"]]
                self.invocations[note["invocation"]] = {**note, "done": 0, "done_at": None}
                new.append(self.invocations[note["invocation"]])
            else:
                invocation = self.invocations[note["invocation"]]
                invocation["done"], invocation["done_at"] = note["count"], note["at"]
        return new

    def forget(self, invocations):
        for invocation in invocations:
            del self.invocations[invocation["invocation"]]

    def done(self):
        """How often each write was done, and when first."""
        counts, first = collections.Counter(), {}
        for invocation in self.invocations.values():
            for write in invocation["writes"][: invocation["done"]]:
                counts[write] += 1
                first[write] = min(first.get(write, invocation["done_at"]), invocation["done_at"])
        return counts, first


class DeadLetters:
    """All dead letters of the run, in the order in which they were found."""

    def __init__(self):
        self.letters = {}  # by id and request; an id may come again after a restart
        self.faults = []

    def collect(self, calls):
        answer = calls.rest("GET", "/_weir/dlq")
        there = {(letter["id"], letter["requestId"]) for letter in answer["deadLetters"]}
        if answer["dropped"]:
            self.faults.append(f"{answer['dropped']} dead letters were dropped")
        for name in [name for name in self.letters if name not in there]:
            if not self.letters[name]["removed"]:
                self.faults.append(f"dead letter {name} is gone")
                self.letters[name]["removed"] = True
        for number, request in sorted(there - set(self.letters), key=lambda name: int(name[0])):
            letter = calls.rest("GET", f"/_weir/dlq/{number}")
            records = json.loads(letter["payload"])["Records"]
            letter["writes"] = [tuple(write_of(record)) for record in records]
            letter["clock"] = seconds(letter["timestamp"])
            letter["removed"] = False
            self.letters[number, request] = letter
        self.purge(calls)

    def purge(self, calls):
        """Has the server forget the oldest."""
        there = [letter for letter in self.letters.values() if not letter["removed"]]
        for letter in there[:-KEPT_LETTERS]:
            calls.rest("DELETE", f"/_weir/dlq/{letter['id']}")
            letter["removed"] = True

    def of(self, trigger):
        return [letter for letter in self.letters.values() if letter["mapping"] == trigger.uuid]


def seconds(text):
    time = datetime.datetime.fromisoformat(text.removesuffix("Z"))
    return time.replace(tzinfo=datetime.UTC).timestamp()


class Check:
    """One look at a trigger. `was_killed`: whether its server was, so that what was done may be
    done again; the clock then may have gone back to where a move of it began.
    """

    def __init__(self, trigger, notes, letters, writer, was_killed):
        self.trigger = trigger
        self.kind = trigger.kind
        self.invocations = sorted(notes.invocations.values(), key=lambda i: i["at"])
        self.letters = letters.of(trigger)
        self.times = writer.times
        self.was_killed = was_killed
        self.done, self.done_at = notes.done()
        self.dead = {w: letter["clock"] for letter in self.letters for w in letter["writes"]}
        self.found = collections.defaultdict(list)

    def fault(self, what, detail):
        self.found[what].append(detail)

    def missing(self):
        """Writes that were neither done nor given up."""
        wanted = {write for write in self.times if write[0].startswith(self.kind.prefix)}
        return sorted(wanted - set(self.done) - set(self.dead))

    def run(self):
        """Returns the faults, as texts."""
        for write in self.missing():
            self.fault("neither done nor given up", (write, self.times[write]))
        self.check_deliveries()
        self.check_letters()
        if not self.was_killed:
            for write, count in self.done.items():
                if count > 1:
                    self.fault("done more than once", (write, count))
                if write in self.dead:
                    self.fault("done and given up", write)
        return [
            f"{self.kind.name}: {what}: {len(details)}, such as {details[:SHOWN]}"
            for what, details in self.found.items()
        ]

    def check_deliveries(self):
        largest = max(settings["BatchSize"] for _, settings in self.trigger.history)
        given = set()
        for invocation in self.invocations:
            writes = invocation["writes"]
            if not 0 < len(writes) <= largest:
                self.fault("a batch of this size", len(writes))
            self.check_code(invocation)
            numbers = {}
            for key, number in writes:
                if (key, number) not in self.times:
                    self.fault("never written", (key, number))
                    continue
                if not key.startswith(self.kind.prefix):
                    self.fault("not what the filter lets pass", (key, number))
                if number <= numbers.get(key, 0):
                    self.fault("out of order in a batch", (key, number, numbers))
                if (key, number) not in given and numbers.get(key) != number - 1:
                    self.check_predecessor(invocation, key, number)
                numbers[key] = number
                given.add((key, number))
                self.check_age(invocation, (key, number))

    def check_predecessor(self, invocation, key, number):
        """The write before is done or given up before this one is given."""
        before = (key, number - 1)
        done_at, dead_at = self.done_at.get(before), self.dead.get(before)
        is_done = done_at is not None and done_at < invocation["at"]
        is_dead = dead_at is not None and (
            self.was_killed or dead_at <= invocation["clock"] + TIME_SLACK
        )
        if number > 1 and not is_done and not is_dead:
            request = invocation["request"]
            self.fault("given before the write before it was over", (key, number, request))

    def check_age(self, invocation, write):
        ages = self.trigger.in_force("MaximumRecordAgeInSeconds", invocation["clock"])
        age = invocation["clock"] - self.times[write]
        if -1 not in ages and age > max(ages) + TIME_SLACK:
            self.fault("given after its age", (write, age, ages))

    def check_code(self, invocation):
        if self.kind.runtime is None:
            return
        deployed = [number for at, number in self.trigger.deployments if at < invocation["at"]]
        if invocation["code"] != (deployed[-1] if deployed else 0):
            self.fault("run by another deployment", (invocation["code"], deployed[-1:]))

    def check_letters(self):
        failed = [i for i in self.invocations if i["done"] < len(i["writes"])]
        given = collections.Counter(invocation["request"] for invocation in failed)
        seen = set()
        for letter in self.letters:
            number = letter["id"]
            if letter["condition"] != self.kind.condition:
                self.fault("given up for another reason", (number, letter["condition"]))
            elif letter["condition"] == "RetryAttemptsExhausted":
                self.check_attempts(letter, given[letter["requestId"]])
            else:
                self.check_expiry(letter)
            if letter["batchSize"] != len(letter["writes"]):
                self.fault("a dead letter of another size", number)
            twice = seen.intersection(letter["writes"])
            if twice and not self.was_killed:
                self.fault("given up twice", (number, sorted(twice)[:SHOWN]))
            seen.update(letter["writes"])
        limit = max(settings["MaximumRetryAttempts"] for _, settings in self.trigger.history)
        for request, count in given.items():
            if limit >= 0 and count > limit + 1:
                self.fault("tried too often", (request, count))

    def check_attempts(self, letter, noted):
        attempts = letter["approximateInvokeCount"]
        limits = self.trigger.in_force("MaximumRetryAttempts", letter["clock"])
        if attempts < min(limits) + 1:
            self.fault("given up too early", (letter["id"], attempts, limits))
        if attempts != noted and not self.was_killed:
            self.fault("counts other attempts than there were", (letter["id"], attempts, noted))

    def check_expiry(self, letter):
        ages = self.trigger.in_force("MaximumRecordAgeInSeconds", letter["clock"])
        for write in letter["writes"]:
            age = letter["clock"] - self.times.get(write, 0)
            if age < min(ages) - TIME_SLACK:
                self.fault("given up before its age", (letter["id"], write, age, ages))
