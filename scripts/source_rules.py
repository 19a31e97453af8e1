#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks rules for our sources that neither the compiler nor clang-tidy knows.

Prints each violation as `file:line: what is wrong`, and exits with 1 if there is one. The order of
the folders, and what each must not know, are described in docs/architecture.md. The linker catches
wrong calls; this script catches what comes in through headers alone.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The folders that each folder may include. Tests and benchmarks may include all.
MAY_INCLUDE = {
    "core": {"core"},
    "expression": {"expression", "core"},
    "storage": {"storage", "core"},
    "stream": {"stream", "storage", "core"},
    "protocol": {"protocol", "core"},
    "control": {"control", "protocol", "core"},
    "consumers": {"consumers", "protocol", "stream", "storage", "core"},
    "runtimes": {"runtimes", "consumers", "protocol", "core"},
    "services/dynamodb": {
        "services/dynamodb",
        "control",
        "protocol",
        "expression",
        "stream",
        "storage",
        "core",
    },
    "services/sts": {"services/sts", "protocol", "core"},
    "services/lambda": {
        "services/lambda",
        "runtimes",
        "consumers",
        "control",
        "protocol",
        "stream",
        "storage",
        "core",
    },
    "services/logs": {"services/logs", "runtimes", "protocol", "core"},
    "server": {"server", "control", "protocol", "core"},
}
SERVICES = {folder for folder in MAY_INCLUDE if folder.startswith("services/")}
# The only folder that joins the parts.
MAY_INCLUDE["cli"] = (
    {"cli", "server", "stream", "consumers", "runtimes"}
    | MAY_INCLUDE["services/dynamodb"]
    | SERVICES
)
MAY_INCLUDE["tests"] = MAY_INCLUDE["cli"] | {"tests"}
MAY_INCLUDE["bench"] = MAY_INCLUDE["cli"] | {"bench"}

SOCKETS = r"sys/socket\.h|sys/epoll\.h|netinet/|arpa/|netdb\.h"
# Boost's exact integers do no I/O; the rest of Boost stays above the services.
NO_IO_NO_JSON = re.compile(
    rf"nlohmann/|rapidjson/|boost/(?!multiprecision/|uuid/)|spdlog/|fmt/|CLI/|openssl/|{SOCKETS}"
)
NO_IO = re.compile(rf"boost/(asio|beast)|spdlog/|CLI/|{SOCKETS}")
MUST_NOT_KNOW = {
    "core": NO_IO_NO_JSON,
    "expression": NO_IO_NO_JSON,
    "storage": NO_IO_NO_JSON,
    "stream": NO_IO_NO_JSON,
    "protocol": NO_IO,
    "services/dynamodb": NO_IO_NO_JSON,
    "services/sts": NO_IO_NO_JSON,
    "control": NO_IO,
}

# The one file that calls what only Linux has, sockets among it.
FOR_LINUX = "core/system_linux.cc"

# The folders that may name DynamoDB; the others are for any service.
KNOW_DYNAMODB = {"services/dynamodb", "services/lambda", "stream", "cli", "tests", "bench"}
DYNAMODB = re.compile(r"dynamodb|ddb", re.IGNORECASE)
STRING_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
# Texts of AWS, which are quoted as they are.
QUOTED_FROM_AWS = {
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
}

# Headers and calls that are neither POSIX nor of macOS.
ONLY_LINUX = re.compile(
    r"<(sys/(epoll|eventfd|signalfd|timerfd|inotify|prctl|sendfile|syscall|random)\.h|linux/.*|malloc\.h)>"
    r"|\b(fdatasync|mallopt|mallinfo2?|malloc_trim|accept4|pipe2|epoll_\w+|TCP_INFO|MSG_MORE"
    r"|gettid|prctl|fallocate|posix_fadvise|sync_file_range|memfd_create)\s*\("
    r"|\"/(proc|sys)/"
)

LONGEST_FILE = 600
GENERATED = re.compile(r"\bgenerated (by|from)\b", re.IGNORECASE)
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# A file of ours that a page names, relative to one of PAGE_FOLDERS.
NAMED_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:h|cc|go|json|js|md|py|sh|toml|tsv|yaml))`")
PAGE_FOLDERS = [ROOT, ROOT / "services" / "dynamodb", ROOT / "docs"]

SKIPPED_FOLDERS = {"build", ".git"}
CODE = {".h", ".cc"}
WITH_LICENSE = CODE | {".go", ".java", ".rs", ".py", ".js", ".sh", ".cmake", ".yaml", ".yml"}
WITH_LICENSE_BY_NAME = {"CMakeLists.txt", "Dockerfile", ".dockerignore", "requirements.txt"}


def project_files():
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if SKIPPED_FOLDERS.isdisjoint(parts) and path.is_file():
            yield path


def license_faults(lines):
    # The first line of a script is for the kernel.
    line = 1 if lines and lines[0].startswith("#!") else 0
    if len(lines) <= line or not lines[line].endswith("SPDX-License-Identifier: Apache-2.0"):
        yield line + 1, "does not begin with the SPDX line"


def length_faults(lines):
    if len(lines) > LONGEST_FILE and not any(GENERATED.search(line) for line in lines[:10]):
        yield len(lines), f"is longer than {LONGEST_FILE} lines"


def folder_of(name):
    """The folder of the project that a path or an include is in."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "services" else parts[0]


def include_faults(folder, lines):
    if folder not in MAY_INCLUDE:
        yield 1, f"scripts/source_rules.py has no rule for the folder {folder}"
        return
    forbidden = MUST_NOT_KNOW.get(folder)
    for number, line in enumerate(lines, start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        name = match[1] or match[2]
        target = folder_of(name)
        if target in MAY_INCLUDE and "/" in name and target not in MAY_INCLUDE[folder]:
            yield number, f"{folder} must not include {target}"
        elif match[1] and target not in MAY_INCLUDE:
            yield number, f'"{name}" does not name its folder'
        elif forbidden and forbidden.match(name):
            yield number, f"{folder} must not know {name}"


def linux_faults(folder, lines):
    if folder in {"bench", "tests"}:
        return
    for number, line in enumerate(lines, start=1):
        match = ONLY_LINUX.search(line)
        if match and not line.lstrip().startswith("//"):
            yield number, f"{match[0]} belongs into {FOR_LINUX}"


def own_header_faults(path, lines):
    """Checks that a source includes its own header first, so that each header compiles alone."""
    header = path.with_suffix(".h")
    if path.suffix != ".cc" or not header.is_file():
        return
    name = header.relative_to(ROOT).as_posix()
    first = next(filter(None, map(INCLUDE.match, lines)), None)
    if first is None or first[1] != name:
        yield 1, f'the first include is not "{name}"'


def service_faults(folder, lines):
    if folder in KNOW_DYNAMODB:
        return
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("//"):
            continue
        for literal in STRING_LITERAL.findall(line):
            if DYNAMODB.search(literal) and literal[1:-1] not in QUOTED_FROM_AWS:
                yield number, f"{folder} knows DynamoDB by name: {literal}"


def pragma_faults(lines):
    if "#pragma once" not in lines:
        yield 1, "has no #pragma once"


def page_faults(lines):
    for number, line in enumerate(lines, start=1):
        for name in NAMED_FILE.findall(line):
            if not any((folder / name).is_file() for folder in PAGE_FOLDERS):
                yield number, f"there is no file {name}"


def faults(path):
    relative = path.relative_to(ROOT)
    if path.suffix == ".md":
        yield from page_faults(path.read_text(encoding="utf-8").splitlines())
    is_script = path.suffix == "" and relative.parts[0] in {"scripts", ".ci"}
    is_code = path.suffix in CODE
    if not (is_script or path.suffix in WITH_LICENSE or path.name in WITH_LICENSE_BY_NAME):
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from license_faults(lines)
    yield from length_faults(lines)
    if is_code:
        folder = folder_of(relative.as_posix())
        if relative.as_posix() != FOR_LINUX:
            yield from include_faults(folder, lines)
            yield from linux_faults(folder, lines)
        yield from own_header_faults(path, lines)
        yield from service_faults(folder, lines)
    if path.suffix == ".h":
        yield from pragma_faults(lines)


def main():
    found = 0
    for path in project_files():
        for line, text in faults(path):
            print(f"{path.relative_to(ROOT)}:{line}: {text}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
