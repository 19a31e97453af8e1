# SPDX-License-Identifier: Apache-2.0
"""What goes wrong: a deck of faults, which is dealt again when it is used up."""

import dataclasses
import signal

# Seconds of the clock that a fault lasts. What costs real time at each try is short.
LONG = (60, 7200)
MEDIUM = (10, 900)
# How a function behaves, and for how long; of the one that `weir lambda run` runs, after the slash.
MODES = {
    "throw": (MEDIUM, MEDIUM),
    "poison": (MEDIUM, (10, 200)),
    "exit": ((1, 60), (0.1, 0.6)),
    "hang": ((1, 10), (1, 6)),
}
QUICK_HANG = (0.1, 1)
# Modes that only some functions have.
MODES_OF = {
    "steady": {"litter": MEDIUM},
    "strict": {"litter": MEDIUM, "partial": MEDIUM},
    "brief": {},
}
STATES = ("throttle", "disable")


@dataclasses.dataclass
class Fault:
    trigger: object
    name: str
    span: tuple
    until: float = 0.0

    def begin(self, now, random, longest):
        """Changes what it changes; true if that lasts, until `until`."""
        self.until = now + min(random.uniform(*self.span), longest)
        trigger = self.trigger
        if self.name == "throttle":
            trigger.throttle(True)
        elif self.name == "disable":
            trigger.enable(False)
        elif self.name == "detach":
            trigger.detach()
        elif self.name == "vanish":
            trigger.detach(signal.SIGKILL)
        elif self.name == "redeploy":
            trigger.redeploy()
            return False
        elif self.name == "change":
            trigger.change(**new_settings(trigger.kind.name, random))
            return False
        else:
            trigger.set_mode(self.name)
        return True

    def end(self):
        if self.name == "throttle":
            self.trigger.throttle(False)
        elif self.name == "disable":
            self.trigger.enable(True)
        elif self.name in ("detach", "vanish"):
            self.trigger.attach()
        else:
            self.trigger.set_mode("ok")


def new_settings(name, random):
    settings = {
        "BatchSize": random.choice([1, 3, 10, 25, 100]),
        "MaximumBatchingWindowInSeconds": random.choice([0, 0, 1, 5, 20]),
        "BisectBatchOnFunctionError": random.random() < 0.5,
    }
    if name == "strict":
        settings["MaximumRetryAttempts"] = random.choice([0, 1, 2, 5])
    if name == "brief":
        settings["MaximumRecordAgeInSeconds"] = random.choice([60, 120, 300, 900])
    return settings


def all_faults(trigger, quick):
    """One of each kind that the trigger can have; if it should be quick, of those that take little
    real time.
    """
    attached = trigger.kind.runtime is None
    spans = {mode: both[attached] for mode, both in MODES.items()}
    spans.update(MODES_OF[trigger.kind.name])
    spans.update(dict.fromkeys(STATES, LONG))
    spans["change"] = (0, 0)
    spans.update({"detach": LONG, "vanish": LONG} if attached else {"redeploy": (0, 0)})
    if quick:
        spans["hang"] = QUICK_HANG
        spans.pop("vanish", None)
    return [Fault(trigger, name, span) for name, span in spans.items()]


class Deck:
    """Deals faults; a trigger has one at a time."""

    def __init__(self, triggers, random, longest, quick):
        self.triggers = triggers
        self.random = random
        self.longest = longest
        self.quick = quick
        self.cards = []
        self.lasting = []
        self.counts = {}

    def deal(self, now):
        if not self.cards:
            for trigger in self.triggers:
                self.cards += all_faults(trigger, self.quick)
            self.random.shuffle(self.cards)
        busy = {fault.trigger.kind.name for fault in self.lasting}
        fault = next((f for f in self.cards if f.trigger.kind.name not in busy), None)
        if fault is None:
            return
        self.cards.remove(fault)
        self.counts[fault.name] = self.counts.get(fault.name, 0) + 1
        if fault.begin(now, self.random, self.longest):
            self.lasting.append(fault)

    def next_end(self):
        return min((fault.until for fault in self.lasting), default=float("inf"))

    def end_due(self, now):
        for fault in [fault for fault in self.lasting if fault.until <= now]:
            self.lasting.remove(fault)
            fault.end()
