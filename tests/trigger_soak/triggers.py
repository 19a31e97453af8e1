# SPDX-License-Identifier: Apache-2.0
"""The three functions of the run with their mappings, and what is done to them."""

import base64
import dataclasses
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import zipfile

from trigger_soak.calls import FUNCTIONS, MAPPINGS
from trigger_soak.processes import await_end, descendants
from trigger_soak.writes import PREFIX

CODE = pathlib.Path(__file__).parent / "function_code"
NOTES_TABLE = "notes"
ROLE = "arn:aws:iam::000000000000:role/functions"
DEADLINE = 60.0  # seconds


ONLY_ITEMS = json.dumps({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": PREFIX}]}}}})


@dataclasses.dataclass(frozen=True)
class Kind:
    """A function and its mapping. `runtime`: None if `weir lambda run` runs it."""

    name: str
    runtime: str | None
    entry: str
    settings: dict
    condition: str | None  # of the dead letters that it may have
    prefix: str = ""  # of the items that its filter lets pass


KINDS = [
    Kind("steady", "python3.11", "app.py", {"BatchSize": 10}, None),
    Kind(
        "strict",
        "provided.al2023",
        "bootstrap",
        {
            "BatchSize": 25,
            "MaximumBatchingWindowInSeconds": 5,
            "MaximumRetryAttempts": 2,
            "BisectBatchOnFunctionError": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
        "RetryAttemptsExhausted",
    ),
    Kind(
        "brief",
        None,
        "bootstrap.py",
        {
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 20,
            "MaximumRecordAgeInSeconds": 300,
            "FilterCriteria": {"Filters": [{"Pattern": ONLY_ITEMS}]},
        },
        "RecordAgeExceeded",
        PREFIX,
    ),
]


def zip_of(kind, number):
    """The code of a function, as base64; `number` tells one deployment from another."""
    buffer = io.BytesIO()
    files = {"witness.py": (CODE / "witness.py").read_text(), "code-number": str(number)}
    if kind.entry == "bootstrap":
        files["bootstrap"] = f"#!{sys.executable} -B\n" + (CODE / "bootstrap.py").read_text()
    else:
        files[kind.entry] = (CODE / kind.entry).read_text()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100755 if name == "bootstrap" else 0o100644) << 16
            archive.writestr(entry, text)
    return base64.b64encode(buffer.getvalue()).decode()


class Runner:
    """A `weir lambda run`."""

    def __init__(self, weir, port, function, folder, marker):
        command = [sys.executable, "-B", str(CODE / "bootstrap.py")]
        self.output = open(folder / "runner.log", "ab")  # noqa: SIM115 - it outlives this block
        self.process = subprocess.Popen(
            [str(weir), "lambda", "run", function, "--port", str(port), "--", *command],
            env={**os.environ, "SOAK_FOLDER": str(folder), "SOAK_RUN": marker},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def end(self, number=signal.SIGTERM):
        """Returns what is left of it: nothing, also after SIGKILL."""
        started = descendants(self.process.pid)
        self.process.send_signal(number)
        self.process.wait(DEADLINE)
        self.output.close()
        return [f"weir lambda run has left {what}" for what in await_end(started)]


class Trigger:
    """A function, its mapping, and its settings at each time."""

    def __init__(self, run, kind):
        self.run = run
        self.kind = kind
        self.folder = run.folder / kind.name
        self.folder.mkdir()
        self.settings = {
            "MaximumRetryAttempts": -1,
            "MaximumRecordAgeInSeconds": -1,
            **kind.settings,
        }
        self.history = []  # (when by the clock, settings)
        self.code = 0  # the number of the deployment
        self.deployments = []  # (when by the monotonic clock, number)
        self.runner = None
        self.faults = []
        self.set_mode("ok")

    def set_mode(self, mode):
        new = self.folder / "behaviour.new"
        new.write_text(mode)
        new.rename(self.folder / "behaviour")

    @property
    def path(self):
        return f"{FUNCTIONS}/{self.kind.name}"

    def create(self, stream):
        kind, calls = self.kind, self.run.calls
        variables = {"SOAK_FOLDER": str(self.folder), "SOAK_RUN": self.run.marker}
        if kind.name == "strict":
            variables["SOAK_TABLE"] = NOTES_TABLE
        if kind.runtime is None:
            self.attach()
            calls.rest("PUT", f"{self.path}/configuration", {"Timeout": 1})
        else:
            calls.rest(
                "POST",
                FUNCTIONS,
                {
                    "FunctionName": kind.name,
                    "Runtime": kind.runtime,
                    "Handler": "app.handler",
                    "Role": ROLE,
                    "Timeout": 1,
                    "Code": {"ZipFile": zip_of(kind, 0)},
                    "Environment": {"Variables": variables},
                },
            )
        self.await_configuration("State", "Active")
        answer = calls.rest(
            "POST",
            MAPPINGS,
            {
                "FunctionName": kind.name,
                "EventSourceArn": stream,
                "StartingPosition": "TRIM_HORIZON",
                **self.settings,
            },
        )
        self.uuid = answer["UUID"]
        self.history.append((self.run.now, dict(self.settings)))

    def await_configuration(self, member, value):
        end = time.monotonic() + DEADLINE
        while self.run.calls.rest("GET", f"{self.path}/configuration").get(member) != value:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.kind.name} is not {member} {value}")
            time.sleep(0.02)

    def change(self, **settings):
        self.run.calls.rest("PUT", f"{MAPPINGS}/{self.uuid}", settings)
        self.settings.update(settings)
        self.history.append((self.run.now, dict(self.settings)))

    def enable(self, enabled):
        self.run.calls.rest("PUT", f"{MAPPINGS}/{self.uuid}", {"Enabled": enabled})

    def throttle(self, throttled):
        path = f"/2017-10-31/functions/{self.kind.name}/concurrency"
        if throttled:
            self.run.calls.rest("PUT", path, {"ReservedConcurrentExecutions": 0})
        else:
            self.run.calls.rest("DELETE", path)

    def redeploy(self):
        self.code += 1
        code = zip_of(self.kind, self.code)
        self.run.calls.rest("PUT", f"{self.path}/code", {"ZipFile": code})
        self.await_configuration("LastUpdateStatus", "Successful")
        self.deployments.append((time.monotonic_ns(), self.code))

    def attach(self):
        run = self.run
        self.runner = Runner(run.weir, run.server.port, self.kind.name, self.folder, run.marker)
        self.await_attached()

    def await_attached(self):
        end = time.monotonic() + DEADLINE
        while True:
            answer = self.run.calls.rest("GET", "/_weir/functions")
            for function in answer["functions"]:
                if function["name"] == self.kind.name and function["processes"] > 0:
                    return
            if time.monotonic() > end:
                raise RuntimeError(f"no process is attached to {self.kind.name}")
            time.sleep(0.02)

    def detach(self, number=signal.SIGTERM):
        if self.runner is not None:
            self.faults += self.runner.end(number)
            self.runner = None

    def check_survival(self):
        """After a restart: the mapping and the function are as they were set up."""
        mapping = self.run.calls.rest("GET", f"{MAPPINGS}/{self.uuid}")
        wrong = {k: mapping.get(k) for k, v in self.settings.items() if mapping.get(k) != v}
        if wrong:
            self.faults.append(f"{self.kind.name}: the mapping has {wrong} after a restart")
        function = self.run.calls.rest("GET", f"{self.path}/configuration")
        if function["Timeout"] != 1 or function["State"] != "Active":
            self.faults.append(f"{self.kind.name}: the function is {function} after a restart")
        if self.runner is not None:
            self.await_attached()

    def in_force(self, setting, clock):
        """All values that a setting has had at that time."""
        before = [s[setting] for when, s in self.history if when <= clock]
        return {before[-1], *(s[setting] for when, s in self.history if when == clock)}
