# SPDX-License-Identifier: Apache-2.0
"""Sends the same random requests to Weir and to other servers, and compares all answers.

    build/venv/bin/python -m tests.differential --weir build/dev/weir \\
        --oracle ddblocal='COMMAND -port {port}' --oracle dynoxide=http://127.0.0.1:8001 \\
        --requests 200000 --seed 1

`scripts/differential` does the same and installs and starts the other servers itself.

How it works. A run is a series of epochs (epoch.py). An epoch creates tables, sends some hundred
requests to them, and then compares their whole contents and change records. It depends only on the
seed and its number. A generator makes valid requests (requests.py, with values.py, expressions.py,
schemas.py, legacy.py, transactions.py, partiql.py and control.py), and about every third one is
then given a fault (faults.py, mutations.py). All servers get the request at the same time. Their
answers are compared member by member (comparison.py): status, error type, message, each output
member. Order counts wherever AWS promises one.

A disagreement is either a bug in Weir (to be fixed, with a test), or a narrow rule explains it
(rules.py, rules_ddblocal.py, rules_dynoxide.py). A rule says, with its source, why the service
answers as Weir does, or why nobody can know. All rules are printed at the end with the number of
their hits, even 0. The exit code is 0 only if every disagreement is explained.

After a disagreement on a write, the tables are deleted and created again on all servers, so that
one fault does not cause others. `--replay SEED:EPOCH:STEP`, as printed with each disagreement, runs
that epoch alone up to that step and shows the request and all answers.

These features are switched on by name: `legacy` (legacy parameters), `indexes` (secondary indexes),
`multikeys` (with `indexes`: several attributes in an index key), `transactions` (TransactWriteItems
and TransactGetItems), `partiql` (the three operations with statements).
"""

import argparse
import random
import sys

from .runner import run

FEATURES = ("legacy", "indexes", "multikeys", "transactions", "partiql", "several-faults")


def _oracle(text):
    name, _, where = text.partition("=")
    if name not in ("ddblocal", "dynoxide", "weir2") or not where:
        raise argparse.ArgumentTypeError("ddblocal=…, dynoxide=… or weir2=… (a URL or a command)")
    return name, where


def _place(text):
    seed, epoch, step = text.split(":")
    return seed, int(epoch), int(step) if step.isdigit() else None


def parse_options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tests.differential", description=__doc__.split("\n")[0]
    )
    add = parser.add_argument
    add("--weir", metavar="PATH", default="build/dev/weir", help="the binary (%(default)s)")
    add("--weir-url", metavar="URL", help="a Weir that runs already")
    add(
        "--oracle",
        metavar="NAME=WHERE",
        dest="oracles",
        type=_oracle,
        action="append",
        required=True,
        help="a URL, or a command with {port} in it",
    )
    add("--requests", type=int, default=10000, help="at least so many in all (%(default)s)")
    add("--seed", default=str(random.randrange(10**6)), help="a text (random)")
    add("--lanes", type=int, default=2, help="processes, each with its own servers (%(default)s)")
    add("--features", default="", help=f"of {','.join(FEATURES)} (none)")
    add("--replay", type=_place, metavar="SEED:EPOCH:STEP", help="run one epoch up to a step")
    options = parser.parse_args(arguments)
    options.features = set(filter(None, options.features.split(",")))
    if options.features - set(FEATURES):
        parser.error("unknown feature")
    options.replay_epoch = options.replay_step = None
    if options.replay:
        options.seed, options.replay_epoch, options.replay_step = options.replay
        options.lanes = 1
    return options


def main(arguments=None):
    options = parse_options(arguments)
    print(f"seed {options.seed}, features {sorted(options.features)}", flush=True)
    report, rules, failures = run(options, lambda text: print(text, flush=True))
    print("\nRules and how often each was needed:")
    for rule in rules.rules:
        print(
            f"{rules.hits[rule.oracle, rule.name]:8} {rule.oracle} {rule.name}: {rule.why}"
            f" [{rule.source}]"
        )
    print(report.summary())
    for failure in failures:
        print(failure)
    return 1 if failures or report.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
