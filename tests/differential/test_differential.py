# SPDX-License-Identifier: Apache-2.0
"""Tests of the harness: Weir agrees with Weir, and a planted difference is found."""

import random
import subprocess
import sys
from types import SimpleNamespace

import pytest

from .epoch import STEPS, Epoch
from .report import Report
from .requests import RequestMaker
from .rules import Case, Rule, RuleBook
from .runner import rulebook
from .schemas import random_schema
from .servers import Server
from .stages import earlier

FEATURES = {"legacy", "indexes", "multikeys", "transactions", "partiql", "several-faults"}


class Altered:
    """A connection that forwards everything, but changes the answers of one operation by `alter`.
    """

    def __init__(self, connection, operation, alter):
        self.connection = connection
        self.operation = operation
        self.alter = alter
        self.last = None

    def send(self, operation, body, *api):
        self.last = operation
        self.connection.send(operation, body, *api)

    def receive(self):
        answer = self.connection.receive()
        if self.last == self.operation and answer.ok:
            self.alter(answer.body)
        return answer

    def close(self):
        self.connection.close()

    def call(self, operation, body, *api):
        self.send(operation, body, *api)
        return self.receive()


@pytest.fixture
def servers(start_weir):
    """Two Weirs. The second has the name of an oracle without rules."""
    started = [Server(name, start_weir().endpoint) for name in ("weir", "weir2")]
    for server in started:
        server.start()
    yield started
    for server in started:
        server.stop()


def run_epoch(servers, rules=(), replay_step=None):
    options = SimpleNamespace(
        seed="7",
        features=FEATURES,
        replay_epoch=0 if replay_step else None,
        replay_step=replay_step,
    )
    report = Report()
    epoch = Epoch(options, 0, servers, RuleBook(list(rules)), report)
    epoch.run()
    return report


def test_two_weirs_agree(weir_binary):
    command = [sys.executable, "-B", "-m", "tests.differential", "--weir", str(weir_binary)]
    command += ["--oracle", f"weir2={weir_binary} --port {{port}}", "--requests", "500"]
    command += ["--seed", "1", "--lanes", "1", "--features", ",".join(sorted(FEATURES))]
    run = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr
    lines = run.stdout.splitlines()
    summary = next(line for line in lines if line.endswith("%)"))
    total, good = int(summary.split()[0]), int(summary.split()[2])
    assert total >= 500 and good >= 0.3 * total, summary
    assert lines[-1] == "0 disagreements outside the rules"


def test_a_changed_answer_is_found_and_can_be_replayed(servers):
    def alter(body):
        body["ScannedCount"] += 1

    servers[1].connection = Altered(servers[1].connection, "Query", alter)
    report = run_epoch(servers)
    assert list(report.kinds) == ["weir2 Query ScannedCount"], report.kinds
    seed, epoch, step = report.first_place["weir2 Query ScannedCount"].split(":")
    assert (seed, epoch) == ("7", "0")
    again = run_epoch(servers, replay_step=int(step))
    assert again.first_place == report.first_place
    assert again.kinds["weir2 Query ScannedCount"] >= 1
    assert sum(again.requests.values()) < sum(report.requests.values())


def test_a_changed_item_is_found_in_the_table_and_its_records(servers):
    send = servers[1].connection.send

    def send_other(operation, body, *api):
        if operation == "PutItem" and isinstance(body.get("Item"), dict):
            body = {**body, "Item": {**body["Item"], "planted": {"S": "x"}}}
        send(operation, body, *api)

    servers[1].connection.send = send_other
    kinds = run_epoch(servers).kinds
    assert any(" Scan Items" in kind for kind in kinds), kinds
    assert any(" GetRecords record" in kind for kind in kinds), kinds


def test_a_rule_settles_only_what_it_names(servers):
    def alter(body):
        body["ScannedCount"] += 1
        body["Count"] += 2

    servers[1].connection = Altered(servers[1].connection, "Query", alter)
    rule = Rule("counts", "", "", "weir2", operations={"Query"}, path="Count")
    report = run_epoch(servers, [rule])
    assert list(report.kinds) == ["weir2 Query ScannedCount"], report.kinds


@pytest.mark.parametrize(
    "weir, theirs, explained",
    [
        ("E: the a", "E: the a, longer", True),
        ("E: the a", "E: the b, longer", False),
        ("E: another a", "E: the a, longer", False),
    ],
)
def test_texts_of_a_rule(weir, theirs, explained):
    rule = Rule("r", "", "", "weir2", weir="E: the (?P<x>.*)", theirs="E: the {x}, longer")
    case = Case("weir2", SimpleNamespace(operation="Query"), None, None)
    difference = SimpleNamespace(path="error", texts=lambda: (weir, theirs))
    assert rule.explains(case, difference) is explained


def test_the_order_of_faults():
    text = "ValidationException: {}".format
    member = text(
        "1 validation error detected: Value 'X' at 'select' failed to satisfy constraint: a"
    )
    syntax = text("Invalid FilterExpression: Syntax error; token: a")
    table = "ResourceNotFoundException: Requested resource not found"
    places = ["SerializationException: a", member, syntax, table]
    for first, second in zip(places, places[1:], strict=False):
        assert earlier(first, second) and not earlier(second, first)
    assert not earlier(syntax, syntax) and not earlier(syntax, text("never heard of"))


def test_every_rule_has_a_reason_and_a_source():
    for rule in rulebook().rules:
        assert rule.why and rule.source, rule.name


def test_every_rule_sees_the_fault_that_it_explains():
    for rule in rulebook().rules:
        assert rule.weir != ".*" or rule.theirs != ".*" or rule.check, rule.name


def test_one_fault_unless_more_are_asked_for():
    for features in (FEATURES - {"several-faults"}, FEATURES):
        rng = random.Random(1)
        schemas = [random_schema(rng, "things", features)]
        maker = RequestMaker(rng, schemas, features)
        faults = [maker.next().fault.replace("mutated ", "") for _ in range(5000)]
        assert any(faults)
        assert any(" " in fault for fault in faults) == ("several-faults" in features)


def test_requests_follow_from_the_seed(servers):
    epochs = [
        Epoch(SimpleNamespace(seed="3", features=FEATURES, replay_epoch=None, replay_step=None), 5,
              servers, RuleBook([]), Report())
        for _ in range(2)
    ]  # fmt: skip
    for step in range(0, STEPS, 7):
        first, second = (
            RequestMaker(random.Random(step), epoch.schemas, FEATURES).next() for epoch in epochs
        )
        assert first == second
