# SPDX-License-Identifier: Apache-2.0
"""The counts of a run, and its disagreements: the first of each kind in full, the others as a
count.
"""

import json
import re
from collections import Counter

FULL_REPORTS = 2  # of each kind of disagreement


def kind_of(case, differences):
    """The kind under which a disagreement is counted. It has the texts without their names and
    numbers.
    """
    first = differences[0]
    path = re.sub(r"\[\d+\]|\.(?=[A-Z]+\b).*", "", first.path)
    texts = [_general(text) for text in first.texts()]
    if first.path.startswith(("status", "error", "outcome", "events")):
        return f"{case.oracle} {case.request.operation} {path} | {texts[0]} | {texts[1]}"
    return f"{case.oracle} {case.request.operation} {path}"


def _general(text):
    text = re.sub(r"near: .*", "near: …", text, flags=re.DOTALL)
    text = re.sub(r'"[^"]*"|\'[^\']*\'|\[[^\]]*\]', "…", text)
    return re.sub(r"[#:]\w+|\d+", "#", text)[:300]


class Report:
    """The report of one lane. `merge` adds that of another lane."""

    def __init__(self):
        self.requests = Counter()
        self.succeeded = Counter()
        self.kinds = Counter()
        self.first_place = {}
        self.pages = []  # texts that the main process is to print
        self.resyncs = 0
        self.records = 0
        self.lost_epochs = 0

    def count(self, request, weir):
        self.requests[request.operation] += 1
        self.succeeded[request.operation] += weir.ok

    def disagreement(self, place, case, differences):
        kind = kind_of(case, differences)
        self.kinds[kind] += 1
        self.first_place.setdefault(kind, place)
        if self.kinds[kind] <= FULL_REPORTS:
            self.pages.append(_page(place, case, differences))

    def show(self, place, request, servers, answers):
        lines = [
            f"=== {place} {request.operation} ({request.fault or 'whole'})",
            _text(request.body),
        ]
        lines += [f"--- {s.name} {a.status} {_text(a.body)}" for s, a in zip(servers, answers, strict=False)]
        self.pages.append("\n".join(lines))

    def lost(self, place, problem):
        self.lost_epochs += 1
        body = _text(problem.request.body)[:2000]
        self.pages.append(f"=== {place} lost: {problem}\n{problem.request.operation} {body}")

    def merge(self, other):
        self.requests += other.requests
        self.succeeded += other.succeeded
        self.kinds += other.kinds
        self.first_place = {**other.first_place, **self.first_place}
        self.resyncs += other.resyncs
        self.records += other.records
        self.lost_epochs += other.lost_epochs

    def summary(self):
        total, good = self.requests.total(), self.succeeded.total()
        share = 100 * good / total if total else 0
        lines = [f"{total} requests, {good} of them successful ({share:.1f} %)"]
        for operation, count in sorted(self.requests.items()):
            lines.append(f"  {operation:15} {count:8} {self.succeeded[operation]:8} successful")
        lines.append(f"{self.records} change records of Weir compared")
        lines.append(f"{self.resyncs} tables made anew, {self.lost_epochs} epochs lost to a crash")
        for kind, count in self.kinds.most_common():
            lines.append(f"DISAGREE {count:6} {kind} (--replay {self.first_place[kind]})")
        lines.append(f"{self.kinds.total()} disagreements outside the rules")
        return "\n".join(lines)


def _page(place, case, differences):
    lines = [
        f"=== {place} {case.oracle} {case.request.operation} ({case.request.fault or 'whole'})",
        _text(case.request.body)[:3000],
    ]
    if case.request.schema is not None:
        lines.append("table " + _text(case.request.schema.definition()))
    for difference in differences[:6]:
        lines.append(f"  at {difference.path}")
        lines += [f"    {text[:1500]}" for text in difference.texts()]
    return "\n".join(lines)


def _text(value):
    return json.dumps(value, ensure_ascii=False)
