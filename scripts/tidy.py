#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang on all our sources, as many at a time as there are cores.

    tidy.py headers DATABASE   each header without a source of its own compiles alone; one that has a
                               source is what that includes first (source_rules.py), so a build shows it
    tidy.py sources DATABASE   clang-tidy on each source of the product; with the variable CI, on those
                               that one of the last commits has changed, or their header
    tidy.py tests DATABASE     clang-tidy on each source of tests and benchmarks

DATABASE is the compile_commands.json of the preset tidy. A source that passed is not checked again
until something changes that clang-tidy sees: its text with all that it includes (also comments and
macros), its command line, a .clang-tidy file, or clang-tidy itself. With the variable CI nothing is
remembered, since finding out what a source includes takes a fifth of the time; what did not change
lately is left to scripts/nightly. A source of ours that the database lacks is a fault, because no
build would notice it.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {"build", ".git"}
TEST_FOLDERS = {"tests", "bench"}
IN_CI = bool(os.environ.get("CI"))
# More than are submitted at once.
RECENT_COMMITS = 25
# A change of it lets clang-tidy report more headers, but no source has to be checked again for that.
HEADER_FILTER = "HeaderFilterRegex:"


def our_files(suffix):
    for path in sorted(ROOT.rglob("*" + suffix)):
        if SKIPPED_FOLDERS.isdisjoint(path.relative_to(ROOT).parts):
            yield path


def headers_alone():
    return (file for file in our_files(".h") if not file.with_suffix(".cc").exists())


def sources(of_tests):
    """The sources of the tests and benchmarks, or all others."""
    for file in our_files(".cc"):
        if (file.relative_to(ROOT).parts[0] in TEST_FOLDERS) == of_tests:
            yield file


def changes_a_rule(line):
    """Whether a line of a diff of .clang-tidy files is one of a rule."""
    is_change = line[:1] in ("+", "-") and not line.startswith(("+++", "---"))
    return is_change and not line[1:].startswith(HEADER_FILTER)


def recent(files):
    """Those of the files that the last commits have changed, or their header; all, if that is not
    known or if the rules have changed."""
    span = (f"HEAD~{RECENT_COMMITS}", "HEAD")
    known = run(["git", "diff", "--name-only", *span])
    rules = run(["git", "diff", "--unified=0", "--no-prefix", *span, "--", ":(glob)**/.clang-tidy"])
    if known.returncode != 0 or any(map(changes_a_rule, rules.stdout.splitlines())):
        return files
    names = set(known.stdout.split())
    own = ((file, (file, file.with_suffix(".h"))) for file in files)
    return (
        file for file, pair in own if any(path.relative_to(ROOT).as_posix() in names for path in pair)
    )


def run(command, **options):
    return subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )


class Database:
    """The compile commands of our sources, without the arguments for input and output files."""

    def __init__(self, path):
        self.folder = path.parent
        self.rules = "".join(file.read_text(encoding="utf-8") for file in our_files(".clang-tidy"))
        self.rules += run(["clang-tidy", "--version"], check=True).stdout
        self.arguments = {}
        for entry in json.loads(path.read_text(encoding="utf-8")):
            arguments = shlex.split(entry["command"])
            kept, skip = [], False
            for argument in arguments:
                if skip or argument == "-c":
                    skip = False
                elif argument == "-o":
                    skip = True
                elif argument != entry["file"]:
                    kept.append(argument)
            self.arguments[pathlib.Path(entry["file"])] = kept

    def of_folder(self, folder):
        """The command of a source in `folder`; if there is none, that of any source."""
        within = [args for file, args in self.arguments.items() if file.parent == folder]
        return (within or list(self.arguments.values()))[0]


def check_header(database, header):
    command = [*database.of_folder(header.parent), "-fsyntax-only", "-x", "c++"]
    # Compiles a file that includes the header: `#pragma once` in a main file is a warning.
    text = f'#include "{header.relative_to(ROOT)}"\n'
    result = subprocess.run(
        [*command, "-"], cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )
    return result.returncode == 0, result.stdout + result.stderr


def fingerprint(database, arguments, source):
    """What a clang-tidy run depends on, or None if the source doesn't preprocess."""
    preprocessed = run([*arguments, "-E", "-CC", "-dD", str(source)], check=False)
    if preprocessed.returncode != 0:
        return None
    seen = "\0".join([preprocessed.stdout, database.rules, *arguments])
    return hashlib.sha256(seen.encode()).hexdigest()


def check_source(database, source):
    arguments = database.arguments.get(source)
    if arguments is None:
        return False, f"{source.relative_to(ROOT)}: no target of the preset tidy builds it\n"
    key = fingerprint(database, arguments, source) if not IN_CI else None
    passed = database.folder / "tidy-passed" / (key or "none")
    if key and passed.exists():
        return True, ""
    result = run(["clang-tidy", "--quiet", "-p", str(database.folder), str(source)], check=False)
    if result.returncode != 0:
        # stderr matters only if clang-tidy could not run. Else it just counts warnings of system
        # headers.
        return False, result.stdout or result.stderr
    if key:
        passed.parent.mkdir(exist_ok=True)
        passed.touch()
    return True, ""


def main():
    kind, database = sys.argv[1], Database(pathlib.Path(sys.argv[2]).resolve())
    product = sources(of_tests=False)
    check, files = {
        "headers": (check_header, headers_alone()),
        "sources": (check_source, recent(product) if IN_CI else product),
        "tests": (check_source, sources(of_tests=True)),
    }[kind]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda file: check(database, file), files)
        count = 0
        for good, output in results:
            count += 1
            if not good:
                failed += 1
                print(output, end="", flush=True)
    print(f"{count - failed} of {count} {kind} are clean")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
