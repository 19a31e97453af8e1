# SPDX-License-Identifier: Apache-2.0
"""What a rule is: an explanation of one kind of disagreement, with its source.

A rule explains one difference in one answer. The oracle, the operation, the path of the member and
both values must match. `theirs` may refer to named groups of `weir` as {group}, so that a rule can
say, for example, "their text is ours without its first words".

Sources are named as in services/dynamodb/shapes/overlay.json: "aws 2026" is an answer of the service that
was recorded in public in June to October 2026, "aws" an older recording, AWS's documentation, or a
public test suite that passes against the service; "no recording" means that nobody can know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

WRAPPED = {"PutItem", "UpdateItem", "DeleteItem"}
ENVELOPE = "1 validation error detected: "
OLDER = "the older layer's text for the same fault"


@dataclass
class Rule:
    name: str
    why: str  # why Weir is right, or why nobody can know
    source: str  # where to find that
    oracle: str
    operations: set | None = None  # None: all
    path: str = "error"
    weir: str = ".*"
    theirs: str = ".*"
    check: Callable | None = None  # (case, difference) -> bool, if texts do not decide
    resync: bool = False  # the tables differ afterwards, though the answers need not

    @cached_property
    def _path(self):
        return re.compile(self.path)

    @cached_property
    def _weir(self):
        return re.compile(self.weir, re.DOTALL)

    def explains(self, case, difference):
        if self.oracle != case.oracle:
            return False
        if self.operations is not None and case.request.operation not in self.operations:
            return False
        if not self._path.fullmatch(difference.path):
            return False
        ours, theirs = difference.texts()
        match = self._weir.fullmatch(ours)
        if not match:
            return False
        pattern = self.theirs
        for group, text in match.groupdict().items():
            pattern = pattern.replace("{" + group + "}", re.escape(text or ""))
        if not re.fullmatch(pattern, theirs, re.DOTALL):
            return False
        return self.check is None or self.check(case, difference)


@dataclass
class Case:
    """One request and what Weir and one oracle answered."""

    oracle: str
    request: object
    weir: object
    answer: object
    state: object = None  # the epoch, for rules that need more than the answers

    @property
    def update_expression(self):
        """The request's UpdateExpression; "" if it is missing or null."""
        return self.request.body.get("UpdateExpression") or ""


class RuleBook:
    """All rules, with the number of their hits."""

    def __init__(self, rules):
        self.rules = rules
        names = [(rule.oracle, rule.name) for rule in rules]
        assert len(set(names)) == len(names), "two rules have one name"
        self.hits = dict.fromkeys(names, 0)

    def settle(self, case, differences):
        """(differences that no rule explains, whether the tables may differ now)."""
        left, resync = [], False
        for difference in differences:
            for rule in self.rules:
                if rule.explains(case, difference):
                    self.hits[rule.oracle, rule.name] += 1
                    resync |= rule.resync and (case.weir.ok or case.answer.ok)
                    break
            else:
                left.append(difference)
        return left, resync


def rules_for(oracle, also_in=None):
    """Two functions that make rules for that oracle. The first, `rule`, makes any rule. The second,
    `text`, makes one for two texts of the same fault; at paths that `also_in` matches, the texts
    may come without the error's type.
    """
    typed = f"ValidationException: ({ENVELOPE})?"
    start = rf"({typed}|(?!\w+: ))" if also_in else typed
    path = {"path": f"error|{also_in}"} if also_in else {}

    def rule(name, why, source, **fields):
        return Rule(name=name, why=why, source=source, oracle=oracle, **fields)

    def text(name, why, source, weir, theirs, **fields):
        """A rule for two ValidationExceptions. Their texts may be in the envelope."""
        return rule(
            name,
            why,
            source,
            weir=f"{start}({weir})",
            theirs=f"{start}({theirs})",
            **path,
            **fields,
        )

    return rule, text
